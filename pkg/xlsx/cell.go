package xlsx

import (
	"encoding/xml"
	"fmt"
	"strconv"
)

// readContent reads what is in a cell, to its end.
func (r *rowReader) readContent(cell *Cell) error {
	depth, filled := len(r.t.open), false
	r.buf = r.buf[:0]
	for {
		token, err := r.t.next()
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "v":
				filled = true
				r.buf, err = r.t.appendText(r.buf[:0], cell.Kind == Result)
			case "is":
				filled = true
				r.buf, err = r.t.appendString(r.buf[:0])
			case "f":
				cell.Formula = true
				err = r.t.skip()
			default:
				err = r.t.skip()
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			if len(r.t.open) >= depth {
				continue
			}
			if !filled {
				cell.Kind = Blank
				return nil
			}
			return r.value(cell)
		}
	}
}

// value makes the cell's text of what was read.
func (r *rowReader) value(cell *Cell) error {
	if r.text += len(r.buf); r.text > maxRowText {
		return fmt.Errorf("%w: a row of more than %d bytes of text", ErrTooLarge, maxRowText)
	}
	cell.Text = string(r.buf)
	switch cell.Kind {
	case Inline, Result:
		cell.Text = unescape(cell.Text)
	case Shared:
		i, err := strconv.Atoi(cell.Text)
		if err != nil || i < 0 || i >= len(r.shared) {
			return fmt.Errorf("%w: there is no shared string %q", ErrFormat, cell.Text)
		}
		cell.Text = r.shared[i]
	case Boolean:
		switch cell.Text {
		case "1", "true":
			cell.Text = "TRUE"
		case "0", "false":
			cell.Text = "FALSE"
		}
	case Number, Failure, Date:
	default:
		return fmt.Errorf("%w: unknown kind of cell %q", ErrFormat, cell.Kind)
	}
	return nil
}
