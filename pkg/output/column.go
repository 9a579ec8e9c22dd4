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

	// Exact says that the value names something: a spreadsheet that can't hold
	// it unchanged is not written ([*InexactError]).
	Exact bool
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
			return nil, &UnknownColumnError{Name: key, Known: Keys(cols)}
		}
		c := cols[i]
		c.Droppable = 0
		selected = append(selected, c)
	}
	return selected, nil
}

// UnknownColumnError says that a name is no column's key.
type UnknownColumnError struct {
	Name  string   // as asked for
	Known []string // all columns, in their order
}

func (e *UnknownColumnError) Error() string {
	return unknown("column", e.Name, e.Known)
}

func unknown(what, name string, known []string) string {
	return fmt.Sprintf(`unknown %s "%s": %ss are %s`, what, Clean(name), what, strings.Join(known, ", "))
}
