package devicefile

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/xlsx"
)

// maxBook is the largest workbook that is read: 1,000,000 devices take a tenth.
const maxBook = 1 << 30

// newXLSX reads the first visible sheet of a workbook. The returned function
// releases it and is never nil. A list of identities must not have hidden rows:
// who filtered it may mean only what can be seen. Nor may another visible sheet
// list devices.
func newXLSX(r io.Reader, identities bool) (rows, func() error, error) {
	none := func() error { return nil }
	content, err := io.ReadAll(io.LimitReader(r, maxBook+1)) // the directory of a zip stands at its end
	if err != nil {
		return nil, none, err
	}
	if len(content) > maxBook {
		return nil, none, exit.Failedf("FILE_FORMAT", "export it as csv", "the workbook is larger than %d MiB", maxBook>>20)
	}
	book, err := xlsx.Open(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, none, badBook(err)
	}
	if identities {
		if err := oneList(book); err != nil {
			return nil, none, err
		}
	}
	next, stop := iter.Pull2(book.Rows())
	var cells []string
	t := &table{ragged: true}
	t.read = func() ([]string, int, error) {
		row, err, more := next()
		switch {
		case !more:
			return nil, 0, io.EOF
		case err != nil:
			return nil, 0, badBook(err)
		}
		cells, t.numbers = cells[:0], t.numbers[:0]
		for _, c := range row.Cells {
			cells, t.numbers = append(cells, c.Text), append(t.numbers, c.Kind == xlsx.Number)
		}
		if identities && row.Hidden && !isBlank(cells) {
			return nil, 0, exit.Refusedf("HIDDEN_ROWS", "show all rows and save it, or copy the rows you mean into a new workbook",
				"row %d is hidden: a list to act on must show all its rows", row.Number)
		}
		return withoutTail(cells), row.Number, nil
	}
	return t, func() error { stop(); return nil }, t.readHeader(identities)
}

// oneList refuses a workbook of which several visible sheets have device ids.
func oneList(book *xlsx.File) error {
	var lists []string
	for _, s := range book.Sheets() {
		if s.Hidden {
			continue
		}
		names, err := firstRow(s)
		if err != nil {
			return badBook(err)
		}
		if slices.Contains(names, fleet.KeyDeviceID) {
			lists = append(lists, strconv.Quote(s.Name))
		}
	}
	if len(lists) < 2 {
		return nil
	}
	return exit.Refusedf("SEVERAL_LISTS", "copy the rows you mean into a new workbook",
		"the sheets %s all list devices: a list to act on must be the only one", strings.Join(lists, ", "))
}

// firstRow returns the first row that isn't blank.
func firstRow(s *xlsx.Sheet) ([]string, error) {
	for row, err := range s.Rows() {
		if err != nil {
			return nil, err
		}
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, c.Text)
		}
		if !isBlank(cells) {
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

func badBook(err error) error {
	message := "damaged or no .xlsx file"
	if errors.Is(err, xlsx.ErrTooLarge) {
		message = "the .xlsx file is refused"
	}
	return &exit.Error{Exit: exit.Failed, ID: "FILE_FORMAT", Message: message, Err: err}
}
