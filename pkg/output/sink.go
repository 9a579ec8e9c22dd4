package output

import (
	"cmp"
	"io"
	"strconv"
)

// Sink writes rows in one format. A sink is used by one goroutine at a time.
type Sink[T any] interface {
	// Write adds a row. It may only reach the writer later. After an error the
	// sink takes no more rows: it repeats that error.
	Write(T) error
	// Close completes the output. It doesn't close the writer. A listing that
	// failed half way must not be closed but ended with [Abort].
	Close() error
}

// Abort ends an output that stays incomplete and frees what its sink holds.
// Rows already written come out as far as the format can show them (csv, ndjson,
// yaml, table); a JSON array is left unclosed, so that it doesn't parse, and a
// workbook without its end, so that it doesn't open; of a count and a program
// over an array nothing comes out. After [Sink.Close] it does nothing.
func Abort[T any](s Sink[T]) error {
	if a, ok := s.(interface{ Abort() error }); ok {
		return a.Abort()
	}
	return nil
}

// flushAt is the size in bytes from which a buffer is handed to the writer.
const flushAt = 48 << 10

// buffer collects output for a sink and keeps the first error of either.
type buffer struct {
	w      io.Writer
	data   []byte
	sent   bool  // the first row has left
	err    error // the first error: the sink takes no more rows
	broken bool  // the writer failed: nothing more is written
	closed bool
}

func newBuffer(w io.Writer) buffer {
	return buffer{w: w, data: make([]byte, 0, flushAt+flushAt/3)}
}

// flushIfFull is called after each row. The first row leaves at once: whoever
// reads it sees that the listing has begun, however slow the next page is.
func (b *buffer) flushIfFull() error {
	if b.sent && len(b.data) < flushAt {
		return b.err
	}
	b.sent = true
	return b.flush()
}

// flush writes what is there even if the sink has failed: rows that came before
// the failure are shown.
func (b *buffer) flush() error {
	if len(b.data) > 0 && !b.broken {
		if _, err := b.w.Write(b.data); err != nil {
			b.broken = true
			b.err = cmp.Or(b.err, err)
		}
	}
	b.data = b.data[:0]
	return b.err
}

// abort ends an output that stays incomplete: rows that came are shown, a
// header or a bracket without any is not.
func (b *buffer) abort() error {
	if b.end() && !b.sent {
		b.data = b.data[:0]
	}
	return b.flush()
}

// end reports whether this is the first Close or Abort.
func (b *buffer) end() bool {
	first := !b.closed
	b.closed = true
	return first
}

// Count is a sink that prints how many rows it was given, and nothing else.
type Count[T any] struct {
	w io.Writer
	n int
}

// NewCount makes a [Count] on w.
func NewCount[T any](w io.Writer) *Count[T] { return &Count[T]{w: w} }

// Write counts the row.
func (s *Count[T]) Write(T) error {
	s.n++
	return nil
}

// Close prints the number and a line feed.
func (s *Count[T]) Close() error {
	_, err := s.w.Write(strconv.AppendInt(nil, int64(s.n), 10))
	if err == nil {
		_, err = s.w.Write([]byte("\n"))
	}
	return err
}
