package xlsx

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Limits bound what a file may unpack to, because a small one can unpack to
// more than a machine holds.
type Limits struct {
	Unpacked int64 // bytes of one part, such as a worksheet
	Shared   int64 // bytes of memory for the table of shared strings
}

// DefaultLimits allow worksheets of 4 GiB, which is more than a million rows
// take, and 1 GiB of memory for shared strings.
func DefaultLimits() Limits { return Limits{Unpacked: 4 << 30, Shared: 1 << 30} }

// File is an open workbook. Several goroutines may read it. It holds
// nothing that must be closed.
type File struct {
	parts  map[string]*zip.File // by name in lower case
	limits Limits
	shared []string
	sheets []*Sheet
	styles string // the part with the formats of cells, or empty

	date1904 bool
}

// Sheet is one worksheet of a workbook.
type Sheet struct {
	Name   string
	Hidden bool
	file   *File
	part   string
}

// Open reads the directory, the list of sheets and the shared strings of a
// workbook of size bytes, within [DefaultLimits]. A file that isn't a workbook
// or is damaged makes an error with [ErrFormat], [ErrTooLarge] or what went
// wrong in the zip or XML.
func Open(r io.ReaderAt, size int64) (*File, error) { return OpenWithin(DefaultLimits(), r, size) }

// OpenWithin is [Open] with other limits.
func OpenWithin(limits Limits, r io.ReaderAt, size int64) (*File, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	f := &File{parts: map[string]*zip.File{}, limits: limits}
	for _, p := range z.File {
		name := partKey(p.Name)
		if f.parts[name] != nil {
			return nil, fmt.Errorf("%w: the part %s is there twice", ErrFormat, p.Name)
		}
		f.parts[name] = p
	}
	return f, f.readWorkbook()
}

// partKey makes names equal that are equal in a package: letter case doesn't
// count, and some programs write backslashes.
func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// Sheets returns the worksheets in the workbook's order.
func (f *File) Sheets() []*Sheet { return f.sheets }

// Rows returns the rows of the first worksheet that isn't hidden: see
// [Sheet.Rows].
func (f *File) Rows() iter.Seq2[Row, error] { return f.First().Rows() }

// First returns the first worksheet that isn't hidden.
func (f *File) First() *Sheet {
	for _, s := range f.sheets {
		if !s.Hidden {
			return s
		}
	}
	return f.sheets[0] // Excel lets nobody hide them all
}

// read opens a part as XML and has it read by parse, which need not read to
// the end.
func (f *File) read(name string, parse func(*tokens) error) error {
	p := f.parts[partKey(name)]
	if p == nil {
		return fmt.Errorf("%w: the part %s is missing", ErrFormat, name)
	}
	r, err := p.Open()
	if err == nil {
		err = errors.Join(parse(newTokens(&capped{r, f.limits.Unpacked, f.limits.Unpacked})), r.Close())
	}
	if err != nil {
		return fmt.Errorf("part %s: %w", name, err)
	}
	return nil
}

// capped fails after most bytes. What the zip's directory says of sizes may be
// a lie.
type capped struct {
	r          io.Reader
	left, most int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, c.most)
	}
	return n, err
}
