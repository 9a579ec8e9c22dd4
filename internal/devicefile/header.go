package devicefile

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
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
	looks  *looks
	exact  []bool // the columns whose cells are right as they stand
}

// parseHeader recognizes the columns by their keys. Columns that a person added
// are left alone where each row can be checked or only what names a device
// counts; in the machine's format an unknown column is an error.
func parseHeader(names []string, line int, only bool) (header, error) {
	h := header{names: names, known: make([]string, len(names)), only: only, looks: newLooks()}
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

// declare takes the mappings that were typed. The columns of an own export are
// known: a mapping can only say of one that its cells are right as they stand.
func (h *header) declare(mapped []consolefile.Mapping) error {
	h.exact = make([]bool, len(h.names))
	for _, m := range mapped {
		at := slices.Index(h.known, m.Header)
		if at < 0 || !m.Exact || !slices.Equal(m.Keys, h.known[at:at+1]) {
			return exit.Usagef("BAD_MAP", "--map "+fleet.KeyModel+"="+fleet.KeyModel+":exact",
				"--map %q: this is an export of worksctl, whose columns are known; all that can be said of one is :exact, that its cells are right as they stand", m)
		}
		h.exact[at] = true
	}
	return nil
}

// headerHint guesses why a header has no device ids.
func headerHint(names []string) string {
	if len(names) == 1 && strings.Contains(names[0], fleet.KeyDeviceID) && strings.ContainsAny(names[0], ";\t") {
		return "the cells are not separated by commas: save the file as .xlsx"
	}
	return "an export of worksctl has its column names in the first row"
}

// fill reads the cells of a row, as many as the header has, into row. untold are
// those of a workbook that hold no text.
func (h *header) fill(row *Row, cells []string, guarded bool, untold []bool) {
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
		if why := h.take(&row.Device, key, cell, i < len(untold) && untold[i], h.exact[i]); why != "" {
			row.add(h.names[i], why)
		}
	}
	if h.hasKey {
		h.verify(row, cells[h.keyAt], values)
	}
}

// take puts a cell into its field, or says why it can't be trusted.
func (h *header) take(d *api.Device, key, cell string, untold, exact bool) string {
	if !exact && !h.hasKey && (!h.only || identifies(key)) {
		why := h.looks.damage(key, cell)
		if why == "" && untold && key != fleet.KeyDomainID {
			why = strconv.Quote(cell) + " is a number, not text: a spreadsheet may have changed it"
		}
		if why != "" && (key == fleet.KeyModel || key == fleet.KeyUserName) { // people write anything there
			return why + " (if right: --map " + key + "=" + key + ":exact)"
		}
		if why != "" {
			return why
		}
	}
	why := set(d, key, cell)
	switch {
	case h.only && key != fleet.KeyDeviceID:
		return ""
	case h.only && isBlankText(cell):
		return "is empty"
	}
	return why
}

// isGuarded reports whether a ' before a sign is a guard in a row, by its key, and
// not the value's own. In the CSV for spreadsheets it usually is and in a workbook
// not, until a program saves the one as the other.
func (h *header) isGuarded(cells []string, usual bool) bool {
	if !h.hasKey || !slices.ContainsFunc(cells, func(c string) bool { return output.Unguard(c) != c }) {
		return usual
	}
	intact := func(guarded bool) bool {
		var values []string
		for i, key := range h.known {
			switch {
			case key == "":
			case guarded:
				values = append(values, output.Unguard(cells[i]))
			default:
				values = append(values, cells[i])
			}
		}
		changed, err := output.VerifyRow(cells[h.keyAt], h.keys, values)
		return err == nil && len(changed) == 0
	}
	return usual != (!intact(usual) && intact(!usual))
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
