package devicefile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/output"
)

// isHeader tells a table, by how its first line looks, from plain text with a
// device id in the first line. A header without device ids is one too, so that
// it is named as such. text begins with the first line that isn't blank.
func isHeader(text []byte) bool {
	if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
		text = text[:end]
	}
	line := strings.ToLower(strings.Trim(string(text), " \t\""))
	if strings.ContainsAny(line, ",\t") || strings.Contains(strings.ReplaceAll(line, " ", "_"), fleet.KeyDeviceID) {
		return true
	}
	names := append(output.Keys(fleet.Columns(fleet.View{})), output.KeyColumn, "deviceid")
	return slices.Contains(names, line)
}

// hasHeaderBelow reports whether the header of a console's download stands in one
// of the first rows, below its title. head is the beginning of the file.
func (f *File) hasHeaderBelow(head []byte) bool {
	end := bytes.LastIndexAny(head, "\r\n")
	if end < 0 {
		return false
	}
	known := consolefile.Options{Map: f.options.Map}.Known()
	s, err := sheet.Read(head[:end], sheet.Options{Known: known})
	if err != nil {
		return false
	}
	enough := 2
	if len(f.options.Map) > 0 {
		enough = 1
	}
	return slices.ContainsFunc(s.Rows[:min(len(s.Rows), above)], func(r sheet.Row) bool { return known(r.Texts()) >= enough })
}

// lines reads plain text: a device id in each line, blank lines between them.
type lines struct {
	scan *bufio.Scanner
	line int
	cut  bool // that line had no line break at its end

	looks *looks
}

func newLines(r *bufio.Reader) *lines {
	l := &lines{scan: bufio.NewScanner(r), looks: newLooks()}
	l.scan.Buffer(nil, sheet.MaxRow)
	l.scan.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		advance, line, err := bufio.ScanLines(data, atEOF)
		l.cut = advance > 0 && data[advance-1] != '\n'
		return advance, line, err
	})
	return l
}

func (l *lines) columns() []string { return []string{fleet.KeyDeviceID} }

func (l *lines) next() (Row, error) {
	for l.scan.Scan() {
		l.line++
		id := strings.Trim(l.scan.Text(), " \t")
		if isBlankText(id) {
			continue
		}
		row := Row{Line: l.line}
		switch why := notOneID(id); {
		case why != "":
			row.add("", why)
		case l.looks.damage(fleet.KeyDeviceID, id) != "":
			row.add("", l.looks.damage(fleet.KeyDeviceID, id))
		case l.cut && l.line > 1:
			// One line alone is what a person or a command wrote without a line
			// break; of a list it may be the first half of another device's id.
			row.add("", "the file ends in the middle of a line: it may be cut; if it is whole, add a line break at its end")
		default:
			row.Device.DeviceID = id
		}
		return row, nil
	}
	switch err := l.scan.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return Row{}, exit.Failedf("FILE_FORMAT", "write one device id a line", "row %d: longer than 1 MiB", l.line+1)
	case err != nil:
		return Row{}, err
	}
	return Row{}, io.EOF
}

// notOneID returns why a line is not just one device id, or nothing.
func notOneID(line string) string {
	const bare = ": write one device id a line, bare"
	switch {
	case !utf8.ValidString(line):
		return "is not UTF-8: save the file as UTF-8"
	case strings.IndexFunc(line, unicode.IsSpace) >= 0:
		return "has a blank in it" + bare
	case strings.ContainsAny(line, ",;"):
		return "has a comma or semicolon in it" + bare
	case strings.ContainsAny(line, "\"'`“”‘’"):
		return "has a quote in it" + bare
	case strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0:
		return "has a character in it that can't be seen" + bare
	}
	return ""
}

// isBlankText reports whether a text has nothing in it that can be seen.
func isBlankText(s string) bool { return strings.TrimSpace(s) == "" }
