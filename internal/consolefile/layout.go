package consolefile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// preamble is how many rows may stand before the header.
const preamble = 20

// enough known headers make a header.
const enough = 2

// findHeader returns the index of the first row that is a header: one with two
// headers that are known, or with one where `--map` says so.
func findHeader(s *sheet.Sheet, o Options, match *matcher) (int, error) {
	rows := s.Rows[:min(len(s.Rows), preamble)]
	first := func(least int) int {
		return slices.IndexFunc(rows, func(row sheet.Row) bool { return match.known(row.Texts()) >= least })
	}
	if at := first(enough); at >= 0 {
		return at, nil
	}
	if len(o.Map) == 0 {
		return 0, unknownHeader(s, o)
	}
	if at := first(1); at >= 0 {
		return at, nil
	}
	return 0, exit.Usagef("BAD_MAP", "", "--map %q: no row at the beginning of the file has such a header", o.Map[0])
}

// above makes sure that no device stands above the header, as where an earlier
// header wasn't known. A title may stand there, a date, and blank rows.
func (r *reader) above(rows []sheet.Row) error {
	width := len(filled(r.file.headers()))
	for _, row := range rows {
		if texts := filled(row.Texts()); r.mayBeDevice(texts, width) {
			hint := "if it is none, delete the row; if it is one, say what its header means: --map 'HEADER=COLUMN'"
			return exit.Failedf("FILE_HEADER", hint, "row %d: %s stands above the header, which is row %d, and may be a device",
				row.Number, strconv.Quote(texts[0]), r.file.HeaderRow)
		}
	}
	return nil
}

func (r *reader) mayBeDevice(texts []string, width int) bool {
	kind := func(text string) string { return strings.Join(r.guess(text), ",") }
	const pair, three = 2, 3 // such as "Exported" and a date
	if width := (width + 1) / 2; len(texts) > 1 && len(texts) <= min(three, width) {
		return kind(texts[0]) != "" || slices.ContainsFunc(texts, func(text string) bool { return r.isOfDevice(text) })
	}
	switch len(texts) {
	case 0:
		return false
	case 1:
		return width == 1
	case pair:
		_, err := strconv.Atoi(texts[1])
		label := kind(texts[0]) == "" && (err == nil || kind(texts[1]) == fleet.KeyLastAccess) || strings.HasSuffix(texts[0], ":")
		return width <= pair || !label
	}
	return true
}

// isOfDevice reports whether a cell looks like one that a device has and a title
// hasn't.
func (r *reader) isOfDevice(text string) bool {
	keys := r.guess(text)
	return len(keys) > 0 && !slices.Contains([]string{fleet.KeyLastAccess, fleet.KeyUserEmail, fleet.KeyUserName}, keys[0])
}

// below makes sure that no second header of other columns stands below: the
// cells under it would be taken for others. The same header again is a fault of
// its row.
func (r *reader) below(match *matcher) error {
	for _, row := range r.rows {
		texts := row.Texts()
		if n := match.known(texts); n >= 2 && 2*n >= len(filled(texts)) && !r.headerAgain(withoutTail(texts)) {
			return exit.Failedf("FILE_HEADER", "save each list as a file of its own", "row %d: is a second header: the file holds two lists, one after the other", row.Number)
		}
	}
	return nil
}

func (f *File) headers() []string {
	var all []string
	for _, c := range f.Columns {
		all = append(all, c.Header)
	}
	return all
}

// filled returns the cells that hold something.
func filled(cells []string) []string {
	var texts []string
	for _, c := range cells {
		if c = strings.TrimSpace(c); c != "" {
			texts = append(texts, c)
		}
	}
	return texts
}
