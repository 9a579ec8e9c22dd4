package devicefile

import (
	"bytes"
	"errors"
	"io"
	"iter"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/xlsx"
)

// maxBook is the largest workbook that is read: 1,000,000 devices take a tenth.
const maxBook = 1 << 30

// newXLSX reads the first visible sheet of a workbook. The returned function
// releases it and is never nil.
func newXLSX(r io.Reader) (rows, func() error, error) {
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
	next, stop := iter.Pull2(book.Rows())
	var cells []string
	t := &table{ragged: true, read: func() ([]string, int, error) {
		row, err, more := next()
		switch {
		case !more:
			return nil, 0, io.EOF
		case err != nil:
			return nil, 0, badBook(err)
		}
		cells = cells[:0]
		for _, c := range row.Cells {
			cells = append(cells, c.Text)
		}
		return withoutTail(cells), row.Number, nil
	}}
	return t, func() error { stop(); return nil }, t.readHeader()
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
