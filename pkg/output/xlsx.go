package output

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/worksctl/worksctl/pkg/xlsx"
)

const (
	xlsxSample  = 200              // rows looked at for the columns' widths
	xlsxMaxRows = xlsx.MaxRows - 1 // beside the header
)

type xlsxSink[T any] struct {
	w      io.Writer
	cols   []Column[T]
	names  []string
	keys   *keyMaker
	cells  []string // of one row, the key first
	rows   int
	held   [][]string // rows that wait for the columns' widths
	book   *xlsx.Writer
	err    error
	closed bool
}

// NewXLSX makes a sink for an Excel workbook of one worksheet: a key column
// ([RowKey]), then cols, every cell text, a bold header row of column keys that
// stays in view, and a filter over all columns. Values pass through [CellText].
// A literal _xHHHH_, which workbooks read as an escape, gets a space for its
// first underscore, because programs disagree on how to write it.
//
// The workbook reaches w as it grows, from the 200th row on; it is whole only
// after Close, and opens nowhere when it isn't. A value of more than 32,767
// UTF-16 units or a row after the 1,048,575th makes a [*SheetLimitError]; nothing
// is ever cut.
func NewXLSX[T any](w io.Writer, cols []Column[T]) Sink[T] {
	names := Keys(cols)
	return &xlsxSink[T]{w: w, cols: cols, names: names, keys: newKeyMaker(names), cells: make([]string, len(cols)+1)}
}

func (s *xlsxSink[T]) Write(v T) error {
	if s.closed {
		return cmp.Or(s.err, errors.New("write to a closed workbook"))
	}
	if s.err == nil {
		s.err = s.write(v)
	}
	return s.err
}

func (s *xlsxSink[T]) write(v T) error {
	if s.rows++; s.rows > xlsxMaxRows {
		return &SheetLimitError{Row: s.rows}
	}
	row := s.cells[1:]
	for i := range s.cols {
		value := s.cols[i].Value(v)
		text, err := exact(&s.cols[i], s.rows, value, xlsxText(value))
		if err != nil {
			return err
		}
		row[i] = text
		if !xlsx.CellFits(row[i]) {
			return &SheetLimitError{Row: s.rows, Column: s.names[i]}
		}
	}
	s.cells[0] = s.keys.key(row)
	if s.book != nil {
		return s.writeRow(s.cells)
	}
	s.held = append(s.held, slices.Clone(s.cells))
	if len(s.held) == xlsxSample {
		return s.start()
	}
	return nil
}

func (s *xlsxSink[T]) writeRow(cells []string) error {
	if err := s.book.WriteRow(cells); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// start begins the workbook, now that the columns' widths are known, with the
// header and the rows that waited.
func (s *xlsxSink[T]) start() error {
	widths := make([]float64, len(s.cells))
	for i := range widths {
		widths[i] = s.width(i)
	}
	book, err := xlsx.NewWriter(s.w, xlsx.Options{Widths: widths})
	if err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	s.book = book
	if err := s.writeRow(append([]string{KeyColumn}, s.names...)); err != nil {
		return err
	}
	for _, cells := range s.held {
		if err := s.writeRow(cells); err != nil {
			return err
		}
	}
	s.held = nil
	return nil
}

// width returns the width of the i-th column in characters, from the rows held.
func (s *xlsxSink[T]) width(i int) float64 {
	const padding, least, most = 3, 8, 50 // padding leaves room for the filter's button
	if i == 0 {
		return least // the key is for worksctl, not for people
	}
	widest := len(s.names[i-1])
	for _, cells := range s.held {
		widest = max(widest, DisplayWidth(cells[i]))
	}
	return float64(min(max(widest+padding, least), most))
}

func (s *xlsxSink[T]) Close() error {
	if s.closed {
		return s.err
	}
	s.closed = true
	if s.err == nil {
		s.err = s.finish()
	}
	s.free()
	return s.err
}

func (s *xlsxSink[T]) finish() error {
	if s.book == nil {
		if err := s.start(); err != nil {
			return err
		}
	}
	if err := s.book.Close(); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// Abort leaves the workbook without its end, so that no program opens it.
func (s *xlsxSink[T]) Abort() error {
	s.closed = true
	s.free()
	return nil
}

func (s *xlsxSink[T]) free() { s.held, s.book = nil, nil }
