package devicefile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/output"
	"github.com/worksctl/worksctl/pkg/xlsx"
)

// foreign reports whether a file is UTF-16 or an old workbook. text is its head
// without what stands before the first row.
func foreign(head, text []byte) bool {
	for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\xd0\xcf\x11\xe0"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return true
		}
	}
	// A single zero is damage, to be named; of UTF-16 each separator has one.
	const part = 20
	zeros := bytes.Count(head, []byte{0})
	return zeros > 1 && zeros*part > len(head) && !isOwn(text)
}

// isOwn reports whether the first row of a text is the header of an own export:
// device ids under our own key, between commas.
func isOwn(text []byte) bool {
	cells, err := sheet.NewReader(bufio.NewReader(bytes.NewReader(text)), ',').Read()
	return err == nil && slices.Contains(cells, fleet.KeyDeviceID)
}

// beginSheet reads a text that is no own export as it was written.
func (f *File) beginSheet(r io.Reader, identities bool) error {
	content, err := readAll(r)
	if err != nil {
		return err
	}
	f.format = CSV
	return f.readSheet(content, identities)
}

// readSheet reads a whole file: the console's download, or an own export that
// went through another program.
func (f *File) readSheet(content []byte, identities bool) error {
	o, err := f.consoleOptions()
	if err != nil {
		return err
	}
	if f.sheet, err = sheet.Read(content, sheet.Options{Encoding: f.options.Encoding, Known: o.Known()}); err != nil {
		return err
	}
	return f.readRows(o, identities)
}

// readBook is readSheet for a sheet of a workbook.
func (f *File) readBook(book *xlsx.File, list *xlsx.Sheet, identities bool) error {
	o, err := f.consoleOptions()
	if err != nil {
		return err
	}
	if f.sheet, err = sheet.ReadBook(book, list); err != nil {
		return err
	}
	return f.readRows(o, identities)
}

// readRows reads the rows of the sheet.
func (f *File) readRows(o consolefile.Options, identities bool) (err error) {
	f.format = Format(f.sheet.Format)
	for _, row := range f.sheet.Rows {
		if row.Blank() {
			continue
		}
		if names := row.Texts(); slices.Contains(names, fleet.KeyDeviceID) {
			return f.ownSheet(names, identities)
		}
		break
	}
	if f.console, err = consolefile.Read(f.sheet, o); err != nil {
		return err
	}
	for _, row := range f.console.Rows {
		if !row.Hidden {
			continue
		}
		if f.hidden = append(f.hidden, row.Number); identities {
			return hiddenRow(row.Number)
		}
	}
	if identities && !f.console.HasIDs() {
		hint := "worksctl notify --via bot --from " + fleet.ShellQuote(f.name)
		return exit.Refusedf("NO_DEVICE_IDS", hint, "it has no device ids: its devices can't be acted on by id; a message of a bot goes to their members")
	}
	f.rows = &consoleRows{file: f.console, identities: identities}
	return nil
}

func (f *File) consoleOptions() (o consolefile.Options, err error) {
	o = consolefile.Options{
		Map: f.options.Map, Type: f.options.Type, Location: f.options.Location, Zoned: f.options.Zoned, Now: f.options.Now,
	}
	if f.options.Saved != nil {
		o.Saved, err = f.options.Saved()
	}
	return o, err
}

// ownSheet reads an own export that another program saved as CSV. Without a key
// in its rows little tells what a spreadsheet did to them.
func (f *File) ownSheet(names []string, identities bool) error {
	if f.sheet.Delimiter != "," && !slices.Contains(names, output.KeyColumn) {
		return exit.Failedf("FILE_HEADER", "export it with --excel or as .xlsx",
			"the cells are not separated by commas, and no key tells what a spreadsheet did to them: save the file as .xlsx")
	}
	next := 0
	t := &table{mapped: f.options.Map}
	t.read = func() ([]string, int, error) {
		if next == len(f.sheet.Rows) {
			return nil, 0, io.EOF
		}
		row := f.sheet.Rows[next]
		next++
		return row.Texts(), row.Number, nil
	}
	err := t.readHeader(identities)
	t.guarded = t.header.hasKey
	f.rows = t
	return err
}

// consoleRows hands out the rows of a console's download.
type consoleRows struct {
	file       *consolefile.File
	identities bool
	at         int
}

func (c *consoleRows) columns() []string { return c.file.Keys() }

func (c *consoleRows) next() (Row, error) {
	if c.at == len(c.file.Rows) {
		return Row{}, io.EOF
	}
	in := c.file.Rows[c.at]
	c.at++
	row := Row{Line: in.Number, Device: in.Device, Older: in.Older}
	for _, p := range in.Problems {
		row.add(p.Column, p.Text)
	}
	if c.identities && in.Device.DeviceID == "" && len(in.Problems) == 0 {
		row.add(c.file.Header(fleet.KeyDeviceID), "is empty")
	}
	return row, nil
}

// badRows is the error for a console's download with rows that can't be
// trusted.
func (f *File) badRows() error {
	if f.console == nil || f.console.Bad == 0 {
		return nil
	}
	at := slices.IndexFunc(f.console.Rows, func(r consolefile.Row) bool { return len(r.Problems) > 0 })
	first := f.console.Rows[at].Problems[0]
	p := Problem{Place: "row " + strconv.Itoa(first.Row), Column: first.Column, Text: first.Text}
	more := ""
	switch others := f.console.Bad - 1; others {
	case 0:
	case 1:
		more = "; nor can another row be trusted"
	default:
		more = fmt.Sprintf("; nor can %d more rows be trusted", others)
	}
	hint := ""
	if !strings.HasPrefix(f.name, "standard") {
		hint = "worksctl devices check " + fleet.ShellQuote(f.name) + f.options.Typed
	}
	return f.fail("BAD_ROW", hint, "%w%s", p, more)
}
