package output

import (
	"io"
	"strings"
)

// KeyColumn is the name of the first column of xlsx and excel CSV files, whose
// cells are made by [RowKey].
const KeyColumn = "key"

type excelSink[T any] struct {
	buffer
	cols []Column[T]
	keys *keyMaker
	row  []string
	rows int
}

// NewExcelCSV makes a sink for the CSV that spreadsheet programs are given:
// UTF-8 with a byte order mark, CR LF line ends, a key column first, values as
// [CellText] and [Guard] leave them. A field is never written as ="…". The
// header row of column keys is written even if no row follows, unless noHeaders
// is set. [NewXLSX] is the safer choice: opening any CSV may turn 17.10 into
// 17.1, which only the key column brings to light.
func NewExcelCSV[T any](w io.Writer, cols []Column[T], noHeaders bool) Sink[T] {
	s := &excelSink[T]{
		buffer: newBuffer(w), cols: cols,
		keys: newKeyMaker(Keys(cols)), row: make([]string, len(cols)),
	}
	s.data = append(s.data, "\ufeff"...)
	if !noHeaders {
		s.line(KeyColumn, Keys(cols))
	}
	return s
}

func (s *excelSink[T]) Write(v T) error {
	if s.err != nil {
		return s.err
	}
	s.rows++
	for i := range s.cols {
		value := s.cols[i].Value(v)
		if s.row[i], s.err = exact(&s.cols[i], s.rows, value, CellText(value)); s.err != nil {
			return s.err
		}
	}
	s.line(s.keys.key(s.row), s.row)
	return s.flushIfFull()
}

func (s *excelSink[T]) line(key string, cells []string) {
	s.data = append(s.data, key...)
	for _, cell := range cells {
		s.data = append(s.data, ',')
		// Some programs split at semicolons unless the field is quoted.
		if cell = Guard(cell); strings.Contains(cell, ";") {
			s.data = appendQuoted(s.data, cell)
		} else {
			s.data = appendField(s.data, cell)
		}
	}
	s.data = append(s.data, "\r\n"...)
}

func (s *excelSink[T]) Close() error { return s.flush() }
func (s *excelSink[T]) Abort() error { return s.abort() }
