package devicefile

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/exit"
)

// maxUnzipped is the size over which the contents of an .xlsx are refused as a
// zip bomb: 4 GiB, some millions of devices.
const maxUnzipped = 4 << 30

// newXLSX reads the first sheet of a workbook. The returned function releases
// it and is never nil.
func newXLSX(r io.Reader) (rows, func() error, error) {
	none := func() error { return nil }
	content, err := io.ReadAll(r)
	if err != nil {
		return nil, none, err
	}
	damaged := func(err error) error {
		return &exit.Error{Exit: exit.Failed, ID: "FILE_FORMAT", Message: "damaged or no .xlsx file", Err: err}
	}
	if err := checkSheets(content); err != nil {
		return nil, none, damaged(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true,
	})
	if err != nil {
		return nil, none, damaged(err)
	}
	sheet, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return nil, book.Close, damaged(err)
	}
	line := 0
	t := &table{ragged: true, read: func() ([]string, int, error) {
		if !sheet.Next() {
			return nil, 0, cmp.Or(sheet.Error(), io.EOF)
		}
		line++
		cells, err := sheet.Columns()
		return cells, line, err
	}}
	return t, func() error { return errors.Join(sheet.Close(), book.Close()) }, t.readHeader()
}

// checkSheets makes sure that the sheets are well formed to their end, for
// excelize takes the first XML error for the end of the rows: a list silently
// short.
func checkSheets(content []byte) error {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/") || !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		if err := checkXML(f); err != nil {
			return err
		}
	}
	return nil
}

func checkXML(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, maxUnzipped))
	for {
		switch _, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
