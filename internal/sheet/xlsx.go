package sheet

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/xlsx"
)

// OpenBook opens an Excel workbook. A file that is none, such as one of
// LibreOffice's own format, is an [exit.Error] with code 1.
func OpenBook(content []byte) (*xlsx.File, error) {
	const begin = 200 // of a file, where its type stands
	if bytes.Contains(content[:min(len(content), begin)], []byte("application/vnd.oasis.opendocument")) {
		return nil, exit.Failedf("FILE_FORMAT", "save it as .xlsx or CSV", "the file is an OpenDocument spreadsheet")
	}
	book, err := xlsx.Open(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, BadBook(err)
	}
	return book, nil
}

// ReadBook reads one sheet of a workbook. Errors are [exit.Error]s of code 1.
func ReadBook(book *xlsx.File, one *xlsx.Sheet) (*Sheet, error) {
	dates, err := book.DateStyles()
	if err != nil {
		return nil, BadBook(err)
	}
	merges, err := one.Merged()
	if err != nil {
		return nil, BadBook(err)
	}
	s := &Sheet{Format: XLSX, date1904: book.Date1904()}
	var l limits
	for row, err := range one.Rows() {
		if err != nil {
			return nil, BadBook(err)
		}
		out := Row{Number: row.Number, Hidden: row.Hidden, Cells: make([]Cell, len(row.Cells))}
		for i, c := range row.Cells {
			out.Cells[i] = s.cell(c, dates)
		}
		out.cover(merges)
		if err := l.add(out); err != nil {
			return nil, err
		}
		s.Rows = append(s.Rows, out)
	}
	return s, nil
}

// cover marks the cells that were merged into another.
func (r *Row) cover(merges []xlsx.Merge) {
	for _, m := range merges {
		if r.Number < m.FirstRow || r.Number > m.LastRow {
			continue
		}
		last := min(m.LastColumn, MaxColumns-1)
		for len(r.Cells) <= last {
			r.Cells = append(r.Cells, Cell{})
		}
		for i := m.FirstColumn; i <= last; i++ {
			r.Cells[i].Merged = r.Number > m.FirstRow || i > m.FirstColumn
		}
	}
}

func (s *Sheet) cell(c xlsx.Cell, dates map[int]bool) Cell {
	out := Cell{Text: c.Text}
	days, err := strconv.ParseFloat(c.Text, 64)
	switch {
	case c.Formula:
		out.Kind = Formula
	case c.Kind == xlsx.Failure:
		out.Kind = Failure
	case c.Kind == xlsx.Date:
		out.Kind = Date
		out.Text = strings.Replace(strings.TrimSuffix(c.Text, "Z"), "T", " ", 1)
	case c.Kind == xlsx.Number && c.Text == "":
	case c.Kind == xlsx.Number && dates[c.Style] && err == nil && days >= 0 && days < 3e6:
		out.Kind, out.Text = Date, serialText(days, s.date1904)
	case c.Kind == xlsx.Number:
		out.Kind, out.Text = Number, plainNumber(c.Text)
	}
	return out
}

// BadBook is the error for a workbook that can't be read.
func BadBook(err error) error {
	message := "damaged or no .xlsx file"
	if errors.Is(err, xlsx.ErrTooLarge) {
		message = "the .xlsx file is refused"
	}
	return &exit.Error{Exit: exit.Failed, ID: "FILE_FORMAT", Message: message, Err: err}
}
