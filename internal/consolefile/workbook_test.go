package consolefile_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/consolefile"
)

// workbook writes rows as text, and lets change do what a person does.
func workbook(t *testing.T, rows [][]string, change func(*excelize.File, string)) []byte {
	t.Helper()
	book := excelize.NewFile()
	sheet := book.GetSheetName(0)
	for i, row := range rows {
		if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(book, sheet)
	}
	var b bytes.Buffer
	if err := errors.Join(book.Write(&b), book.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCleanWorkbooks(t *testing.T) {
	for _, l := range lists() {
		_, f := read(t, workbook(t, l.rows, nil), consolefile.Options{})
		if found := places(f); len(found) > 0 || f.Language != l.language {
			t.Errorf("%s: false alarm: %v", f.Language, found)
		}
		judgeDevices(t, l, f)
	}
}

// What a spreadsheet keeps as a number, a date or a formula it has changed; what
// it hides or merges is known.
func TestDamagedWorkbooks(t *testing.T) {
	cell := func(t *testing.T, at string, v any) func(*excelize.File, string) {
		return func(book *excelize.File, sheet string) {
			if err := book.SetCellValue(sheet, at, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	april := time.Date(2026, 4, 10, 0, 0, 0, 0, time.UTC)
	l := lists()[0]
	for _, tt := range []struct {
		name   string
		change func(*excelize.File, string)
		want   []string
	}{
		{"4.10 is the number 4.1", cell(t, "H2", 4.1), []string{"row 2, column App Version"}},
		{"a member's id is a number", cell(t, "D3", 12345), []string{"row 3, column User (name and ID)"}},
		{"a version is a date", cell(t, "H2", april), []string{"row 2, column App Version"}},
		{"an id is a number", cell(t, "C2", 12345678), []string{"row 2, column Serial Number"}},
		{"an id is rounded", cell(t, "B3", 1234567890123450000.0), []string{"row 3, column Vendor ID"}},
		{"a model is a date", cell(t, "A3", april), []string{"row 3, column Device"}},
		{"a member is a date", cell(t, "D3", april), []string{"row 3, column User (name and ID)"}},
		{"a live formula", func(book *excelize.File, sheet string) {
			if err := book.SetCellFormula(sheet, "A3", `"Galaxy"&" S24"`); err != nil {
				t.Fatal(err)
			}
		}, []string{"row 3, column Device"}},
		{"merged down", func(book *excelize.File, sheet string) {
			if err := book.MergeCell(sheet, "D2", "D4"); err != nil {
				t.Fatal(err)
			}
		}, []string{"row 3, column User (name and ID)", "row 4, column User (name and ID)"}},
		{"merged across", func(book *excelize.File, sheet string) {
			if err := book.MergeCell(sheet, "A5", "B5"); err != nil {
				t.Fatal(err)
			}
		}, []string{"row 5, column Vendor ID"}},
		{"cells beyond the header", cell(t, "K3", "x"), []string{"row 3"}},
		{"a true date for the access is none", cell(t, "I2", time.Date(2026, 11, 20, 10, 15, 30, 0, time.UTC)), nil},
		{"nor is the number of a date", cell(t, "I2", 46346.427), nil},
		{"but another number is", cell(t, "I2", 20261120), []string{"row 2, column Recent Access"}},
	} {
		_, f := read(t, workbook(t, l.rows, tt.change), consolefile.Options{})
		if found := places(f); !slices.Equal(found, tt.want) {
			t.Errorf("%s: found %v, want %v", tt.name, found, tt.want)
		}
	}
}

func TestDatesOfAWorkbook(t *testing.T) {
	l := lists()[0]
	at := time.Date(2026, 11, 20, 10, 15, 30, 0, time.UTC)
	for name, change := range map[string]func(*excelize.File, string) error{
		"date":   func(b *excelize.File, s string) error { return b.SetCellValue(s, "I2", at) },
		"number": func(b *excelize.File, s string) error { return b.SetCellValue(s, "I2", 46346.42743055556) },
		"own format": func(b *excelize.File, s string) error {
			format := `yyyy"년" m"월" d"일" h:mm;@`
			style, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
			return errors.Join(err, b.SetCellValue(s, "I2", 46346.42743055556), b.SetCellStyle(s, "I2", "I2", style))
		},
	} {
		_, f := read(t, workbook(t, l.rows, func(b *excelize.File, s string) {
			if err := change(b, s); err != nil {
				t.Fatal(err)
			}
		}), consolefile.Options{})
		if got := f.Rows[0].Device.LastAccessTime; got != "2026-11-20T10:15:30+09:00" || len(places(f)) > 0 {
			t.Errorf("%s: %s %v", name, got, places(f))
		}
	}
}

func TestHiddenRowsAreKnown(t *testing.T) {
	_, f := read(t, workbook(t, lists()[1].rows, func(b *excelize.File, s string) {
		if err := b.SetRowVisible(s, 4, false); err != nil {
			t.Fatal(err)
		}
	}), consolefile.Options{})
	for _, row := range f.Rows {
		if row.Hidden != (row.Number == 4) {
			t.Errorf("row %d: hidden %t", row.Number, row.Hidden)
		}
	}
}
