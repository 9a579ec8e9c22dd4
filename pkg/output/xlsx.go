package output

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

const (
	xlsxSheet  = "Sheet1"
	xlsxSample = 200 // rows looked at for the columns' widths

	xlsxMaxRows = excelize.TotalRows - 1 // beside the header
)

// xlsxSink writes one worksheet with excelize's stream writer, which spills to
// a temporary file.
type xlsxSink[T any] struct {
	w     io.Writer
	cols  []Column[T]
	names []string
	keys  *keyMaker
	row   []string
	rows  int
	held  [][]any // rows that wait for the columns' widths
	cells []any
	err   error

	file   *excelize.File
	stream *excelize.StreamWriter // nil until the first rows are written
	tmpDir string
	closed bool
}

// NewXLSX makes a sink for an Excel workbook of one worksheet: a key column
// ([RowKey]), then cols, every cell text, a bold header row of column keys that
// stays in view, and a filter over all columns. Values pass through [CellText].
// A literal _xHHHH_, which workbooks read as an escape, gets a space for its
// first underscore, because programs disagree on how to write it.
//
// The workbook reaches w in Close; until then it is held in memory or, beyond
// 16 MB, in a temporary file that Close and [Abort] remove. A value of more than
// 32,767 UTF-16 units or a row after the 1,048,575th makes a [*SheetLimitError];
// nothing is ever cut.
func NewXLSX[T any](w io.Writer, cols []Column[T]) Sink[T] {
	names := Keys(cols)
	return &xlsxSink[T]{
		w: w, cols: cols, names: names, keys: newKeyMaker(names),
		row: make([]string, len(cols)), cells: make([]any, len(cols)+1),
	}
}

func (s *xlsxSink[T]) Write(v T) error {
	if s.err == nil {
		s.err = s.write(v)
	}
	return s.err
}

func (s *xlsxSink[T]) write(v T) error {
	if s.rows++; s.rows > xlsxMaxRows {
		return &SheetLimitError{Row: s.rows}
	}
	for i := range s.cols {
		s.row[i] = xlsxText(s.cols[i].Value(v))
		if tooLong(s.row[i]) {
			return &SheetLimitError{Row: s.rows, Column: s.names[i]}
		}
		s.cells[i+1] = s.row[i]
	}
	s.cells[0] = s.keys.key(s.row)
	if s.stream != nil {
		return s.setRow(s.rows+1, s.cells)
	}
	s.held = append(s.held, append([]any(nil), s.cells...))
	if len(s.held) == xlsxSample {
		return s.start()
	}
	return nil
}

func (s *xlsxSink[T]) setRow(n int, cells []any) error {
	if err := s.stream.SetRow(fmt.Sprintf("A%d", n), cells); err != nil {
		return fmt.Errorf("write worksheet row %d: %w", n, err)
	}
	return nil
}

// start opens the workbook, now that the columns' widths are known, and writes
// the header and the rows that waited.
func (s *xlsxSink[T]) start() error {
	s.file = excelize.NewFile(excelize.Options{TmpDir: s.tmpDir})
	stream, header, err := s.format()
	if err != nil {
		return fmt.Errorf("start a workbook: %w", err)
	}
	s.stream = stream
	titles := make([]any, len(s.names)+1)
	titles[0] = excelize.Cell{StyleID: header, Value: KeyColumn}
	for i, name := range s.names {
		titles[i+1] = excelize.Cell{StyleID: header, Value: name}
	}
	if err := s.setRow(1, titles); err != nil {
		return err
	}
	for i, cells := range s.held {
		if err := s.setRow(i+2, cells); err != nil {
			return err
		}
	}
	s.held = nil
	return nil
}

// format sets what has to stand before the first row and returns the header's
// style. Columns have the number format text, so that a cell stays text when a
// person edits it.
func (s *xlsxSink[T]) format() (*excelize.StreamWriter, int, error) {
	const textFormat = 49 // "@"
	text, err := s.file.NewStyle(&excelize.Style{NumFmt: textFormat})
	if err != nil {
		return nil, 0, err
	}
	header, err := s.file.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, 0, err
	}
	stream, err := s.file.NewStreamWriter(xlsxSheet)
	if err != nil {
		return nil, 0, err
	}
	for i := range len(s.cols) + 1 {
		if err := stream.SetColStyle(i+1, i+1, text); err != nil {
			return nil, 0, err
		}
		if err := stream.SetColWidth(i+1, i+1, s.width(i)); err != nil {
			return nil, 0, err
		}
	}
	return stream, header, stream.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
	})
}

// width returns the width of the i-th column in characters, from the rows held.
func (s *xlsxSink[T]) width(i int) float64 {
	const padding, least, most = 3, 8, 50 // padding leaves room for the filter's button
	if i == 0 {
		return least // the key is for worksctl, not for people
	}
	widest := len(s.names[i-1])
	for _, cells := range s.held {
		if cell, ok := cells[i].(string); ok {
			widest = max(widest, DisplayWidth(cell))
		}
	}
	return float64(min(max(widest+padding, least), most))
}

func (s *xlsxSink[T]) Close() error {
	if s.closed {
		return s.err
	}
	if s.err == nil {
		s.err = s.finish()
	}
	if err := s.Abort(); s.err == nil {
		s.err = err
	}
	return s.err
}

func (s *xlsxSink[T]) finish() error {
	if s.stream == nil {
		if err := s.start(); err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(s.cols)+1, s.rows+1)
	if err != nil {
		return fmt.Errorf("finish a workbook: %w", err)
	}
	if err := s.file.AutoFilter(xlsxSheet, "A1:"+last, nil); err != nil {
		return fmt.Errorf("finish a workbook: %w", err)
	}
	if err := s.stream.Flush(); err != nil {
		return fmt.Errorf("finish a workbook: %w", err)
	}
	if err := s.file.Write(s.w); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// Abort removes the temporary file and writes nothing.
func (s *xlsxSink[T]) Abort() error {
	if s.closed = true; s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.Close()
}
