package output

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
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
		e.Row+1, e.Column, excelize.TotalCellChars)
}

// xlsxText is CellText without anything that looks like an OOXML escape.
func xlsxText(s string) string {
	s = CellText(s)
	for at := 0; ; {
		i := strings.Index(s[at:], "_x")
		if i < 0 {
			return s
		}
		if at += i; isEscape(s[at:]) {
			s = s[:at] + " " + s[at+1:]
		}
		at++
	}
}

// isEscape reports whether s begins with _xHHHH_.
func isEscape(s string) bool {
	if len(s) < 7 || s[6] != '_' {
		return false
	}
	for _, c := range []byte(s[2:6]) {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// tooLong counts UTF-16 units only where bytes leave a doubt.
func tooLong(s string) bool {
	if len(s) <= excelize.TotalCellChars {
		return false
	}
	units := utf8.RuneCountInString(s)
	for _, r := range s {
		if r > 0xffff {
			units++
		}
	}
	return units > excelize.TotalCellChars
}
