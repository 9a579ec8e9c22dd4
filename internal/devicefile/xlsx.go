package devicefile

import (
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/xlsx"
)

// maxBook is the largest workbook that is read: 1,000,000 devices take a tenth.
const maxBook = 1 << 30

// beginBook reads the list of a workbook. A list of identities must not have
// hidden rows: who filtered it may mean only what can be seen.
func (f *File) beginBook(r io.Reader, identities bool) error {
	content, err := readAll(r)
	if err != nil {
		return err
	}
	book, err := sheet.OpenBook(content)
	if err != nil {
		return err
	}
	list, err := f.findList(book)
	if err != nil {
		return err
	}
	names, err := firstRow(list)
	if err != nil {
		return sheet.BadBook(err)
	}
	if len(names) > 0 && !slices.Contains(names, fleet.KeyDeviceID) {
		return f.readBook(book, list, identities)
	}
	f.rows, f.close, err = f.newXLSX(list, identities)
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
func (f *File) newXLSX(list *xlsx.Sheet, identities bool) (rows, func() error, error) {
	next, stop := iter.Pull2(list.Rows())
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

// findList returns the only visible sheet with a header of devices. Of several
// none is read: which is meant, their order doesn't say. Where none has such a
// header, the first that holds something is the one to speak of.
func (f *File) findList(book *xlsx.File) (*xlsx.Sheet, error) {
	visible := slices.DeleteFunc(slices.Clone(book.Sheets()), func(s *xlsx.Sheet) bool { return s.Hidden })
	if len(visible) < 2 {
		return book.First(), nil
	}
	o, err := f.consoleOptions()
	if err != nil {
		return nil, err
	}
	var lists, filled []*xlsx.Sheet
	var names []string
	isHeader := o.IsHeader()
	for _, s := range visible {
		holds, is, err := look(s, isHeader)
		if err != nil {
			return nil, sheet.BadBook(err)
		}
		if holds {
			filled = append(filled, s)
		}
		if is {
			lists, names = append(lists, s), append(names, strconv.Quote(s.Name))
		}
	}
	if len(lists) > 1 {
		return nil, exit.Refusedf("SEVERAL_LISTS", "copy the rows you mean into a new workbook",
			"the sheets %s all list devices, and which is meant can't be told", strings.Join(names, ", "))
	}
	list := slices.Concat(lists, filled, visible)[0]
	for _, s := range filled {
		if s != list {
			f.unread = append(f.unread, s.Name)
		}
	}
	return list, nil
}

// above is how many rows may stand above the header of a console's download: its
// title, say.
const above = 20

// look reports whether a sheet holds anything, and whether it lists devices.
func look(s *xlsx.Sheet, isHeader func([]string) bool) (holds, lists bool, err error) {
	n := 0
	for row, err := range s.Rows() {
		if err != nil || n == above {
			return holds, false, err
		}
		names := texts(row)
		if isBlank(names) {
			continue
		}
		n, holds = n+1, true
		if slices.Contains(names, fleet.KeyDeviceID) || isHeader(names) {
			return true, true, nil
		}
	}
	return holds, false, nil
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
