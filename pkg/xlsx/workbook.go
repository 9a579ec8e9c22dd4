package xlsx

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// relation is one relationship of a part: ECMA-376 part 2, 9.3.
type relation struct {
	id   string
	kind string // the last element of its type; the rest differs between editions of the standard
	part string
}

func (f *File) readWorkbook() error {
	roots, err := f.relations("")
	if err != nil {
		return err
	}
	book := ""
	for _, r := range roots {
		if r.kind == "officeDocument" {
			book = r.part
		}
	}
	switch {
	case book == "":
		return fmt.Errorf("%w: it names no workbook", ErrFormat)
	case strings.HasSuffix(book, ".bin"):
		return fmt.Errorf("%w: it is a binary workbook (.xlsb): save it as .xlsx", ErrFormat)
	}
	relations, err := f.relations(book)
	if err != nil {
		return err
	}
	if err := f.readSheets(book, relations); err != nil {
		return err
	}
	for _, r := range relations {
		if r.kind == "styles" && f.parts[partKey(r.part)] != nil {
			f.styles = r.part
		}
	}
	for _, r := range relations {
		if r.kind == "sharedStrings" {
			return f.read(r.part, f.readShared)
		}
	}
	return nil
}

// relations reads the relationships of a part, or of the package if part is
// empty, that lead to other parts.
func (f *File) relations(part string) ([]relation, error) {
	dir, base := path.Split(part)
	var all []relation
	err := f.read(dir+"_rels/"+base+".rels", func(t *tokens) error {
		for e, err := range t.elements() {
			if err != nil {
				return err
			}
			if !t.within("Relationships") || attribute(e, "TargetMode") == "External" {
				continue
			}
			target := attribute(e, "Target")
			if plain, err := url.PathUnescape(target); err == nil {
				target = plain
			}
			if !strings.HasPrefix(target, "/") {
				target = path.Join("/", dir, target)
			}
			all = append(all, relation{attribute(e, "Id"), path.Base(attribute(e, "Type")), strings.TrimPrefix(path.Clean(target), "/")})
		}
		return nil
	})
	return all, err
}

// readSheets lists the worksheets. Sheets of charts and of old macros, which
// stand between them, are left out.
func (f *File) readSheets(book string, relations []relation) error {
	err := f.read(book, func(t *tokens) error {
		for e, err := range t.elements() {
			if err != nil {
				return err
			}
			if t.within("workbook") && e.Name.Local == "workbookPr" {
				f.date1904 = isTrue(attribute(e, "date1904"))
			}
			if !t.within("workbook", "sheets") {
				continue
			}
			s := &Sheet{Name: unescape(attribute(e, "name")), file: f}
			if state := attribute(e, "state"); state == "hidden" || state == "veryHidden" {
				s.Hidden = true
			}
			kind := s.find(e, relations)
			switch kind {
			case "":
				return fmt.Errorf("%w: sheet %q leads nowhere", ErrFormat, s.Name)
			case "worksheet":
				f.sheets = append(f.sheets, s)
			}
		}
		return nil
	})
	if err == nil && len(f.sheets) == 0 {
		err = fmt.Errorf("%w: it has no worksheet", ErrFormat)
	}
	return err
}

// find sets the part of a sheet and returns its kind.
func (s *Sheet) find(e xml.StartElement, relations []relation) string {
	id := attribute(e, "id") // r:id; sheetId is another attribute
	for _, r := range relations {
		if r.id == id && id != "" {
			s.part = r.part
			return r.kind
		}
	}
	return ""
}
