package output

import (
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
)

// tableBlock is the number of rows after which a table is drawn. Rows are held
// that long to find the columns' widths.
const tableBlock = 1000

// TableSink draws rows as a table without borders, the way gh and kubectl do.
type TableSink[T any] struct {
	out       buffer
	cols      []Column[T]
	noHeaders bool
	layout    layout
	block     [][]string
	table     *tablewriter.Table // nil until the first block is drawn
	line      []string
}

// NewTable makes a [TableSink] for the columns given. width is the terminal's
// width in cells, or 0 to write to something else: then nothing is shortened or
// hidden. On a narrow terminal Flex columns are shortened first, then Droppable
// ones are hidden; if that isn't enough, lines are longer than the terminal is
// wide, since other columns are never cut.
//
// Cells pass through [Clean]. Without rows nothing at all is printed, headers
// included: what to say then, and where, is the caller's business.
//
// Rows are drawn in blocks of 1,000, so that memory stays the same for any number of
// them: the first block decides which columns are hidden, a later block may
// widen a column from there on.
func NewTable[T any](w io.Writer, cols []Column[T], width int, noHeaders bool) *TableSink[T] {
	s := &TableSink[T]{out: newBuffer(w), cols: cols, noHeaders: noHeaders}
	s.layout = layout{room: width, columns: make([]colShape, len(cols))}
	for i := range cols {
		shape := colShape{drop: cols[i].Droppable}
		if !noHeaders {
			shape.natural = DisplayWidth(cols[i].title())
		}
		if cols[i].Flex > 0 {
			shape.least = max(cols[i].Flex, shape.natural)
		}
		s.layout.columns[i] = shape
	}
	return s
}

// Write adds a row.
func (s *TableSink[T]) Write(v T) error {
	if s.out.err != nil {
		return s.out.err
	}
	cells := make([]string, len(s.cols))
	for i := range s.cols {
		cells[i] = strings.TrimRight(Clean(s.cols[i].human(v)), " ") // or lines end in spaces
		shape := &s.layout.columns[i]
		shape.natural = max(shape.natural, DisplayWidth(cells[i]))
	}
	if s.block = append(s.block, cells); len(s.block) == tableBlock {
		return s.draw()
	}
	return nil
}

// Close draws the rows not yet drawn.
func (s *TableSink[T]) Close() error {
	if err := s.draw(); err != nil {
		return err
	}
	return s.out.flush()
}

// Abort draws the rows not yet drawn.
func (s *TableSink[T]) Abort() error { return s.Close() }

// Hidden returns the keys of the columns that a narrow terminal lost, in the
// order in which they were hidden. It is complete after Close.
func (s *TableSink[T]) Hidden() []string {
	keys := make([]string, len(s.layout.hidden))
	for at, i := range s.layout.hidden {
		keys[at] = s.cols[i].Key
	}
	return keys
}

func (s *TableSink[T]) draw() error {
	if len(s.block) == 0 {
		return s.out.err
	}
	if s.table == nil {
		if err := s.start(); err != nil {
			s.out.err = fmt.Errorf("start a table: %w", err)
			return s.out.err
		}
	} else {
		s.layout.fit()
	}
	for _, cells := range s.block {
		if err := s.table.Append(s.visible(cells)); err != nil {
			s.out.err = fmt.Errorf("draw a table row: %w", err)
			return s.out.err
		}
		if err := s.out.flushIfFull(); err != nil {
			return err
		}
	}
	clear(s.block)
	s.block = s.block[:0]
	return s.out.flush()
}

func (s *TableSink[T]) start() error {
	s.layout.hideColumns()
	table, err := newTablewriter(&renderer{out: &s.out, layout: &s.layout})
	if err != nil {
		return err
	}
	s.table = table
	if !s.noHeaders {
		titles := make([]string, len(s.cols))
		for i := range s.cols {
			titles[i] = s.cols[i].title()
		}
		s.table.Header(s.visible(titles))
	}
	return nil
}

// visible returns the cells of the columns shown, shortened to their widths.
// The slice is used again.
func (s *TableSink[T]) visible(cells []string) []string {
	s.line = s.line[:0]
	for _, i := range s.layout.shown {
		cell := cells[i]
		if shape := &s.layout.columns[i]; shape.width < shape.natural {
			cell = shorten(cell, shape.width)
		}
		s.line = append(s.line, cell)
	}
	return s.line
}
