package output

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/itchyny/gojq"
)

// JQ is a compiled jq program. It sees its input only: no environment, no files,
// no further inputs.
type JQ struct {
	code *gojq.Code
}

// NewJQ compiles a jq program. The error is one line that says what is wrong
// and, for a syntax error, after which character.
func NewJQ(program string) (*JQ, error) {
	query, err := gojq.Parse(program)
	if err != nil {
		if parse, ok := errors.AsType[*gojq.ParseError](err); ok {
			at := utf8.RuneCountInString(program[:min(max(parse.Offset, 0), len(program))])
			return nil, fmt.Errorf("jq program: %s at character %d", Clean(parse.Error()), at)
		}
		return nil, fmt.Errorf("jq program: %s", Clean(err.Error()))
	}
	code, err := gojq.Compile(query) // no environment or module loader: env is {}
	if err != nil {
		return nil, fmt.Errorf("jq program: %s", Clean(err.Error()))
	}
	return &JQ{code: code}, nil
}

// jqSink runs a program over each row, or once over the array of all rows.
type jqSink[T any] struct {
	buffer
	o     Options[T]
	array bool
	rows  []any
	json  []byte
	halt  bool
}

// newJQSink makes a sink that writes a program's results, one a line: strings
// raw, other values as compact JSON.
func newJQSink[T any](w io.Writer, array bool, o Options[T]) *jqSink[T] {
	if o.Context == nil {
		o.Context = context.Background()
	}
	return &jqSink[T]{buffer: newBuffer(w), o: o, array: array, rows: []any{}}
}

func (s *jqSink[T]) Write(v T) error {
	if s.err != nil {
		return s.err
	}
	value, err := s.value(v)
	if err != nil {
		s.err = err
		return err
	}
	if s.array {
		s.rows = append(s.rows, value)
		return nil
	}
	return s.run(value)
}

func (s *jqSink[T]) value(v T) (value any, err error) {
	if s.json, err = s.o.Encode(s.json[:0], v); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(s.json))
	d.UseNumber() // keeps the digits of large numbers
	if err := d.Decode(&value); err != nil {
		return nil, fmt.Errorf("read a row for jq: %w", err)
	}
	return value, nil
}

func (s *jqSink[T]) run(input any) error {
	if s.halt {
		return s.err
	}
	results := s.o.JQ.code.RunWithContext(s.o.Context, input)
	for {
		value, more := results.Next()
		if !more {
			return s.err
		}
		if err, failed := value.(error); failed {
			if halt, ok := errors.AsType[*gojq.HaltError](err); ok && halt.Value() == nil {
				s.halt = true
				return s.err
			}
			s.err = &JQError{err}
			return s.err
		}
		if err := s.print(value); err != nil {
			return err
		}
	}
}

func (s *jqSink[T]) print(value any) error {
	if text, ok := value.(string); ok {
		if s.o.Terminal {
			text = clean(text, true)
		}
		s.data = append(s.data, text...)
	} else {
		encoded, err := gojq.Marshal(value)
		if err != nil {
			s.err = fmt.Errorf("write a jq result: %w", err)
			return s.err
		}
		s.data = append(s.data, encoded...)
	}
	s.data = append(s.data, '\n')
	return s.flushIfFull()
}

func (s *jqSink[T]) Close() error {
	if s.end() && s.array && s.err == nil {
		_ = s.run(s.rows) // the error is kept and returned below
	}
	return s.flush()
}

// Abort writes the results so far; a program over the array has none.
func (s *jqSink[T]) Abort() error { return s.abort() }

// JQError says that a jq program failed on the data it was given.
type JQError struct{ Err error }

func (e *JQError) Error() string { return "run jq program: " + Clean(e.Err.Error()) }

// Unwrap returns the program's own error, whose text may quote data.
func (e *JQError) Unwrap() error { return e.Err }
