package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/xlsx"
)

// own writes rows with the package's writer.
func own(t rapid.TB, o xlsx.Options, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	x, err := xlsx.NewWriter(&b, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := x.WriteRow(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// excelizeFile makes a workbook with the other library.
func excelizeFile(t rapid.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := errors.Join(f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(data []byte) (*xlsx.File, error) {
	return xlsx.Open(bytes.NewReader(data), int64(len(data)))
}

// all reads the rows of the first visible sheet and their cells.
func all(data []byte) ([]xlsx.Row, error) {
	f, err := open(data)
	if err != nil {
		return nil, err
	}
	var rows []xlsx.Row
	for r, err := range f.Rows() {
		if err != nil {
			return rows, err
		}
		r.Cells = append([]xlsx.Cell(nil), r.Cells...)
		rows = append(rows, r)
	}
	return rows, nil
}

// texts is all as texts.
func texts(t rapid.TB, data []byte) [][]string {
	t.Helper()
	rows, err := all(data)
	if err != nil {
		t.Fatal(err)
	}
	var table [][]string
	for _, r := range rows {
		line := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			line[i] = c.Text
		}
		table = append(table, line)
	}
	return table
}

// repack makes a workbook of parts; those of base that parts lacks are kept.
func repack(t testing.TB, base []byte, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	add := func(name string, content []byte) {
		w, err := out.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if _, replaced := parts[f.Name]; replaced {
			continue
		}
		add(f.Name, []byte(part(t, base, f.Name)))
	}
	for name, content := range parts {
		if content != "" {
			add(name, []byte(content))
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func part(t testing.TB, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
