package output

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Encoder appends one row as one JSON value without line breaks to dst.
type Encoder[T any] func(dst []byte, v T) ([]byte, error)

// EncodeJSON is the [Encoder] for any type: its JSON as struct tags and methods
// say, with no HTML escaping. Bytes that are not UTF-8 become U+FFFD.
func EncodeJSON[T any](dst []byte, v T) ([]byte, error) {
	b, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true))
	return append(dst, b...), err
}

// jsonSink writes one value a line, for JSON inside a streamed array.
type jsonSink[T any] struct {
	buffer
	encode Encoder[T]
	array  bool
	rows   int
}

// NewNDJSON makes a sink that writes each row as JSON on a line of its own.
func NewNDJSON[T any](w io.Writer, encode Encoder[T]) Sink[T] {
	return &jsonSink[T]{buffer: newBuffer(w), encode: encode}
}

// NewJSON makes a sink that writes one JSON array, an element a line as the
// rows come; "[]" when there are none. Until Close the array is unclosed.
func NewJSON[T any](w io.Writer, encode Encoder[T]) Sink[T] {
	return &jsonSink[T]{buffer: newBuffer(w), encode: encode, array: true}
}

func (s *jsonSink[T]) Write(v T) error {
	if s.err != nil {
		return s.err
	}
	before := len(s.data)
	if s.array {
		if s.rows == 0 {
			s.data = append(s.data, "[\n"...)
		} else {
			s.data = append(s.data, ",\n"...)
		}
	}
	data, err := s.encode(s.data, v)
	if err != nil {
		s.data = s.data[:before]
		s.err = err
		return err
	}
	s.data = data
	s.rows++
	if !s.array {
		s.data = append(s.data, '\n')
	}
	return s.flushIfFull()
}

func (s *jsonSink[T]) Close() error {
	if s.end() && s.array && s.err == nil {
		if s.rows == 0 {
			s.data = append(s.data, '[')
		} else {
			s.data = append(s.data, '\n')
		}
		s.data = append(s.data, "]\n"...)
	}
	return s.flush()
}

func (s *jsonSink[T]) Abort() error { return s.abort() }
