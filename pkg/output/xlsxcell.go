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
