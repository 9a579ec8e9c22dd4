package xlsx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
)

// Kind says what a cell holds; the values are those of the file (ST_CellType).
type Kind string

// The kinds of cells.
const (
	Blank   Kind = ""          // no cell or an empty one
	Number  Kind = "n"         // also a date: which of them, only the style says
	Shared  Kind = "s"         // text
	Inline  Kind = "inlineStr" // text
	Result  Kind = "str"       // text that a formula gave
	Boolean Kind = "b"         // TRUE or FALSE
	Failure Kind = "e"         // an error such as #N/A
	Date    Kind = "d"         // ISO 8601
)

// Cell is one cell of a row.
type Cell struct {
	Text    string // of a number as it stands in the file, in no number format
	Kind    Kind
	Style   int  // index of the cell format (cellXfs)
	Formula bool // Text is what a formula gave when the file was saved
}

// Row is one row of a worksheet.
type Row struct {
	Number int    // from 1, as a spreadsheet counts; rows without cells may be left out
	Hidden bool   // by a filter or by hand, or too low to be seen
	Cells  []Cell // from column A to the last with a cell; valid until the next row
}

// maxRowText is how many bytes of text one row may hold.
const maxRowText = 8 << 20

// Rows reads the sheet from its beginning. An error ends the sequence; only
// after a sequence without one are the rows known to be all. Rows and cells that
// stand out of order are an error: such a file doesn't open in Excel either.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		stopped := false
		err := s.file.read(s.part, func(t *tokens) error {
			r := rowReader{t: t, shared: s.file.shared}
			for {
				row, err := r.next()
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err != nil {
					return err
				}
				if !yield(row, nil) {
					stopped = true
					return nil
				}
			}
		})
		if err != nil && !stopped {
			yield(Row{}, err)
		}
	}
}

type rowReader struct {
	t      *tokens
	shared []string
	row    int  // number of the row read last
	data   bool // the element of the rows was there
	cells  []Cell
	buf    []byte
	text   int // bytes of text in this row
}

func (r *rowReader) next() (Row, error) {
	for e, err := range r.t.elements() {
		switch {
		case err != nil:
			return Row{}, err
		case r.t.within("worksheet") && e.Name.Local == "sheetData":
			r.data = true
		case r.t.within("worksheet", "sheetData") && e.Name.Local == "row":
			return r.readRow(e)
		}
	}
	if !r.data {
		return Row{}, fmt.Errorf("%w: it is no worksheet", ErrFormat)
	}
	return Row{}, io.EOF
}

func (r *rowReader) readRow(e xml.StartElement) (Row, error) {
	number := r.row + 1
	if at := attribute(e, "r"); at != "" {
		var err error
		if number, err = parseRow(at); err != nil {
			return Row{}, err
		}
	}
	if number <= r.row || number > MaxRows {
		return Row{}, fmt.Errorf("%w: row %d stands after row %d", ErrFormat, number, r.row)
	}
	r.row, r.cells, r.text = number, r.cells[:0], 0
	// A sheet's zeroHeight hides only rows that are not in the file.
	row := Row{Number: number, Hidden: isTrue(attribute(e, "hidden")) || isFlat(attribute(e, "ht"))}
	depth := len(r.t.open)
	for {
		token, err := r.t.next()
		if err != nil {
			return Row{}, fmt.Errorf("row %d: %w", number, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "c" {
				err = r.readCell(e)
			} else {
				err = r.t.skip()
			}
			if err != nil {
				return Row{}, fmt.Errorf("row %d: %w", number, err)
			}
		case xml.EndElement:
			if len(r.t.open) < depth {
				row.Cells = r.cells
				return row, nil
			}
		}
	}
}

// isFlat reports whether a height, in points, shows nothing of a row.
func isFlat(height string) bool {
	points, err := strconv.ParseFloat(height, 64)
	return err == nil && points < 1
}

func (r *rowReader) readCell(e xml.StartElement) error {
	cell := Cell{Kind: Number}
	column := len(r.cells)
	for i := range e.Attr {
		value := e.Attr[i].Value
		if e.Attr[i].Name.Space != "" {
			continue
		}
		switch e.Attr[i].Name.Local {
		case "r":
			at, row, err := parseCellName(value)
			if err != nil {
				return err
			}
			if row != r.row || at < column {
				return fmt.Errorf("%w: cell %s stands out of order", ErrFormat, value)
			}
			column = at
		case "s":
			style, err := strconv.ParseUint(value, 10, 31)
			if err != nil {
				return fmt.Errorf("%w: cell style %q", ErrFormat, value)
			}
			cell.Style = int(style)
		case "t":
			cell.Kind = Kind(value)
		}
	}
	if column >= MaxColumns {
		return fmt.Errorf("%w: more than %d columns", ErrFormat, MaxColumns)
	}
	for len(r.cells) < column {
		r.cells = append(r.cells, Cell{})
	}
	if err := r.readContent(&cell); err != nil {
		return fmt.Errorf("column %s: %w", columnName(column), err)
	}
	r.cells = append(r.cells, cell)
	return nil
}
