package sheet

import (
	"bufio"
	"errors"
	"io"
	"strconv"

	"github.com/worksctl/worksctl/internal/exit"
)

// Reader splits CSV (RFC 4180) into rows. Unlike encoding/csv it keeps
// "\r\n" inside a cell as it is, takes a lone CR outside of quotes for the end of a
// row, as spreadsheets do, and counts rows as they do: a blank line is a row,
// a line break inside a cell is none.
type Reader struct {
	Number int  // of the row read last, from 1
	Cut    bool // that row had no line break at its end

	r     *bufio.Reader
	comma byte
	text  []byte // all cells of a row, without separators
	ends  []int  // where each cell ends in text
	cells []string
}

// NewReader reads cells that comma, an ASCII character, separates.
func NewReader(r *bufio.Reader, comma byte) *Reader { return &Reader{r: r, comma: comma} }

// MaxRow is the size of a row over which a file is refused: 1 MiB. Our own
// rows have a few hundred bytes; a quote that is never closed swallows all.
const MaxRow = 1 << 20

// state is where in a cell the reader is.
type state int

const (
	atStart     state = iota // of a cell
	inPlain                  // in a cell without quotes
	inQuotes                 // in a quoted cell
	afterQuotes              // after its closing quote
)

// Read returns the cells of the next row, in a slice valid until the next call,
// or io.EOF. A quote where none may be is an [exit.Error] with code 1 that names
// the row.
func (c *Reader) Read() ([]string, error) {
	c.Number++
	c.text, c.ends = c.text[:0], c.ends[:0]
	at := atStart
	for {
		b, err := c.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return c.finish(at)
		case err != nil:
			return nil, err
		case len(c.text)+len(c.ends) > MaxRow:
			return nil, c.bad("longer than 1 MiB: is a quote never closed?")
		case at == inQuotes && b == '"':
			at = afterQuotes
		case at == inQuotes:
			c.text = append(c.text, b)
		case b == c.comma:
			c.ends, at = append(c.ends, len(c.text)), atStart
		case b == '\n':
			return c.split(), nil
		case b == '\r':
			return c.split(), c.skipLF()
		case b == '"' && at == atStart:
			at = inQuotes
		case b == '"' && at == afterQuotes:
			c.text, at = append(c.text, b), inQuotes
		case b == '"' || at == afterQuotes:
			return nil, c.bad("a quote in the middle of cell " + strconv.Itoa(len(c.ends)+1))
		default:
			c.text, at = append(c.text, b), inPlain
		}
	}
}

func (c *Reader) finish(at state) ([]string, error) {
	switch {
	case at == inQuotes:
		return nil, c.bad("the file ends inside a quoted cell: it is not whole")
	case at == atStart && len(c.ends) == 0:
		return nil, io.EOF
	}
	c.Cut = true
	return c.split(), nil
}

func (c *Reader) skipLF() error {
	next, err := c.r.Peek(1)
	if err == nil && next[0] == '\n' {
		_, err = c.r.Discard(1)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// split makes one string of the row and slices the cells out of it.
func (c *Reader) split() []string {
	text := string(c.text)
	c.cells = c.cells[:0]
	start := 0
	for _, end := range append(c.ends, len(text)) {
		c.cells = append(c.cells, text[start:end])
		start = end
	}
	return c.cells
}

func (c *Reader) bad(text string) error {
	return exit.Failedf("FILE_FORMAT", "", "row %d: %s", c.Number, text)
}
