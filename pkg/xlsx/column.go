package xlsx

import (
	"fmt"
	"strconv"
)

// columnName returns the letters of a column: A for 0, AA for 26.
func columnName(i int) string {
	var letters [3]byte
	at := len(letters)
	for i++; i > 0; i = (i - 1) / 26 {
		at--
		letters[at] = byte('A' + (i-1)%26)
	}
	return string(letters[at:])
}

// cellName returns, for example, B3 for column 1 and row 3.
func cellName(column, row int) string { return columnName(column) + strconv.Itoa(row) }

// parseCellName splits B3 into column 1 and row 3.
func parseCellName(s string) (column, row int, err error) {
	at := 0
	for ; at < len(s) && at < 4 && s[at]|0x20 >= 'a' && s[at]|0x20 <= 'z'; at++ {
		column = column*26 + int(s[at]|0x20-'a') + 1
	}
	row, err = parseRow(s[at:])
	if err != nil || column == 0 || column > MaxColumns {
		return 0, 0, fmt.Errorf("%w: %q is no cell of a worksheet", ErrFormat, s)
	}
	return column - 1, row, nil
}

// parseRow reads the number of a row, from 1.
func parseRow(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n == 0 || n > MaxRows {
		return 0, fmt.Errorf("%w: %q is no row of a worksheet", ErrFormat, s)
	}
	return int(n), nil
}
