package consolefile

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// Column is one column of a file.
type Column struct {
	Header   string   // in one line, as --map takes it
	Position int      // from 1
	Keys     []string // the device columns that it holds; none for one that isn't read
	Ignored  bool     // known, or said, to hold nothing about devices
	Suggest  string   // for one that isn't known, what `--map` may take

	order  Order
	domain string // of the e-mails whose logins the ids are
	at     int
	mapped bool     // by the person
	exact  bool     // its cells are right as they stand
	lang   string   // of the header; empty where none tells
	said   []string // the keys before others took some of them
	given  string   // what its cells may hold too, and has a column of its own
}

// readHeader finds the header and the columns, and returns the index of its row.
func (f *File) readHeader(s *sheet.Sheet, o Options, match *matcher) (int, error) {
	at, err := findHeader(s, o, match)
	if err != nil {
		return 0, err
	}
	row := s.Rows[at]
	f.HeaderRow = row.Number
	texts := withoutTail(row.Texts())
	for i, text := range texts {
		c := Column{Header: plain(text), Position: i + 1, at: i}
		if row.Cells[i].Merged {
			return 0, f.headerError("", "column %d of the header is merged with another: take the cells apart", i+1)
		}
		if strings.ContainsRune(text, utf8.RuneError) {
			return 0, f.headerError(garbledHint, "%q %s", c.Header, garbled)
		}
		name := fold(text)
		if m, ok := match.mapped[name]; ok && name != "" {
			c.Keys, c.order, c.domain, c.Ignored, c.mapped = m.Keys, m.Order, m.Domain, len(m.Keys) == 0, true
			c.exact = m.Exact
		} else if a, ok := match.aliases[name]; ok {
			c.Keys, c.Ignored, c.lang = a.keys, len(a.keys) == 0, a.lang
		} else if isMisread(text) {
			return 0, f.headerError("", "%q %s", c.Header, misread)
		}
		f.Columns = append(f.Columns, c)
	}
	if err := f.fits(o.Map); err != nil {
		return 0, err
	}
	f.Language = f.language(match)
	if err := f.settle(s.Rows[at+1:]); err != nil {
		return 0, err
	}
	f.leave(s.Rows[at+1:])
	f.share()
	return at, f.unambiguous()
}

func (f *File) headerError(hint, format string, args ...any) error {
	return exit.Failedf("FILE_HEADER", hint, "row %d: %s", f.HeaderRow, fmt.Sprintf(format, args...))
}

// fits makes sure that all headers of `--map` are there.
func (f *File) fits(mappings []Mapping) error {
	for _, m := range mappings {
		if !slices.ContainsFunc(f.Columns, func(c Column) bool { return fold(c.Header) == fold(m.Header) }) {
			return exit.Usagef("BAD_MAP", "the headers are: "+strings.Join(f.headers(), ", "), "--map %q: the file has no such header", m)
		}
	}
	return nil
}

func (f *File) language(match *matcher) string {
	counts := map[string]int{}
	for _, c := range f.Columns {
		counts[match.aliases[fold(c.Header)].lang]++
	}
	best := ""
	for _, lang := range []string{english, korean, japanese} {
		if counts[lang] > 0 && (best == "" || counts[lang] > counts[best]) {
			best = lang
		}
	}
	return best
}

// unambiguous refuses two columns for the same.
func (f *File) unambiguous() error {
	byKey := map[string]*Column{}
	for i := range f.Columns {
		c := &f.Columns[i]
		for _, key := range c.Keys {
			if other := byKey[key]; other != nil {
				if fold(other.Header) == fold(c.Header) {
					return f.sameHeader(other, c)
				}
				return f.headerError("leave one out: "+leaveOut(other, c),
					"the columns %q and %q both hold %s", other.Header, c.Header, key)
			}
			byKey[key] = c
		}
	}
	return nil
}

func (f *File) sameHeader(one, other *Column) error {
	return f.headerError("rename one of them in the file", "columns %d and %d are both called %q", one.Position, other.Position, other.Header)
}

// leaveOut names the `--map` that drops one of two columns. What the person
// mapped is meant.
func leaveOut(columns ...*Column) string {
	var drops []string
	for _, c := range columns {
		if !c.mapped || columns[0].mapped && columns[1].mapped {
			drops = append(drops, "--map "+fleet.ShellQuote(Mapping{Header: c.Header}.String()))
		}
	}
	return strings.Join(drops, " or ")
}

// suggest names for each column that isn't known what `--map` may take, judged
// by its cells.
func (f *File) suggest(r *reader) {
	for i := range f.Columns {
		c := &f.Columns[i]
		if len(c.Keys) > 0 || c.Ignored || c.Header == "" {
			continue
		}
		keys := r.looksLike(c.at)
		free := len(keys) > 0 && !slices.ContainsFunc(keys, f.has)
		if free {
			c.Suggest = Mapping{Header: c.Header, Keys: keys}.String()
		} else {
			c.Suggest = Mapping{Header: c.Header}.String()
		}
	}
}

// Unknown returns the columns that are not read, because nobody said what they
// hold.
func (f *File) Unknown() []Column {
	return slices.DeleteFunc(slices.Clone(f.Columns), func(c Column) bool { return len(c.Keys) > 0 || c.Ignored || c.Header == "" })
}

// withoutTail drops empty cells after the last text.
func withoutTail(cells []string) []string {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}
