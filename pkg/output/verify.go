package output

import (
	"errors"
	"slices"
	"strings"
)

// The errors of [VerifyRow].
var (
	// ErrKeyDamaged says that the key cell itself was changed, so that nothing
	// is known of the row.
	ErrKeyDamaged = errors.New("the key of this row is damaged: export the list again")
	// ErrRowChanged says that the row isn't the one the key was made for, though
	// no single column can be blamed.
	ErrRowChanged = errors.New("this row was changed since the export: export the list again")
)

// VerifyRow compares a row read back with its key and returns the names of the
// columns whose cells were changed, in the order of columns; nil when the row
// is intact. values are as [RowKey] takes them: pass cells of an excel CSV
// through [Unguard] first.
//
// Columns may have been moved, and others added. When some were removed, the
// check is weaker: a changed cell goes unnoticed in one of 32 cases or so, else
// in practically none. Leave out columns whose names the export can't have
// written, notes of a person for example: added in place of removed ones, they
// count as changed.
//
// The error is [ErrKeyDamaged] or [ErrRowChanged].
func VerifyRow(key string, columns, values []string) ([]string, error) {
	hash, parts, ok := parseKey(key)
	if !ok {
		return nil, ErrKeyDamaged
	}
	m := newKeyMaker(columns)
	rowHash := m.hash(values)
	extra := len(columns) - len(parts)
	switch {
	case extra == 0 && rowHash == hash:
		if !slices.Equal(m.parts, parts) {
			return nil, ErrKeyDamaged
		}
		return nil, nil
	case extra > 0 && m.intactWithout(extra, values, key):
		return nil, nil
	}
	changed := m.names(align(m.parts, parts))
	if len(changed) == 0 && extra >= 0 {
		return nil, ErrRowChanged
	}
	return changed, nil
}

// parseKey checks a key and returns the digits of its row and of its columns.
func parseKey(key string) (hash [keyHash]byte, parts []byte, ok bool) {
	if len(key) < keyOverhead || key[0] != keyLetter {
		return hash, nil, false
	}
	digits := make([]byte, len(key)-1)
	for i := range digits {
		at := strings.IndexByte(keyAlphabet, key[i+1])
		if at < 0 {
			return hash, nil, false
		}
		digits[i] = byte(at & 31)
	}
	last := len(digits) - 1
	return [keyHash]byte(digits), digits[keyHash:last], checkDigit(digits[:last]) == digits[last]
}

// align finds which digits of a row stand in its key. Both lists are in the
// order of names. With as many columns as the key has, each stands at its
// place; otherwise the longest common subsequence is the best explanation.
func align(row, key []byte) []bool {
	matched := make([]bool, len(row))
	if len(row) == len(key) {
		for i := range row {
			matched[i] = row[i] == key[i]
		}
		return matched
	}
	longest := make([][]int, len(row)+1) // of row[i:] and key[j:]
	for i := range longest {
		longest[i] = make([]int, len(key)+1)
	}
	for i := len(row) - 1; i >= 0; i-- {
		for j := len(key) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if row[i] == key[j] {
				longest[i][j] = max(longest[i][j], longest[i+1][j+1]+1)
			}
		}
	}
	for i, j := 0, 0; i < len(row) && j < len(key); {
		switch {
		case row[i] == key[j] && longest[i][j] == longest[i+1][j+1]+1:
			matched[i] = true
			i++
			j++
		case longest[i][j] == longest[i+1][j]:
			i++
		default:
			j++
		}
	}
	return matched
}

// intactWithout reports whether leaving out that many columns gives the key. A
// choice is followed only as long as the columns' own digits agree with it.
func (m *keyMaker) intactWithout(extra int, values []string, key string) bool {
	_, parts, _ := parseKey(key)
	var columns, cells []string
	var try func(at, left int) bool
	try = func(at, left int) bool {
		if at == len(m.order) {
			return RowKey(columns, cells) == key
		}
		n := len(columns)
		if n < len(parts) && m.parts[at] == parts[n] {
			columns, cells = append(columns, m.columns[m.order[at]]), append(cells, values[m.order[at]])
			if try(at+1, left) {
				return true
			}
			columns, cells = columns[:n], cells[:n]
		}
		return left > 0 && try(at+1, left-1)
	}
	return try(0, extra)
}

// names returns the columns that are not matched.
func (m *keyMaker) names(matched []bool) []string {
	var changed []int
	for at, i := range m.order {
		if !matched[at] {
			changed = append(changed, i)
		}
	}
	slices.Sort(changed)
	var names []string
	for _, i := range changed {
		names = append(names, m.columns[i])
	}
	return names
}
