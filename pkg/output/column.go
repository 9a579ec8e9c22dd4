package output

import (
	"fmt"
	"slices"
	"strings"
)

// Column is one column of a listing.
type Column[T any] struct {
	Key   string         // name in --columns, in CSV headers and in spreadsheets: snake_case
	Title string         // header of a table, printed in upper case; empty stands for Key
	Value func(T) string // the cell as data, never shortened or localized
	Human func(T) string // the cell in a table; nil stands for Value

	// Wide says that the column is for the wide table only: see
	// [DefaultColumns]. Data formats have it always.
	Wide bool
	// Flex is the width in terminal cells down to which table cells may be
	// shortened with "…" on a narrow terminal. 0 means never: an id has to
	// stay whole to be copied.
	Flex int
	// Droppable says when a narrow terminal loses the whole column: 1 is hidden
	// first, then 2, and so on. 0 means never.
	Droppable int
}

func (c *Column[T]) title() string {
	if c.Title == "" {
		return strings.ToUpper(c.Key)
	}
	return strings.ToUpper(c.Title)
}

func (c *Column[T]) human(v T) string {
	if c.Human != nil {
		return c.Human(v)
	}
	return c.Value(v)
}

// Keys returns the columns' keys in order.
func Keys[T any](cols []Column[T]) []string {
	keys := make([]string, len(cols))
	for i := range cols {
		keys[i] = cols[i].Key
	}
	return keys
}

// DefaultColumns returns the columns that a format shows when the user names
// none: all of them, but for [Table] those that are not Wide.
func DefaultColumns[T any](cols []Column[T], f Format) []Column[T] {
	if f != Table {
		return cols
	}
	return slices.DeleteFunc(slices.Clone(cols), func(c Column[T]) bool { return c.Wide })
}

// Select returns the columns that keys name, in the order of keys. Spaces
// around a key don't count. Columns asked for by name are never hidden on a
// narrow terminal. A key that names no column makes an
// [*UnknownColumnError].
func Select[T any](cols []Column[T], keys []string) ([]Column[T], error) {
	selected := make([]Column[T], 0, len(keys))
	for _, key := range keys {
		key = strings.TrimSpace(key)
		i := slices.IndexFunc(cols, func(c Column[T]) bool { return c.Key == key })
		if i < 0 {
			known := Keys(cols)
			return nil, &UnknownColumnError{Name: key, Nearest: nearest(key, known), Known: known}
		}
		c := cols[i]
		c.Wide, c.Droppable = false, 0
		selected = append(selected, c)
	}
	return selected, nil
}

// UnknownColumnError says that a name is no column's key.
type UnknownColumnError struct {
	Name    string   // as asked for
	Nearest string   // the column probably meant, or empty
	Known   []string // all columns, in their order
}

func (e *UnknownColumnError) Error() string {
	return unknown("column", "columns", e.Name, e.Nearest, e.Known)
}

func unknown(what, list, name, nearest string, known []string) string {
	guess := ""
	if nearest != "" {
		guess = fmt.Sprintf("did you mean %s? ", nearest)
	}
	return fmt.Sprintf(`unknown %s "%s": %s%s: %s`, what, Clean(name), guess, list, strings.Join(known, ", "))
}

// nearest returns the candidate with the fewest edits to name, or "" when even
// that one shares too little with it to be meant.
func nearest(name string, candidates []string) string {
	if name == "" {
		return ""
	}
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	best, least := "", max(2, len(name)/3)+1
	for _, c := range candidates {
		if d := distance(name, c, least); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance of a and b in bytes; a pair whose
// lengths alone differ by limit or more is not worked out.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
