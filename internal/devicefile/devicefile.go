// Package devicefile reads the devices of a file for `--from FILE`: one that
// worksctl wrote itself, in any of its formats, or the console's own download.
// It tells which by the content and names what is wrong by row and column, as a
// spreadsheet counts.
package devicefile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// Format is how a file is written.
type Format string

// The formats of own exports.
const (
	CSV    Format = "csv" // the machine's or, with a key column, the person's
	JSON   Format = "json"
	NDJSON Format = "ndjson"
	XLSX   Format = "xlsx"
)

// Row is one device of a file.
type Row struct {
	Device   api.Device
	Line     int       // as a spreadsheet counts, the header being 1; in JSON the position, from 1
	Repeated bool      // an earlier row says the same in all columns
	Older    bool      // in a console's download, where another row has a later access of the same device, member and app
	Problems []Problem // what is wrong; the fields concerned are empty
}

// Problem is a fault in one row of a file.
type Problem struct {
	Place  string // "row 3" or, in JSON, "item 3"
	Column string // the column's name in the file; empty for the row as a whole
	Text   string
}

// Error returns, for example, `row 3, column last_access: "x" is no time`.
func (p Problem) Error() string {
	if p.Column == "" {
		return p.Place + ": " + p.Text
	}
	return p.Place + ", column " + p.Column + ": " + p.Text
}

// Options say what a file that isn't an own export doesn't say itself.
type Options struct {
	Map      []consolefile.Mapping                 // of its headers
	Saved    func() ([]consolefile.Mapping, error) // likewise; asked for only if needed, and may be nil
	Type     api.DeviceType                        // the list it is of, for rows that don't tell
	Location *time.Location                        // of its times
	Now      time.Time                             // after which no access was; zero where that isn't judged
	Zoned    bool                                  // the person said Location: a header that names another zone contradicts it
	Encoding string                                // empty to find it out
	Typed    string                                // the flags that say so, each after a blank, for hints
}

// File is an open file of devices. It is read once and by one goroutine.
type File struct {
	name     string
	format   Format
	options  Options
	sheet    *sheet.Sheet      // of a file that was read as a whole
	console  *consolefile.File // nil for an own export
	hidden   []int
	unread   []string
	rows     rows
	close    func() error
	repeated int
	older    []int
	err      error // sticky
}

// rows is what each format implements.
type rows interface {
	// next returns the next row; io.EOF after the last.
	next() (Row, error)
	// columns returns the keys of the columns, or nil where a row has them all.
	columns() []string
}

// Open opens the file at path and reads its header, and of a console's download
// all of it. The path "-" stands for stdin. Errors are [exit.Error]s that name
// the file: code 2 for options that don't fit it, 5 for a workbook with several
// lists, of which nobody can say which is meant, else 1.
func Open(path string, stdin io.Reader, o Options) (*File, error) {
	return open(path, stdin, o, false)
}

// open has only what names a device read with identities.
func open(path string, stdin io.Reader, o Options, identities bool) (*File, error) {
	if path == "-" {
		return newFile("standard input", stdin, o, identities)
	}
	f, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, unreadable(path, exit.Reason(err), exportHint)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(unreadable(path, errors.New("it is a folder"), "name a file in it"), f.Close())
	}
	file, err := newFile(path, f, o, identities)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	inner := file.close
	file.close = func() error { return errors.Join(inner(), f.Close()) }
	return file, nil
}

// exportHint is for a file that isn't there or holds nothing.
const exportHint = "write one with: worksctl devices export --out devices.csv"

func unreadable(path string, err error, hint string) error {
	return &exit.Error{Exit: exit.Failed, ID: "FILE_UNREADABLE", Message: "--from " + path, Err: err, Hint: hint}
}

// New reads devices from r; name is what messages call it. A file of ".ndjson"
// may be empty, as an export of no devices is; any other empty file is an error.
func New(name string, r io.Reader, o Options) (*File, error) { return newFile(name, r, o, false) }

// looked is how much of a file is looked at to tell what it is: more than a
// header takes.
const looked = 8 << 10

func newFile(name string, r io.Reader, o Options, identities bool) (*File, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	f := &File{name: name, options: o, close: func() error { return nil }}
	head, err := br.Peek(looked)
	if errors.Is(err, io.EOF) {
		err = nil // a small file
	}
	if err != nil {
		return nil, f.fail("FILE_UNREADABLE", "", "%w", exit.Reason(err))
	}
	if err := f.begin(br, head, identities); err != nil {
		return nil, errors.Join(f.wrap(err), f.close())
	}
	return f, nil
}

// begin tells by the head of a file how to read it.
func (f *File) begin(br *bufio.Reader, head []byte, identities bool) (err error) {
	body, marked := bytes.CutPrefix(head, []byte(byteOrderMark))
	text := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		f.format = XLSX
		return f.beginBook(br, identities)
	case f.options.Encoding != "" && !isJSON(text), foreign(head, text):
		return f.beginSheet(br, identities)
	}
	if marked {
		if _, err := br.Discard(len(byteOrderMark)); err != nil {
			return err
		}
	}
	switch {
	case len(text) == 0 && strings.HasSuffix(f.name, ".ndjson"):
		f.format, f.rows = NDJSON, newJSON(br, false, identities)
	case len(text) == 0 && identities && !slices.Contains([]string{".csv", ".json", ".xlsx"}, strings.ToLower(filepath.Ext(f.name))):
		f.rows = newLines(br) // a list of nothing
	case len(text) == 0:
		return exit.Failedf("FILE_EMPTY", exportHint, "the file is empty: it has not even a header")
	case text[0] == '[' && (isJSON(text) || !f.hasHeaderBelow(head)): // else a title in brackets
		f.format, f.rows = JSON, newJSON(br, true, identities)
	case text[0] == '{':
		f.format, f.rows = NDJSON, newJSON(br, false, identities)
	case isOwn(text):
		f.format = CSV
		f.rows, err = newCSV(br, f.options.Map, identities)
	case identities && !isHeader(text) && !f.hasHeaderBelow(head):
		f.rows = newLines(br)
	default:
		return f.beginSheet(br, identities)
	}
	return err
}

// isJSON reports whether a text begins as JSON does, which is always UTF-8, and no
// title of a table.
func isJSON(text []byte) bool {
	if len(text) == 0 || !strings.ContainsRune("[{", rune(text[0])) {
		return false
	}
	inner := bytes.TrimLeft(text[1:], " \t\r\n")
	return len(inner) > 0 && strings.ContainsRune(`{}]"`, rune(inner[0]))
}

// byteOrderMark is U+FEFF in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// Format returns how the file is written.
func (f *File) Format() Format { return f.format }

// Columns returns the keys of the file's device columns in the file's order,
// and nil where every row has all of them. Filters on other columns can't be
// answered from the file.
func (f *File) Columns() []string { return f.rows.columns() }

// Repeated returns how many rows so far said the same as an earlier row.
func (f *File) Repeated() int { return f.repeated }

// Older returns the numbers of the rows read so far that are left out as another
// row has a later access of the same device, member and app.
func (f *File) Older() []int { return f.older }

// Console returns what was found in a console's download, and nil for an own
// export.
func (f *File) Console() *consolefile.File { return f.console }

// BareLogins tells of members whom a console's download names by a login without
// its domain, to which no message can go: the header of their column, what `--map`
// takes to mend it, and how many they are; zero for an own export.
func (f *File) BareLogins() (header, suggest string, members int) {
	if f.console == nil {
		return "", "", 0
	}
	return f.console.BareLogins()
}

// Sheet returns a file that was read as a whole, for its encoding and separator;
// nil for one that is read row by row.
func (f *File) Sheet() *sheet.Sheet { return f.sheet }

// Hidden returns the numbers of the rows read so far that a spreadsheet hides.
func (f *File) Hidden() []int { return f.hidden }

// Unread returns the names of the visible sheets of a workbook that hold something
// and are not the list.
func (f *File) Unread() []string { return f.unread }

// Close releases the file.
func (f *File) Close() error { return f.close() }

// Rows returns all rows with their problems. Rows of one device that differ are
// rows of their own: a device with two apps, or one that two members share. In a
// console's download that was put together from several, only the row of the latest
// access counts of one app on one device of one member. An error is one after which the file can't be read on; it ends the sequence.
func (f *File) Rows(ctx context.Context) iter.Seq2[Row, error] {
	seen := newRowSet()
	return func(yield func(Row, error) bool) {
		for row, err := range f.each(ctx) {
			switch {
			case err != nil || len(row.Problems) > 0:
			case row.Older:
				f.older = append(f.older, row.Line)
			case seen.add(&row.Device):
				row.Repeated = true
				f.repeated++
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// each returns all rows, none compared with another.
func (f *File) each(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			row, err := f.next(ctx)
			if errors.Is(err, io.EOF) || !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func (f *File) next(ctx context.Context) (Row, error) {
	if err := ctx.Err(); err != nil {
		return Row{}, context.Cause(ctx)
	}
	if f.err != nil {
		return Row{}, f.err
	}
	row, err := f.rows.next()
	if err != nil && !errors.Is(err, io.EOF) {
		err = f.wrap(err)
	}
	f.err = err
	return row, err
}

// Devices returns the devices of the file, one for each row that isn't repeated
// or older than another. A row with a problem ends the sequence with an [exit.Error] of code 1 that names
// file, row and column: a list that leaves out what it can't read is a wrong list.
// In a console's download, which is read as a whole, that comes before any device.
func (f *File) Devices(ctx context.Context) iter.Seq2[api.Device, error] {
	return func(yield func(api.Device, error) bool) {
		if err := f.badRows(); err != nil {
			yield(api.Device{}, err)
			return
		}
		for row, err := range f.Rows(ctx) {
			switch {
			case err != nil:
				yield(api.Device{}, err)
				return
			case len(row.Problems) > 0:
				yield(api.Device{}, f.wrap(row.Problems[0]))
				return
			case row.Repeated || row.Older:
				continue
			}
			if !yield(row.Device, nil) {
				return
			}
		}
	}
}

func (f *File) wrap(err error) error {
	switch e := err.(type) { //nolint:errorlint // as the formats return them, unwrapped
	case Problem:
		return f.fail("BAD_ROW", "", "%w", e)
	case *exit.Error:
		e.Message = f.name + ": " + e.Message
		return e
	}
	return f.fail("FILE_UNREADABLE", "", "%w", exit.Reason(err))
}

func (f *File) fail(id, hint, format string, args ...any) error {
	return &exit.Error{Exit: exit.Failed, ID: id, Hint: hint, Message: f.name, Err: fmt.Errorf(format, args...)}
}
