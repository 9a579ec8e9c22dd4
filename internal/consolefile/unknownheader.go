package consolefile

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// unknownHeader says what stands in the first row that may be a header, and how
// to go on.
func unknownHeader(s *sheet.Sheet, o Options) error {
	rows := dataRows(s.Rows)
	if len(rows) == 0 {
		return exit.Failedf("FILE_EMPTY", "", "the file is empty: it has not even a header")
	}
	at := max(slices.IndexFunc(rows, func(row sheet.Row) bool { return len(filled(row.Texts())) > 1 }), 0) // below a title
	row := rows[at]
	texts := filled(row.Texts())
	if i := slices.IndexFunc(texts, isMisread); i >= 0 {
		return exit.Failedf("FILE_HEADER", "", "row %d: %q %s", row.Number, texts[i], misread)
	}
	if i := slices.IndexFunc(texts, func(t string) bool { return strings.ContainsRune(t, utf8.RuneError) }); i >= 0 {
		return exit.Failedf("FILE_HEADER", garbledHint, "row %d: %q %s", row.Number, texts[i], garbled)
	}
	var quoted []string
	for _, t := range texts[:min(len(texts), 6)] {
		quoted = append(quoted, strconv.Quote(t))
	}
	hint := "if it is a list of devices, say what its columns are: --map " + fleet.ShellQuote(plain(texts[0])+"=COLUMN")
	if maps := mapsByLooks(s, o, row, rows[at+1:]); maps != "" {
		hint = "if it is a list of devices, say what its columns are; by their looks:" + maps
	}
	return exit.Failedf("FILE_HEADER", hint,
		"row %d: there is no column device_id, and no header of a device list is known here: %s", row.Number, strings.Join(quoted, ", "))
}

// mapsByLooks is what `--map` may take of the columns whose cells tell what they
// hold, each after a blank; not of two that look the same.
func mapsByLooks(s *sheet.Sheet, o Options, header sheet.Row, rows []sheet.Row) string {
	r := &reader{file: &File{}, sheet: s, options: o, shapes: newShapes(), rows: rows, clock: newClock(o.Location, o.Now)}
	if slices.ContainsFunc(filled(header.Texts()), func(text string) bool { return len(r.guess(text)) > 0 }) {
		return "" // it may be a device, above which the header was lost
	}
	found := map[string][]string{}
	var order []string
	for at, text := range header.Texts() {
		keys := r.looksLike(at)
		same := func(other string) bool { return fold(other) == fold(text) }
		if len(keys) == 0 || strings.TrimSpace(text) == "" || slices.ContainsFunc(header.Texts()[:at], same) || slices.ContainsFunc(header.Texts()[at+1:], same) {
			continue
		}
		if found[keys[0]] == nil {
			order = append(order, keys[0])
		}
		found[keys[0]] = append(found[keys[0]], Mapping{Header: plain(text), Keys: keys}.String())
	}
	text := ""
	for _, key := range order {
		if maps := found[key]; len(maps) == 1 {
			text += " --map " + fleet.ShellQuote(maps[0])
		}
	}
	return text
}
