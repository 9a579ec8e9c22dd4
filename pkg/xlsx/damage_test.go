package xlsx_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/pkg/xlsx"
)

func TestDamageIsAnErrorNeverAShortList(t *testing.T) {
	sheet := func(rows string) string { return `<worksheet><sheetData>` + rows + `</sheetData></worksheet>` }
	const one = `<row r="1"><c r="A1"><v>1</v></c></row>`
	for name, tt := range map[string]struct {
		sheet, want string
		is          error
	}{
		"no XML":                {"hello", "no worksheet", xlsx.ErrFormat},
		"empty":                 {"", "missing", xlsx.ErrFormat},
		"another root":          {"<chartsheet><sheetData/></chartsheet>", "no worksheet", xlsx.ErrFormat},
		"cut between rows":      {"<worksheet><sheetData>" + one, "EOF", nil},
		"cut in a row":          {"<worksheet><sheetData>" + one + `<row r="2"><c`, "EOF", nil},
		"cut in a text":         {"<worksheet><sheetData>" + one + `<row r="2"><c><v>12`, "EOF", nil},
		"bad nesting":           {sheet(one + `<row><c></row></c>`), "ends where it is not open", xlsx.ErrFormat},
		"bad nesting of prefix": {`<worksheet><x:sheetData></sheetData></worksheet>`, "not open", xlsx.ErrFormat},
		"control character":     {sheet(one + "\x01"), "illegal character", nil},
		"entity":                {`<!DOCTYPE a [<!ENTITY e "x">]>` + sheet(`<row><c><v>&e;</v></c></row>`), "entity", nil},
		"UTF-16":                {`<?xml version="1.0" encoding="UTF-16"?>` + sheet(one), "UTF-16", nil},
		"rows out of order":     {sheet(one + one), "row 1 stands after row 1", xlsx.ErrFormat},
		"row 0":                 {sheet(`<row r="0"/>`), `"0" is no row`, xlsx.ErrFormat},
		"row too far":           {sheet(`<row r="1048577"/>`), "no row", xlsx.ErrFormat},
		"row after the last":    {sheet(`<row r="1048576"/><row/>`), "row 1048577", xlsx.ErrFormat},
		"cells out of order":    {sheet(`<row><c r="B1"/><c r="A1"/></row>`), "row 1: not a sound", xlsx.ErrFormat},
		"cell twice":            {sheet(`<row><c r="A1"/><c r="A1"/></row>`), "cell A1 stands out of order", xlsx.ErrFormat},
		"cell of another row":   {sheet(`<row><c r="A2"/></row>`), "A2", xlsx.ErrFormat},
		"column too far":        {sheet(`<row><c r="XFE1"/></row>`), "XFE1", xlsx.ErrFormat},
		"cell after the last":   {sheet(`<row><c r="XFD1"/><c/></row>`), "more than 16384", xlsx.ErrFormat},
		"cell name":             {sheet(`<row><c r="1"/></row>`), `"1" is no cell`, xlsx.ErrFormat},
		"long cell name":        {sheet(`<row><c r="AAAAAAAAAAAAAAAAAAAAAA1"/></row>`), "no cell", xlsx.ErrFormat},
		"style":                 {sheet(`<row><c s="-1"/></row>`), "style", xlsx.ErrFormat},
		"kind":                  {sheet(`<row><c t="x"><v>1</v></c></row>`), `row 1: column A: not a sound .xlsx workbook: unknown kind of cell "x"`, xlsx.ErrFormat},
		"no shared strings":     {sheet(`<row><c t="s"><v>0</v></c></row>`), `no shared string "0"`, xlsx.ErrFormat},
		"negative shared":       {sheet(`<row><c t="s"><v>-1</v></c></row>`), "no shared string", xlsx.ErrFormat},
		"deep":                  {sheet(strings.Repeat("<a>", 100)), "deeper", xlsx.ErrTooLarge},
		"long text":             {sheet(`<row><c><v>` + strings.Repeat("x", 1<<20+1)), "1 MiB", xlsx.ErrTooLarge},
		"long text in pieces":   {sheet(`<row><c><v>` + strings.Repeat(strings.Repeat("x", 1<<12)+"<!---->", 1<<9)), "1 MiB", xlsx.ErrTooLarge},
		"long tag":              {sheet(`<row a="` + strings.Repeat("x", 4<<20)), "4 MiB", xlsx.ErrTooLarge},
		"long row": {sheet(`<row>` + strings.Repeat(`<c><v>`+strings.Repeat("x", 1<<20)+`</v></c>`, 9) + `</row>`),
			"a row of more than", xlsx.ErrTooLarge},
	} {
		rows, err := all(repack(t, own(t, xlsx.Options{}), map[string]string{"xl/worksheets/sheet1.xml": tt.sheet}))
		if err == nil || !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	base := own(t, xlsx.Options{}, []string{"a"})
	rels := func(relations string) map[string]string {
		return map[string]string{"_rels/.rels": "<Relationships>" + relations + "</Relationships>"}
	}
	for name, tt := range map[string]struct {
		parts map[string]string
		want  string
	}{
		"another zip":     {map[string]string{"_rels/.rels": ""}, "part _rels/.rels is missing"},
		"another package": {rels(`<Relationship Type="t/image" Target="a.png"/>`), "names no workbook"},
		"a binary workbook": {rels(`<Relationship Type="t/officeDocument" Target="xl/workbook.bin"/>`),
			"save it as .xlsx"},
		"outside":           {rels(`<Relationship Type="t/officeDocument" Target="../../../etc/passwd"/>`), "part etc/_rels/passwd.rels is missing"},
		"a part twice":      {map[string]string{"XL/workbook.xml": "<workbook/>"}, "is there twice"},
		"no sheet":          {map[string]string{"xl/workbook.xml": "<workbook><sheets/></workbook>"}, "no worksheet"},
		"a sheet's lost id": {map[string]string{"xl/workbook.xml": `<workbook><sheets><sheet name="a"/></sheets></workbook>`}, `sheet "a" leads nowhere`},
		"workbook cut":      {map[string]string{"xl/workbook.xml": `<workbook><sheets>`}, "xl/workbook.xml: unexpected EOF"},
	} {
		if _, err := open(repack(t, base, tt.parts)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, data := range [][]byte{nil, []byte("PK\x03\x04"), []byte("\xd0\xcf\x11\xe0 an encrypted or an old file")} {
		if _, err := open(data); err == nil {
			t.Errorf("%q opens", data)
		}
	}
}

func TestLimitsOfUnpackedFiles(t *testing.T) {
	row := strings.Repeat("0", 10_000)
	inline := own(t, xlsx.Options{}, []string{row}, []string{row}, []string{row})
	shared := excelizeFile(t, func(f *excelize.File) {
		for _, cell := range []string{"A1", "A2", "A3"} {
			must(t, f.SetCellStr("Sheet1", cell, cell))
		}
	})
	count := func(l xlsx.Limits, data []byte) (n int, err error) {
		f, err := xlsx.OpenWithin(l, bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return 0, err
		}
		for _, err := range f.Rows() {
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	if n, err := count(xlsx.Limits{Unpacked: 32_000, Shared: 1 << 20}, inline); n != 3 || err != nil {
		t.Error(n, err)
	}
	if n, err := count(xlsx.Limits{Unpacked: 30_000, Shared: 1 << 20}, inline); !errors.Is(err, xlsx.ErrTooLarge) {
		t.Error(n, err)
	}
	if n, err := count(xlsx.Limits{Unpacked: 1 << 20, Shared: 3 * 18}, shared); n != 3 || err != nil {
		t.Error(n, err)
	}
	if n, err := count(xlsx.Limits{Unpacked: 1 << 20, Shared: 3*18 - 1}, shared); !errors.Is(err, xlsx.ErrTooLarge) {
		t.Error(n, err)
	}
}

// Every cut of a file and every damaged byte of a worksheet is noticed.
func TestTruncatedAndFlippedFiles(t *testing.T) {
	data := own(t, xlsx.Options{}, deviceRows(8)...)
	for n := range data {
		if rows, err := all(data[:n]); err == nil {
			t.Fatalf("%d of %d bytes: %d rows and no error", n, len(data), len(rows))
		}
	}
	at := bytes.Index(data, []byte("xl/worksheets/sheet1.xml"))
	for i := at + 100; i < at+500; i++ {
		flipped := bytes.Clone(data)
		flipped[i] ^= 0x10
		if rows, err := all(flipped); err == nil {
			t.Fatalf("byte %d flipped: %d rows and no error", i, len(rows))
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row></sheetData></worksheet>"), []byte("<sst><si><t>_x0041_</t></si></sst>"))
	f.Add([]byte("<worksheet><sheetData><row><c t='inlineStr'><is><r><t>a</t></r></is></c></row></sheetData></worksheet>"), []byte("<sst/>"))
	f.Add(own(f, xlsx.Options{}, deviceRows(3)...), []byte{})
	f.Fuzz(func(t *testing.T, sheet, shared []byte) {
		_, _ = all(sheet) // as a file
		_, _ = all(handmade(t, string(sheet), string(shared)))
	})
}
