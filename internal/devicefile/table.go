package devicefile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// cellReader yields the cells of rows with their row numbers; io.EOF at the end.
type cellReader func() (cells []string, line int, err error)

// table reads devices from rows of cells below a header.
type table struct {
	read    cellReader
	mapped  []consolefile.Mapping // of its columns, see declare
	header  header
	ragged  bool   // trailing empty cells may be missing, as in xlsx
	guarded bool   // a ' usually stands before what a spreadsheet takes for a formula
	untold  []bool // which cells of the row read last are no text, in xlsx

	ids  bool  // some row has an id
	held []Row // read already, to find that out
	end  error
}

func newCSV(r *bufio.Reader, mapped []consolefile.Mapping, identities bool) (rows, error) {
	c := sheet.NewReader(r, ',')
	t := &table{mapped: mapped}
	t.read = func() ([]string, int, error) {
		cells, err := c.Read()
		if err == nil && c.Cut && !t.header.hasKey && t.header.keys != nil && !isBlank(cells) {
			// Our own files end in a line break. Without a key nothing else tells
			// a last cell from the first half of one.
			err = exit.Failedf("FILE_FORMAT", "if the file is whole, add a line break at its end",
				"row %d: the file ends in the middle of a line: it may be cut", c.Number)
		}
		return cells, c.Number, err
	}
	err := t.readHeader(identities)
	t.guarded = t.header.hasKey
	return t, err
}

func (t *table) readHeader(identities bool) error {
	cells, line, err := t.read()
	for err == nil && isBlank(cells) {
		cells, line, err = t.read()
	}
	switch {
	case errors.Is(err, io.EOF):
		return exit.Failedf("FILE_EMPTY", "", "the file is empty: it has not even a header")
	case err != nil:
		return err
	}
	if t.header, err = parseHeader(slices.Clone(cells), line, identities); err != nil {
		return err
	}
	return t.header.declare(t.mapped)
}

func (t *table) columns() []string { return t.header.keys }

// next hands out the rows. A list of devices without ids has none at all:
// beside one that has, a row without was damaged, which a key would tell.
func (t *table) next() (Row, error) {
	for needed := !t.header.hasKey && !t.header.only; needed && !t.ids && t.end == nil; {
		row, err := t.row()
		if t.end = err; err == nil {
			t.held = append(t.held, row)
			t.ids = row.Device.DeviceID != ""
		}
	}
	var row Row
	var err error
	switch {
	case len(t.held) > 0:
		row, t.held = t.held[0], t.held[1:]
	case t.end != nil:
		return Row{}, t.end
	default:
		row, err = t.row()
	}
	if err == nil && t.ids && row.Device.DeviceID == "" && len(row.Problems) == 0 {
		row.add(fleet.KeyDeviceID, "is empty, and that of other rows isn't")
	}
	return row, err
}

func (t *table) row() (Row, error) {
	cells, line, err := t.read()
	for err == nil && isBlank(cells) {
		cells, line, err = t.read()
	}
	if err != nil {
		return Row{}, err
	}
	row := Row{Line: line}
	want := len(t.header.names)
	for t.ragged && len(cells) < want {
		cells = append(cells, "")
	}
	if len(cells) != want {
		row.add("", fmt.Sprintf("has %d cells, the header has %d", len(cells), want))
		return row, nil
	}
	if slices.Equal(cells, t.header.names) {
		row.add("", "is the header again: the file holds two, one after the other")
		return row, nil
	}
	t.header.fill(&row, cells, t.header.isGuarded(cells, t.guarded), t.untold)
	return row, nil
}

// add notes a problem of a table's row.
func (r *Row) add(column, text string) {
	r.Problems = append(r.Problems, Problem{Place: "row " + strconv.Itoa(r.Line), Column: column, Text: text})
}

// isBlank reports whether a row holds nothing but blanks. Spreadsheets keep such
// rows.
func isBlank(cells []string) bool {
	for _, c := range cells {
		if !isBlankText(c) {
			return false
		}
	}
	return true
}

// set puts a cell into the field of a column. It returns what is wrong with
// the cell, or nothing.
func set(d *api.Device, key, cell string) string {
	if !utf8.ValidString(cell) {
		return "is not UTF-8: save the file as .xlsx or as CSV UTF-8"
	}
	switch key {
	case fleet.KeyDeviceID:
		d.DeviceID = cell // empty for a device of a console's download that names none
	case fleet.KeyDomainID:
		if cell == "" {
			return "" // not known: the file was made from one without the column
		}
		n, err := strconv.ParseInt(cell, 10, 32)
		if err != nil || strconv.FormatInt(n, 10) != cell {
			return strconv.Quote(cell) + " is no domain id"
		}
		d.DomainID = int32(n)
	case fleet.KeyType:
		d.Type = api.DeviceType(cell)
	case fleet.KeyModel:
		d.Model = cell
	case fleet.KeyVendorID:
		d.VendorID = api.Nullable(cell)
	case fleet.KeySerialNumber:
		d.SerialNumber = api.Nullable(cell)
	case fleet.KeyUserID:
		d.User.UserID = cell
	case fleet.KeyUserName:
		d.User.UserName = cell
	case fleet.KeyUserEmail:
		d.User.Email = cell
	case fleet.KeyOS:
		d.OS.Type = api.OSType(cell)
	case fleet.KeyOSVersion:
		d.OS.Version = cell
	case fleet.KeyApp:
		d.App.Type = api.AppType(cell)
	case fleet.KeyAppVersion:
		d.App.Version = cell
	case fleet.KeyMDMStatus:
		d.MDM.Status = api.MDMStatus(cell)
	case fleet.KeyMDMProvider:
		d.MDM.Provider = api.MDMProvider(cell)
	case fleet.KeyLastAccess:
		if why := badTime(cell); why != "" {
			return why
		}
		d.LastAccessTime = cell
	}
	return ""
}

// badTime lets an empty time pass: a back end may know no access.
func badTime(text string) string {
	if _, err := time.Parse(time.RFC3339, text); err != nil && text != "" {
		return strconv.Quote(text) + " is no time such as 2026-11-20T09:12:00+09:00"
	}
	return ""
}
