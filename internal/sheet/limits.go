package sheet

import (
	"fmt"

	"github.com/worksctl/worksctl/internal/exit"
)

// The limits of a file that is held in memory as a whole: ten times what a
// console of 100,000 devices would write.
const (
	MaxSize    = 64 << 20  // bytes of CSV
	MaxRows    = 1_000_000 // as many as a spreadsheet has
	MaxColumns = 256
	MaxCells   = 8_000_000
	MaxCell    = 16 << 10 // bytes of text
)

// limits counts what was read of a file.
type limits struct{ rows, cells int }

// add returns an error that names the limit which a row is beyond.
func (l *limits) add(row Row) error {
	l.rows++
	l.cells += len(row.Cells)
	place := fmt.Sprintf("row %d: ", row.Number)
	const hint = "delete the cells and rows that hold no devices, or split the file"
	switch {
	case l.rows > MaxRows:
		return tooLarge(hint, "%sthe file has more than %d rows", place, MaxRows)
	case len(row.Cells) > MaxColumns:
		return tooLarge(hint, "%smore than %d cells", place, MaxColumns)
	case l.cells > MaxCells:
		return tooLarge(hint, "%sthe file has more than %d cells", place, MaxCells)
	}
	for i, c := range row.Cells {
		if len(c.Text) > MaxCell {
			return tooLarge("", "%scell %d has more than %d KiB of text: is a quote never closed?", place, i+1, MaxCell>>10)
		}
	}
	return nil
}

func tooLarge(hint, format string, args ...any) error {
	return exit.Failedf("FILE_FORMAT", hint, format, args...)
}
