package output

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// csvSink writes RFC 4180 with "\n" line ends, values untouched.
type csvSink[T any] struct {
	buffer
	cols []Column[T]
}

// NewCSV makes a sink for the machine's CSV: RFC 4180, UTF-8 as it came, line
// feeds, values untouched. The header row of column keys is written even if no
// row follows, unless noHeaders is set.
func NewCSV[T any](w io.Writer, cols []Column[T], noHeaders bool) Sink[T] {
	s := &csvSink[T]{buffer: newBuffer(w), cols: cols}
	if !noHeaders {
		for i := range cols {
			s.field(i, cols[i].Key)
		}
		s.data = append(s.data, '\n')
	}
	return s
}

func (s *csvSink[T]) Write(v T) error {
	for i := range s.cols {
		s.field(i, s.cols[i].Value(v))
	}
	s.data = append(s.data, '\n')
	return s.flushIfFull()
}

func (s *csvSink[T]) field(i int, value string) {
	if i > 0 {
		s.data = append(s.data, ',')
	}
	if value == "" && len(s.cols) == 1 {
		s.data = append(s.data, `""`...) // a bare empty line is skipped by readers
		return
	}
	s.data = appendField(s.data, value)
}

func (s *csvSink[T]) Close() error { return s.flush() }
func (s *csvSink[T]) Abort() error { return s.abort() }

// appendField appends a CSV field, quoted exactly when encoding/csv quotes it.
func appendField(dst []byte, value string) []byte {
	if !needsQuotes(value) {
		return append(dst, value...)
	}
	return appendQuoted(dst, value)
}

func appendQuoted(dst []byte, value string) []byte {
	dst = append(dst, '"')
	for {
		i := strings.IndexByte(value, '"')
		if i < 0 {
			dst = append(dst, value...)
			return append(dst, '"')
		}
		dst = append(dst, value[:i]...)
		dst = append(dst, `""`...)
		value = value[i+1:]
	}
}

func needsQuotes(s string) bool {
	if s == "" {
		return false
	}
	if s == `\.` { // PostgreSQL's end-of-data marker
		return true
	}
	for i := range len(s) {
		// One comparison settles most bytes: letters, digits and UTF-8 come after.
		if c := s[i]; c <= ',' && (c == ',' || c == '"' || c == '\n' || c == '\r') {
			return true
		}
	}
	if s[0] < utf8.RuneSelf {
		return s[0] == ' ' || s[0]-'\t' < 5
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}
