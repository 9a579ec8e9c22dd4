package xlsx_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/pkg/xlsx"
)

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadsWhatAnotherLibraryWrites(t *testing.T) {
	data := excelizeFile(t, func(f *excelize.File) {
		style, err := f.NewStyle(&excelize.Style{NumFmt: 10})
		_, err2 := f.NewSheet("second")
		must(t, err, err2,
			f.SetSheetName("Sheet1", "first"), f.SetSheetVisible("first", true),
			f.SetCellValue("second", "A1", "hidden from view"), f.SetSheetVisible("second", false),
			f.SetCellStr("first", "A1", " shared _x "), f.SetCellStr("first", "B1", "<&>\n"), f.SetCellStr("first", "D1", " shared _x "),
			f.SetCellRichText("first", "A2", []excelize.RichTextRun{{Text: "rich "}, {Text: "te", Font: &excelize.Font{Bold: true}}, {Text: "xt "}}),
			f.SetCellFloat("first", "B2", 17.1, -1, 64), f.SetCellInt("first", "C2", 12), f.SetCellBool("first", "D2", true), f.SetCellBool("first", "E2", false),
			f.SetCellFormula("first", "F2", "=1+1"), f.SetCellStyle("first", "B2", "B2", style),
			f.SetCellValue("first", "A7", time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)),
			f.SetCellStr("first", "A8", "last"), f.SetRowVisible("first", 8, false), f.SetRowVisible("first", 2, true),
		)
	})
	rows, err := all(data)
	must(t, err)
	text := func(s string) xlsx.Cell { return xlsx.Cell{Text: s, Kind: xlsx.Shared} }
	styled := rows[1].Cells[1].Style
	want := []xlsx.Row{
		{Number: 1, Cells: []xlsx.Cell{text(" shared _x "), text("<&>\n"), {}, text(" shared _x ")}},
		{Number: 2, Cells: []xlsx.Cell{
			text("rich text "), {Text: "17.1", Kind: xlsx.Number, Style: styled}, {Text: "12", Kind: xlsx.Number},
			{Text: "TRUE", Kind: xlsx.Boolean}, {Text: "FALSE", Kind: xlsx.Boolean}, {Formula: true},
		}},
		{Number: 7, Cells: []xlsx.Cell{{Text: "46346.5", Kind: xlsx.Number, Style: rows[len(rows)-2].Cells[0].Style}}},
		{Number: 8, Hidden: true, Cells: []xlsx.Cell{text("last")}},
	}
	var got []xlsx.Row
	for _, r := range rows {
		if len(r.Cells) > 0 {
			got = append(got, r)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || styled == 0 {
		t.Error(diff, styled)
	}
}

func TestTheFirstVisibleSheetIsRead(t *testing.T) {
	data := excelizeFile(t, func(f *excelize.File) {
		_, err := f.NewSheet("second")
		_, err2 := f.NewSheet("third")
		f.SetActiveSheet(2)
		must(t, err, err2, f.SetCellStr("Sheet1", "A1", "first"), f.SetCellStr("second", "A1", "second"), f.SetCellStr("third", "A1", "third"),
			f.SetSheetVisible("Sheet1", false))
	})
	if diff := cmp.Diff([][]string{{"second"}}, texts(t, data)); diff != "" {
		t.Error(diff)
	}
	f, err := open(data)
	must(t, err)
	var names []string
	for _, s := range f.Sheets() {
		for r, err := range s.Rows() {
			must(t, err)
			names = append(names, s.Name+" "+r.Cells[0].Text)
			break
		}
	}
	if diff := cmp.Diff([]string{"Sheet1 first", "second second", "third third"}, names); diff != "" || !f.Sheets()[0].Hidden || f.Sheets()[1].Hidden {
		t.Error(diff)
	}
}

// handmade is a workbook with paths, prefixes and parts as other programs may have them.
func handmade(t testing.TB, sheet, shared string) []byte {
	base := own(t, xlsx.Options{}, []string{"x"})
	return repack(t, base, map[string]string{
		"_rels/.rels": `<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/extendedProperties" Target="docProps/app.xml"/>` +
			`<Relationship Id="b" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/XL/The%20Book.xml"/></Relationships>`,
		"xl/The Book.xml": `<x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="A&amp;B" sheetId="9" r:id="s2"/>` +
			`<x:sheet name="chart" sheetId="3" r:id="c"/></x:sheets><x:extLst><x:sheet name="no" r:id="z"/></x:extLst></x:workbook>`,
		"xl/_rels/The Book.xml.rels": `<p:Relationships xmlns:p="x"><p:Relationship Id="c" Type="t/chartsheet" Target="charts/c.xml"/>` +
			`<p:Relationship Id="s2" Type="t/worksheet" Target="../data/./s.xml"/><p:Relationship Id="st" Type="t/sharedStrings" Target="/data/strings.xml"/>` +
			`<p:Relationship Id="e" Type="t/sharedStrings" TargetMode="External" Target="http://example.com/"/></p:Relationships>`,
		`data\s.xml`:       sheet,
		"data/strings.xml": shared,
		"xl/workbook.xml":  "", "xl/_rels/workbook.xml.rels": "", "xl/worksheets/sheet1.xml": "",
	})
}

func TestReadsTheWholeRangeOfTheFormat(t *testing.T) {
	data := handmade(t, "\ufeff"+`<?xml version="1.0" encoding="utf-8"?>
<x:worksheet xmlns:x="m"><!-- c --><x:dimension ref="A1"/>
 <x:sheetData>
  <x:row>
   <x:c t="s"> <x:v> 0 </x:v> </x:c>
   <x:c t="s"><x:v>1</x:v></x:c>
   <x:c r="D1" t="str"><x:f>A1</x:f><x:v> a_x000D_</x:v></x:c>
   <x:c t="e"><x:v>#N/A</x:v></x:c>
   <x:c t="d"><x:v>2026-11-20T00:00:00</x:v></x:c>
   <x:c t="n"><x:v>1.2E+3</x:v></x:c>
   <x:c><x:v><![CDATA[4.10]]></x:v></x:c>
   <x:c s="3"/>
   <x:c t="inlineStr"><x:is><x:r><x:rPr><x:b/></x:rPr><x:t>in</x:t></x:r><x:r><x:t xml:space="preserve"> line</x:t></x:r></x:is><x:extLst><x:v>9</x:v></x:extLst></x:c>
   <x:c t="b"><x:v>true</x:v></x:c>
  </x:row>
  <x:row r="1048576" hidden="true"><x:c r="xfd1048576"><x:v>1</x:v></x:c></x:row>
 </x:sheetData>
 <x:row r="1"><x:c><x:v>not data</x:v></x:c></x:row>
</x:worksheet>`,
		`<sst count="1" uniqueCount="99999999"><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>`+
			`<si><r><t xml:space="preserve">_xD83D__xDE00_ </t></r><rPh><t>x</t></rPh><r><rPr/><t> trimmed </t></r></si></sst>`)
	rows, err := all(data)
	must(t, err)
	want := []xlsx.Cell{
		{Text: "東京", Kind: xlsx.Shared},
		{Text: "😀 trimmed", Kind: xlsx.Shared},
		{},
		{Text: " a\r", Kind: xlsx.Result, Formula: true},
		{Text: "#N/A", Kind: xlsx.Failure},
		{Text: "2026-11-20T00:00:00", Kind: xlsx.Date},
		{Text: "1.2E+3", Kind: xlsx.Number},
		{Text: "4.10", Kind: xlsx.Number},
		{Style: 3},
		{Text: "in line", Kind: xlsx.Inline},
		{Text: "TRUE", Kind: xlsx.Boolean},
	}
	if diff := cmp.Diff(want, rows[0].Cells); diff != "" {
		t.Error(diff)
	}
	if last := rows[1]; len(rows) != 2 || last.Number != xlsx.MaxRows || !last.Hidden || len(last.Cells) != xlsx.MaxColumns {
		t.Errorf("%d rows, %d hidden %v, %d cells", len(rows), last.Number, last.Hidden, len(last.Cells))
	}
	f, err := open(data)
	must(t, err)
	if s := f.Sheets(); len(s) != 1 || s[0].Name != "A&B" {
		t.Errorf("%d sheets: %+v", len(s), s[0])
	}
}

func TestRowsThatCantBeSeenAreHidden(t *testing.T) {
	for attributes, hidden := range map[string]bool{
		``: false, `hidden="0"`: false, `ht="15" customHeight="1"`: false, `ht="high"`: false,
		`hidden="1"`: true, `hidden="true" ht="15"`: true, `ht="0" customHeight="1"`: true, `ht="0.0"`: true, `hidden="0" ht="0.25"`: true,
	} {
		// zeroHeight is how spreadsheets hide all rows below the last: those
		// that are in the file, they show.
		rows, err := all(handmade(t, `<worksheet><sheetFormatPr defaultRowHeight="15" zeroHeight="1"/><sheetData><row `+attributes+`><c><v>1</v></c></row></sheetData></worksheet>`, "<sst/>"))
		if err != nil || len(rows) != 1 || rows[0].Hidden != hidden {
			t.Errorf("%s: %+v, %v", attributes, rows, err)
		}
	}
}

func TestALoopMayEndEarly(t *testing.T) {
	f, err := open(own(t, xlsx.Options{}, deviceRows(500)...))
	must(t, err)
	for range 2 { // and begin again
		for r, err := range f.Rows() {
			must(t, err)
			if r.Number == 3 {
				break
			}
		}
	}
	for r, err := range f.Rows() {
		must(t, err)
		if !strings.HasPrefix(r.Cells[0].Text, "W") {
			t.Fatal(r)
		}
	}
}
