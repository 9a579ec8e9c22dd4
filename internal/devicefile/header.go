package devicefile

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/output"
)

// header maps the cells of a row to device columns.
type header struct {
	names  []string // as they stand in the file
	known  []string // for each cell the key of its device column, or empty
	keys   []string // the device columns of the file
	hasKey bool     // a person's format, whose rows carry a check
	keyAt  int
	only   bool // what names a device counts, nothing else
}

// parseHeader recognizes the columns by their keys. A console download with
// titles in another language needs another way to fill header.known. Columns
// that a person added are left alone where each row can be checked or only what
// names a device counts; in the machine's format an unknown column is an error.
func parseHeader(names []string, line int, only bool) (header, error) {
	h := header{names: names, known: make([]string, len(names)), only: only}
	deviceKeys := output.Keys(fleet.Columns(fleet.View{}))
	h.keyAt = slices.Index(names, output.KeyColumn)
	h.hasKey = h.keyAt >= 0
	fail := func(hint, text string) error {
		return exit.Failedf("FILE_HEADER", hint, "row %d: %s", line, text)
	}
	if !slices.Contains(names, fleet.KeyDeviceID) {
		return h, fail(headerHint(names), "there is no column "+fleet.KeyDeviceID)
	}
	for i, name := range names {
		at := "column " + strconv.Itoa(i+1)
		switch {
		case slices.Contains(deviceKeys, name) || i == h.keyAt:
			if slices.Index(names, name) < i {
				return h, fail("", "column "+name+" is there twice")
			}
			if i != h.keyAt {
				h.known[i], h.keys = name, append(h.keys, name)
			}
		case name == output.KeyColumn:
			return h, fail("", "column "+name+" is there twice")
		case h.hasKey || only:
		case name == "":
			return h, fail("", at+" has no name")
		default:
			return h, fail("columns: "+strings.Join(deviceKeys, ", "), at+", "+strconv.Quote(name)+", is unknown")
		}
	}
	return h, nil
}

// headerHint guesses why a header has no device ids.
func headerHint(names []string) string {
	if len(names) == 1 && strings.Contains(names[0], fleet.KeyDeviceID) && strings.ContainsAny(names[0], ";\t") {
		return "the cells are not separated by commas: save the file as .xlsx"
	}
	return "an export of worksctl has its column names in the first row"
}

// fill reads the cells of a row, as many as the header has, into row.
func (h *header) fill(row *Row, cells []string, guarded bool) {
	var values []string
	if h.hasKey {
		values = make([]string, 0, len(h.keys))
	}
	for i, key := range h.known {
		if key == "" {
			continue
		}
		cell := cells[i]
		if guarded {
			cell = output.Unguard(cell)
		}
		if h.hasKey {
			values = append(values, cell)
		}
		why := set(&row.Device, key, cell)
		switch {
		case h.only && key != fleet.KeyDeviceID:
			why = ""
		case h.only && isBlankText(cell):
			why = "is empty"
		}
		if why != "" {
			row.add(h.names[i], why)
		}
	}
	if h.hasKey {
		h.verify(row, cells[h.keyAt], values)
	}
}

// unguarded reports whether a row of CSV was saved from a workbook, in which no
// cell has a guard, and a ' before a sign is the value's own: by the key.
func (h *header) unguarded(cells []string) bool {
	if !h.hasKey || !slices.ContainsFunc(cells, func(c string) bool { return output.Unguard(c) != c }) {
		return false
	}
	intact := func(change func(string) string) bool {
		var values []string
		for i, key := range h.known {
			if key != "" {
				values = append(values, change(cells[i]))
			}
		}
		changed, err := output.VerifyRow(cells[h.keyAt], h.keys, values)
		return err == nil && len(changed) == 0
	}
	return !intact(output.Unguard) && intact(func(s string) string { return s })
}

// verify finds what a spreadsheet did to the row.
func (h *header) verify(row *Row, key string, values []string) {
	changed, err := output.VerifyRow(key, h.keys, values)
	switch {
	case errors.Is(err, output.ErrKeyDamaged):
		row.add(output.KeyColumn, err.Error())
	case err != nil:
		row.add("", err.Error())
	}
	for _, column := range changed {
		if h.only && !identifies(column) {
			continue
		}
		if !slices.ContainsFunc(row.Problems, func(p Problem) bool { return p.Column == column }) {
			value := values[slices.Index(h.keys, column)]
			row.add(column, strconv.Quote(value)+" is not what was exported")
		}
	}
}
