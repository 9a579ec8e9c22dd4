package xlsx

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Options say how a workbook looks.
type Options struct {
	Sheet  string    // the worksheet's name; empty stands for Sheet1
	Widths []float64 // of the columns, in characters; also makes them columns of text
}

// Writer writes a workbook of one worksheet in which every cell is text. The
// first row is the header: bold, always in view, with a filter over all rows.
// The same rows make the same bytes.
//
// Cells are inline strings: a table of shared strings would have to be held in
// memory, and programs that save the file again make one anyway.
type Writer struct {
	zip    *zip.Writer
	sheet  io.Writer // the worksheet's part
	name   string
	buf    []byte
	starts []string // of a cell for each column, up to the row's number
	rows   int
	err    error // sticky
	closed bool
}

const (
	flushAt = 32 << 10
	// Level 2 takes a third of the time of the default, 6, for a file larger by a tenth.
	compression = 2
)

// NewWriter starts a workbook on w, which gets it row by row.
func NewWriter(w io.Writer, o Options) (*Writer, error) {
	if o.Sheet == "" {
		o.Sheet = "Sheet1"
	}
	if err := checkSheetName(o.Sheet); err != nil {
		return nil, err
	}
	x := &Writer{zip: zip.NewWriter(w), name: o.Sheet, buf: make([]byte, 0, 2*flushAt)}
	deflate, err := flate.NewWriter(nil, compression)
	if err != nil {
		return nil, err
	}
	x.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		deflate.Reset(w) // parts are written one after the other
		return deflate, nil
	})
	for _, p := range [][2]string{
		{partTypes, typesXML}, {partRootRels, rootRelsXML}, {partBookRels, bookRelsXML}, {partStyles, stylesXML},
	} {
		if err := x.part(p[0], []byte(p[1])); err != nil {
			return nil, err
		}
	}
	x.sheet, err = x.create(partSheet)
	x.buf = append(x.buf, sheetHead...)
	x.cols(o.Widths)
	x.buf = append(x.buf, "<sheetData>"...)
	return x, err
}

func checkSheetName(s string) error {
	switch {
	case len([]rune(s)) > 31, strings.ContainsAny(s, `:\/?*[]`), strings.HasPrefix(s, "'"), strings.HasSuffix(s, "'"):
		return fmt.Errorf(`sheet name %q: at most 31 characters, none of : \ / ? * [ ], no ' at its ends`, s)
	}
	return nil
}

// create begins a part. The time is the oldest that a zip can bear.
func (x *Writer) create(name string) (io.Writer, error) {
	return x.zip.CreateHeader(&zip.FileHeader{
		Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
}

func (x *Writer) part(name string, content []byte) error {
	w, err := x.create(name)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}

func (x *Writer) cols(widths []float64) {
	if len(widths) == 0 {
		return
	}
	x.buf = append(x.buf, "<cols>"...)
	for i, width := range widths {
		n := strconv.Itoa(i + 1)
		x.buf = append(x.buf, `<col min="`+n+`" max="`+n+`" width="`...)
		x.buf = strconv.AppendFloat(x.buf, width, 'f', -1, 64)
		x.buf = append(x.buf, `" style="1" customWidth="1"/>`...)
	}
	x.buf = append(x.buf, "</cols>"...)
}

// WriteRow adds a row; the first is the header. Texts come back from [File] as
// they are, control characters included, but for bytes that aren't UTF-8. More
// rows, columns or text than a worksheet holds is an error with [ErrSheetLimit].
// After an error the writer takes no more rows: it repeats that error.
func (x *Writer) WriteRow(cells []string) error {
	if x.closed && x.err == nil {
		return errors.New("write to a closed workbook")
	}
	if x.err == nil {
		x.err = x.writeRow(cells)
	}
	return x.err
}

func (x *Writer) writeRow(cells []string) error {
	switch {
	case x.rows == MaxRows:
		return fmt.Errorf("row %d: %w", MaxRows+1, ErrSheetLimit)
	case len(cells) > MaxColumns:
		return fmt.Errorf("row %d has %d columns: %w", x.rows+1, len(cells), ErrSheetLimit)
	}
	for len(x.starts) < len(cells) {
		x.starts = append(x.starts, `<c r="`+columnName(len(x.starts)))
	}
	x.rows++
	style := `" s="1" t="inlineStr"><is><t`
	if x.rows == 1 {
		style = `" s="2" t="inlineStr"><is><t`
	}
	x.buf = append(x.buf, `<row r="`...)
	number := len(x.buf)
	x.buf = strconv.AppendInt(x.buf, int64(x.rows), 10)
	digits := len(x.buf) - number
	x.buf = append(x.buf, `">`...)
	for i, cell := range cells {
		if !CellFits(cell) {
			return fmt.Errorf("cell %s, a text of more than %d characters: %w", cellName(i, x.rows), MaxCellUnits, ErrSheetLimit)
		}
		x.buf = append(x.buf, x.starts[i]...)
		x.buf = append(x.buf, x.buf[number:number+digits]...)
		x.buf = append(x.buf, style...)
		if trimmable(cell) {
			x.buf = append(x.buf, ` xml:space="preserve"`...)
		}
		x.buf = append(x.buf, '>')
		x.buf = appendEscaped(x.buf, cell)
		x.buf = append(x.buf, "</t></is></c>"...)
	}
	x.buf = append(x.buf, "</row>"...)
	if len(x.buf) < flushAt {
		return nil
	}
	return x.flush()
}

// trimmable reports whether s begins or ends with what some program could take
// for white space; what is not ASCII counts as such.
func trimmable(s string) bool {
	return s != "" && (s[0] <= ' ' || s[0] >= 0x7f || s[len(s)-1] <= ' ' || s[len(s)-1] >= 0x7f)
}

func (x *Writer) flush() error {
	_, err := x.sheet.Write(x.buf)
	x.buf = x.buf[:0]
	return err
}

// Close completes the workbook. It doesn't close the underlying writer. After a
// failed WriteRow it returns that error; what was written then opens nowhere,
// for it lacks the directory at the end of the file.
func (x *Writer) Close() error {
	if x.closed {
		return x.err
	}
	x.closed = true
	if x.err == nil {
		x.err = x.finish()
	}
	return x.err
}

func (x *Writer) finish() error {
	x.buf = append(x.buf, "</sheetData>"...)
	last := ""
	if columns := len(x.starts); columns > 0 {
		cells := "A1:" + cellName(columns-1, x.rows)
		x.buf = append(x.buf, `<autoFilter ref="`+cells+`"/>`...)
		// Without this Excel marks every id of digits and offers to convert it to a number.
		x.buf = append(x.buf, `<ignoredErrors><ignoredError sqref="`+cells+`" numberStoredAsText="1"/></ignoredErrors>`...)
		last = "$" + columnName(columns-1) + "$" + strconv.Itoa(x.rows)
	}
	x.buf = append(x.buf, "</worksheet>"...)
	if err := x.flush(); err != nil {
		return err
	}
	if err := x.part(partWorkbook, workbookXML(x.name, last)); err != nil {
		return err
	}
	return x.zip.Close()
}
