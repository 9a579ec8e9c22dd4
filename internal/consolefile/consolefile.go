// Package consolefile reads the device list that the admin console of NAVER
// WORKS lets one download: in English, Korean or Japanese, as it came or as a
// spreadsheet program left it. It maps the headers by their names, splits cells
// that hold two values, and names each cell that can't be what the console
// wrote. Nothing is guessed: what can't be told is asked for.
package consolefile

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// Options say what a file doesn't say itself.
type Options struct {
	Map      []Mapping      // of headers, before what is known of them
	Saved    []Mapping      // likewise, where Map has nothing; headers that the file lacks don't matter
	Type     api.DeviceType // the list that the file is of, for rows that don't tell
	Location *time.Location // of its times; nil is UTC
	Now      time.Time      // no access was a day later; zero where that isn't judged
	Zoned    bool           // the person said Location
}

// File is a list that was read as a whole.
type File struct {
	HeaderRow int    // where the header stands, from 1
	Language  string // en, ko or ja; empty where no header tells
	Columns   []Column
	Rows      []Row // below the header, without those that say nothing
	Bad       int   // rows with problems
	Untyped   int   // good rows of which can't be told what list they are of
}

// Row is one device of a list.
type Row struct {
	Number   int  // as a spreadsheet counts
	Hidden   bool // by a filter or by hand
	Older    bool // another row has a later access of the same device, member and app
	Device   api.Device
	Problems []Problem // what is wrong; the fields concerned are empty
}

// Problem is a cell or a row that can't be trusted.
type Problem struct {
	Row    int
	Column string // the header; empty for the row as a whole
	Text   string
}

// Read makes devices of the rows of a sheet, from whose cells it takes what can't
// be seen at their edges. Errors are [exit.Error]s: code 2
// for a mapping that doesn't fit the file, else 1: no row is a header, or what
// the file means can't be told.
func Read(s *sheet.Sheet, o Options) (*File, error) {
	if o.Location == nil {
		o.Location = time.UTC
	}
	trim(s.Rows)
	f := &File{}
	match := newMatcher(o.mappings())
	at, err := f.readHeader(s, o, match)
	if err != nil {
		return nil, err
	}
	r := &reader{file: f, sheet: s, options: o, shapes: newShapes(), rows: dataRows(s.Rows[at+1:])}
	r.clock = newClock(o.Location, o.Now)
	for _, check := range []func() error{func() error { return r.above(s.Rows[:at]) }, func() error { return r.below(match) }, r.survey} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	f.suggest(r)
	for _, row := range r.rows {
		out := r.row(row)
		r.compare(row, &out)
		f.Rows = append(f.Rows, out)
	}
	f.overlap()
	for i := range f.Rows {
		switch row := &f.Rows[i]; {
		case len(row.Problems) > 0:
			f.Bad++
		case row.Device.Type == "":
			f.Untyped++
		}
	}
	return f, nil
}

// trim takes characters without width off both ends of cells: a web page or a
// program put them there, and nobody sees them.
func trim(rows []sheet.Row) {
	for _, row := range rows {
		for i := range row.Cells {
			row.Cells[i].Text = strings.TrimFunc(row.Cells[i].Text, func(r rune) bool { return unicode.IsSpace(r) || isWidthless(r) })
		}
	}
}

// isWidthless knows the joiners, the marks of a text's direction and that of byte
// order.
func isWidthless(r rune) bool {
	return r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u2069' || r == '\ufeff'
}

// dataRows leaves out rows in which no cell says anything.
func dataRows(rows []sheet.Row) []sheet.Row {
	says := func(c sheet.Cell) bool { text, why := taken(c); return text != "" || why != "" }
	return slices.DeleteFunc(slices.Clone(rows), func(row sheet.Row) bool { return row.Blank() || !slices.ContainsFunc(row.Cells, says) })
}

// Keys returns the device columns that the file has, in the order of devices'
// columns. The list is one of them as soon as every row has one.
func (f *File) Keys() []string {
	var keys []string
	for _, c := range fleet.Columns(fleet.View{}) {
		in := slices.ContainsFunc(f.Columns, func(col Column) bool { return slices.Contains(col.Keys, c.Key) })
		if in || c.Key == fleet.KeyType && f.Untyped == 0 || c.Key == fleet.KeyUserEmail && f.has(fleet.KeyUserID) {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

func (f *File) has(key string) bool {
	return slices.ContainsFunc(f.Columns, func(c Column) bool { return slices.Contains(c.Keys, key) })
}

// Header returns the header of the column that holds a device column, or nothing.
func (f *File) Header(key string) string {
	c, _ := f.column(key)
	return c.Header
}

// HasIDs reports whether the file names devices by the ids that a server knows.
func (f *File) HasIDs() bool { return f.has(fleet.KeyDeviceID) }
