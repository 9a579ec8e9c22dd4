// Package xlsx writes and reads Excel workbooks (Office Open XML, ECMA-376) as
// tables of text. It streams both ways, so that memory does not grow with the
// number of rows, and knows nothing of formulas or charts: numbers come as they
// stand in the file, with the index of their style, which says whether they are
// shown as dates.
package xlsx

import (
	"errors"
	"unicode/utf8"
)

// What a worksheet holds at most, the header included.
const (
	MaxRows      = 1 << 20
	MaxColumns   = 1 << 14
	MaxCellUnits = 32_767 // UTF-16 units of text in one cell
)

var (
	// ErrSheetLimit is the cause when rows, columns or a text are more than a
	// worksheet holds.
	ErrSheetLimit = errors.New("a worksheet can't hold it")
	// ErrTooLarge is the cause when a file is larger than [Limits] allow once it
	// is unpacked.
	ErrTooLarge = errors.New("too large when unpacked")
	// ErrFormat is the cause when a file is no workbook, or contradicts itself.
	ErrFormat = errors.New("not a sound .xlsx workbook")
)

// CellFits reports whether a cell can hold s: [MaxCellUnits].
func CellFits(s string) bool {
	if len(s) <= MaxCellUnits { // no UTF-16 unit is less than a byte of UTF-8
		return true
	}
	units := utf8.RuneCountInString(s)
	for _, r := range s {
		if r > 0xffff {
			units++
		}
	}
	return units <= MaxCellUnits
}
