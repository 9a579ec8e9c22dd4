package devicefile

import (
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/xlsx"
)

// maxBook is the largest workbook that is read: 1,000,000 devices take a tenth.
const maxBook = 1 << 30

// beginBook reads the first visible sheet of a workbook. No other visible one may
// list devices: which is meant, their order doesn't say. A list of identities
// must not have hidden rows: who filtered it may mean only what can be seen.
func (f *File) beginBook(r io.Reader, identities bool) error {
	content, err := readAll(r)
	if err != nil {
		return err
	}
	book, err := sheet.OpenBook(content)
	if err != nil {
		return err
	}
	if err := oneList(book); err != nil {
		return err
	}
	names, err := firstRow(book.First())
	if err != nil {
		return sheet.BadBook(err)
	}
	if len(names) > 0 && !slices.Contains(names, fleet.KeyDeviceID) {
		return f.readSheet(content, identities)
	}
	f.rows, f.close, err = f.newXLSX(book, identities)
	return err
}

// readAll reads a file whose end must be known before its beginning makes sense.
func readAll(r io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxBook+1))
	if err == nil && len(content) > maxBook {
		err = exit.Failedf("FILE_FORMAT", "export it as csv", "the file is larger than %d MiB", maxBook>>20)
	}
	return content, err
}

// newXLSX streams an own export. The returned function releases it and is never
// nil.
func (f *File) newXLSX(book *xlsx.File, identities bool) (rows, func() error, error) {
	next, stop := iter.Pull2(book.Rows())
	var cells []string
	t := &table{ragged: true, mapped: f.options.Map}
	t.read = func() ([]string, int, error) {
		row, err, more := next()
		switch {
		case !more:
			return nil, 0, io.EOF
		case err != nil:
			return nil, 0, sheet.BadBook(err)
		}
		cells, t.untold = cells[:0], t.untold[:0]
		for _, c := range row.Cells {
			text := c.Kind == xlsx.Shared || c.Kind == xlsx.Inline
			cells, t.untold = append(cells, c.Text), append(t.untold, c.Text != "" && (!text || c.Formula))
		}
		if identities && row.Hidden && !isBlank(cells) {
			return nil, 0, hiddenRow(row.Number)
		}
		if row.Hidden && !isBlank(cells) {
			f.hidden = append(f.hidden, row.Number)
		}
		return withoutTail(cells), row.Number, nil
	}
	return t, func() error { stop(); return nil }, t.readHeader(identities)
}

// oneList refuses a workbook of which several visible sheets list devices.
func oneList(book *xlsx.File) error {
	var lists []string
	for _, s := range book.Sheets() {
		if s.Hidden {
			continue
		}
		is, err := listsDevices(s)
		if err != nil {
			return sheet.BadBook(err)
		}
		if is {
			lists = append(lists, strconv.Quote(s.Name))
		}
	}
	if len(lists) < 2 {
		return nil
	}
	return exit.Refusedf("SEVERAL_LISTS", "copy the rows you mean into a new workbook",
		"the sheets %s all list devices, and which is meant can't be told", strings.Join(lists, ", "))
}

// above is how many rows may stand above the header of a console's download: its
// title, say.
const above = 20

// listsDevices reports whether a sheet has a header of devices.
func listsDevices(s *xlsx.Sheet) (bool, error) {
	for row, err := range s.Rows() {
		if err != nil {
			return false, err
		}
		if row.Number > above {
			break
		}
		if names := texts(row); slices.Contains(names, fleet.KeyDeviceID) || consolefile.Known(names) > 1 {
			return true, nil
		}
	}
	return false, nil
}

func texts(row xlsx.Row) []string {
	var cells []string
	for _, c := range row.Cells {
		cells = append(cells, c.Text)
	}
	return cells
}

// firstRow returns the first row that isn't blank.
func firstRow(s *xlsx.Sheet) ([]string, error) {
	for row, err := range s.Rows() {
		if err != nil {
			return nil, err
		}
		if cells := texts(row); !isBlank(cells) {
			return cells, nil
		}
	}
	return nil, nil
}

// withoutTail drops empty cells after the last text: spreadsheets keep cells
// that have nothing but a style.
func withoutTail(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

func hiddenRow(number int) error {
	return exit.Refusedf("HIDDEN_ROWS", "show all rows and save it, or copy the rows you mean into a new workbook",
		"row %d is hidden: a list to act on must show all its rows", number)
}
