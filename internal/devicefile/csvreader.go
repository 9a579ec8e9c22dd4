package devicefile

import (
	"bufio"
	"errors"
	"io"
	"strconv"

	"github.com/worksctl/worksctl/internal/exit"
)

// csvReader splits CSV (RFC 4180) into rows. Unlike encoding/csv it keeps
// "\r\n" inside a cell as it is, takes a lone CR outside of quotes for the end of a
// row, as spreadsheets do, and counts rows as they do: a blank line is a row,
// a line break inside a cell is none.
type csvReader struct {
	r     *bufio.Reader
	line  int    // of the row read last
	cut   bool   // that row had no line break at its end
	text  []byte // all cells of a row, without separators
	ends  []int  // where each cell ends in text
	cells []string
}

// maxRow is the size of a row over which a file is refused: 1 MiB. Our own
// rows have a few hundred bytes; a quote that is never closed swallows all.
const maxRow = 1 << 20

// state is where in a cell the reader is.
type state int

const (
	atStart     state = iota // of a cell
	inPlain                  // in a cell without quotes
	inQuotes                 // in a quoted cell
	afterQuotes              // after its closing quote
)

// read returns the cells of the next row, valid until the next call, or io.EOF.
// A quote where none may be is an error of type [Problem].
func (c *csvReader) read() ([]string, error) {
	c.line++
	c.text, c.ends = c.text[:0], c.ends[:0]
	at := atStart
	for {
		b, err := c.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return c.finish(at)
		case err != nil:
			return nil, err
		case len(c.text)+len(c.ends) > maxRow:
			return nil, c.bad("longer than 1 MiB: is a quote never closed?")
		case at == inQuotes && b == '"':
			at = afterQuotes
		case at == inQuotes:
			c.text = append(c.text, b)
		case b == ',':
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

func (c *csvReader) finish(at state) ([]string, error) {
	switch {
	case at == inQuotes:
		return nil, c.bad("the file ends inside a quoted cell: it is not whole")
	case at == atStart && len(c.ends) == 0:
		return nil, io.EOF
	}
	c.cut = true
	return c.split(), nil
}

func (c *csvReader) skipLF() error {
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
func (c *csvReader) split() []string {
	text := string(c.text)
	c.cells = c.cells[:0]
	start := 0
	for _, end := range append(c.ends, len(text)) {
		c.cells = append(c.cells, text[start:end])
		start = end
	}
	return c.cells
}

func (c *csvReader) bad(text string) error {
	return exit.Failedf("FILE_FORMAT", "", "row %d: %s", c.line, text)
}
