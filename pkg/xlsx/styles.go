package xlsx

import (
	"fmt"
	"strconv"
	"strings"
)

// DateStyles returns the indexes of the cell formats (cellXfs) that show a
// number as a date or a time. A workbook without formats has none.
func (f *File) DateStyles() (map[int]bool, error) {
	dates := map[int]bool{}
	if f.styles == "" {
		return dates, nil
	}
	codes := map[string]string{} // of the workbook's own number formats
	index := 0
	err := f.read(f.styles, func(t *tokens) error {
		for e, err := range t.elements() {
			if err != nil {
				return err
			}
			switch {
			case t.within("styleSheet", "numFmts"):
				codes[attribute(e, "numFmtId")] = attribute(e, "formatCode")
			case t.within("styleSheet", "cellXfs"):
				id := attribute(e, "numFmtId")
				code, own := codes[id]
				dates[index] = own && isDateCode(code) || !own && isDateFormat(id)
				index++
			}
		}
		return nil
	})
	return dates, err
}

// isDateFormat reports whether a built-in number format is one of a date or
// time (ECMA-376 part 1, 18.8.30), those of East Asia included.
func isDateFormat(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58)
}

// isDateCode reports whether a format code has letters of a date or time outside
// of quotes, escapes and brackets; [h] and the like count elapsed time.
func isDateCode(code string) bool {
	code, _, _ = strings.Cut(code, ";") // the rest is for negative numbers and text
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return false
			}
			i += end + 1
		case code[i] == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return false
			}
			switch inner := strings.ToLower(code[i+1 : i+end]); inner {
			case "h", "hh", "m", "mm", "s", "ss":
				return true
			}
			i += end
		case c == 'y' || c == 'm' || c == 'd' || c == 'h' || c == 's':
			return true
		}
	}
	return false
}

// Date1904 reports whether the dates of the workbook count from 1904-01-01 and
// not from 1899-12-30.
func (f *File) Date1904() bool { return f.date1904 }

// Merge is a range of cells that were merged into the first one; columns count
// from 0, rows from 1.
type Merge struct{ FirstRow, FirstColumn, LastRow, LastColumn int }

// Merged returns the merged cells of a sheet. It reads the sheet to its end,
// since they are listed behind the rows.
func (s *Sheet) Merged() ([]Merge, error) {
	var merges []Merge
	err := s.file.read(s.part, func(t *tokens) error {
		for e, err := range t.elements() {
			if err != nil {
				return err
			}
			if !t.within("worksheet", "mergeCells") {
				continue
			}
			m, err := parseRange(attribute(e, "ref"))
			if err != nil {
				return err
			}
			merges = append(merges, m)
		}
		return nil
	})
	return merges, err
}

func parseRange(ref string) (Merge, error) {
	first, last, ok := strings.Cut(ref, ":")
	if !ok {
		last = first
	}
	var m Merge
	var err, more error
	m.FirstColumn, m.FirstRow, err = parseCellName(first)
	m.LastColumn, m.LastRow, more = parseCellName(last)
	if err != nil || more != nil || m.LastColumn < m.FirstColumn || m.LastRow < m.FirstRow {
		return Merge{}, fmt.Errorf("%w: %q is no range of cells", ErrFormat, ref)
	}
	return m, nil
}
