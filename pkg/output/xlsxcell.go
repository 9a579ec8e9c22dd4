package output

import (
	"fmt"
	"strings"

	"github.com/worksctl/worksctl/pkg/xlsx"
)

// SheetLimitError says that a workbook can't hold the data.
type SheetLimitError struct {
	Row    int    // the row of data, from 1
	Column string // the column's key; empty when there are too many rows
}

func (e *SheetLimitError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("a worksheet holds %d rows and there are more: narrow the list or use csv", xlsxMaxRows)
	}
	return fmt.Sprintf("row %d, column %s: the text is longer than the %d characters of a worksheet cell: use csv",
		e.Row+1, e.Column, xlsx.MaxCellUnits)
}

// InexactError says that a spreadsheet can't hold a value that must not change:
// with control characters turned into spaces two ids could become one.
type InexactError struct {
	Row    int    // the row of data, from 1
	Column string // the column's key
	Value  string
}

func (e *InexactError) Error() string {
	return fmt.Sprintf("row %d, column %s: a spreadsheet can't hold %q unchanged", e.Row+1, e.Column, Clean(e.Value))
}

// exact returns what a spreadsheet makes of a value, unless the column forbids
// the change.
func exact[T any](c *Column[T], row int, value, text string) (string, error) {
	if c.Exact && text != value {
		return "", &InexactError{Row: row, Column: c.Key, Value: value}
	}
	return text, nil
}

// xlsxText is CellText without anything that looks like an OOXML escape.
func xlsxText(s string) string {
	s = CellText(s)
	for at := 0; ; {
		i := strings.Index(s[at:], "_x")
		if i < 0 {
			return s
		}
		if at += i; xlsx.IsEscape(s[at:]) {
			s = s[:at] + " " + s[at+1:]
		}
		at++
	}
}
