package consolefile

import (
	"fmt"
	"maps"
	"slices"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// reader makes devices of rows.
type reader struct {
	file    *File
	sheet   *sheet.Sheet
	options Options
	shapes  *shapes
	rows    []sheet.Row
	clock   *clock

	dated, timed int                       // dates of the column, and those with a time of day
	suspect      map[string]map[int]string // by column key and row, what only the whole column tells
	named        map[string]bool           // of os and app: some cell names one that is known
	contradicts  map[int]string            // by row, why its member's id can't be right
	locals       map[string]bool           // ids of members that are the logins of several e-mails
	uuids        bool                      // some Vendor ID is a UUID
}

// cell returns a cell of a row, empty where the row is short.
func cell(row sheet.Row, at int) sheet.Cell {
	if at < len(row.Cells) {
		return row.Cells[at]
	}
	return sheet.Cell{}
}

// column returns the column that holds key.
func (f *File) column(key string) (Column, bool) {
	i := slices.IndexFunc(f.Columns, func(c Column) bool { return slices.Contains(c.Keys, key) })
	if i < 0 {
		return Column{}, false
	}
	return f.Columns[i], true
}

// survey looks at whole columns: what no cell tells by itself.
func (r *reader) survey() error {
	r.suspect, r.named = map[string]map[int]string{}, map[string]bool{}
	for _, key := range []string{fleet.KeyDeviceID, fleet.KeyVendorID, fleet.KeySerialNumber} {
		c, ok := r.file.column(key)
		if !ok {
			continue
		}
		ids := map[int]string{}
		for _, row := range r.rows {
			in := cell(row, c.at)
			if text, why := taken(in); why == "" && !isAbsent(text) && text != "" && idCell(in, text)+r.shapes.idDamage(text) == "" {
				ids[row.Number] = text
				r.uuids = r.uuids || key == fleet.KeyVendorID && r.shapes.uuid.MatchString(text)
			}
		}
		r.suspect[key] = r.shapes.rounded(ids)
		maps.Copy(r.suspect[key], r.shapes.lostZeros(ids))
	}
	r.suspect[fleet.KeyUserID] = r.surveyMembers()
	r.suspect[fleet.KeyAppVersion] = r.surveyVersions()
	for _, key := range []string{fleet.KeyOS, fleet.KeyApp} {
		if c, ok := r.file.column(key); ok {
			r.named[key] = slices.ContainsFunc(r.rows, func(row sheet.Row) bool {
				text := cell(row, c.at).Text
				name, _ := splitVersion(text)
				return stray(key, text) == "" && (key == fleet.KeyOS && systemOf(name) != "" || key == fleet.KeyApp && appType(name, false) != "")
			})
		}
	}
	return r.surveyDates()
}

// row makes a device of a row.
func (r *reader) row(row sheet.Row) Row {
	out := Row{Number: row.Number, Hidden: row.Hidden}
	texts := withoutTail(row.Texts())
	width := len(r.file.Columns)
	switch {
	case r.shapes.isTotal(texts):
		out.add("", "is no device but a total: delete the row")
	case len(texts) > width:
		out.add("", fmt.Sprintf("has %d cells, the header has %d: are the cells shifted?", len(texts), width))
	case r.sheet.Format == sheet.CSV && len(row.Cells) < width:
		out.add("", fmt.Sprintf("has %d cells, the header has %d: are the cells shifted?", len(row.Cells), width))
	case r.headerAgain(texts):
		out.add("", "is the header again: the file holds two, one after the other")
	}
	if len(out.Problems) > 0 {
		return out
	}
	p := parts{reader: r, row: &out, in: row}
	for _, c := range r.file.Columns {
		if len(c.Keys) > 0 {
			p.read(c, cell(row, c.at))
		}
	}
	p.finish()
	if d := out.Device; len(out.Problems) == 0 && r.hasMembers() && d.User == (api.User{}) && d.DeviceID == "" && d.VendorID == "" && d.SerialNumber == "" && !saysMuch(d) {
		out.add("", "names neither a member nor an id, and says too little else: what device is it?")
	}
	return out
}

// saysMuch reports whether a device without member and ids is one still: most
// likely one of nobody's.
func saysMuch(d api.Device) bool {
	n := 0
	for _, text := range []string{d.Model, string(d.OS.Type) + d.OS.Version, string(d.App.Type) + d.App.Version, d.LastAccessTime} {
		if text != "" {
			n++
		}
	}
	return n >= 2
}

// hasMembers reports whether the file has a column for members.
func (r *reader) hasMembers() bool {
	return slices.ContainsFunc([]string{fleet.KeyUserName, fleet.KeyUserID, fleet.KeyUserEmail}, r.file.has)
}

func (r *reader) headerAgain(texts []string) bool {
	for _, c := range r.file.Columns {
		if c.at >= len(texts) && c.Header != "" || c.at < len(texts) && plain(texts[c.at]) != c.Header {
			return false
		}
	}
	return true
}

func (r *Row) add(column, text string) {
	r.Problems = append(r.Problems, Problem{Row: r.Number, Column: column, Text: text})
}
