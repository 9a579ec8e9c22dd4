package xlsx_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/xlsx"
)

// difficult are texts that careless programs change.
func difficult() []string {
	return []string{
		"", " ", "  both ends ", "\ttab\t", "two\nlines\n", "a\rb", "a\r\nb", "\u3000wide\u00a0", `say "hi" & 'bye'`, "<b>&amp;</b>", "]]>",
		"👨‍👩‍👧‍👦", "\u1112\u1161\u11ab", "é", "e\u0301", "\ufeffmark", "\ufffe", "\uffff", "\x00\x1f\x7f\u0085", "_x000D_", "_x005F_", "_x005F_x000D_",
		"_x0041", "_x0041\r", "__x0041__x0042_x0043_", "_xD83D__xDE00_", "_x", "_", "=1+1", "12E345", "0012", "17.10", "TRUE", "#N/A", "2026-11-20",
		"\u202eevil", "\ufffd", strings.Repeat("가", xlsx.MaxCellUnits), strings.Repeat("a", xlsx.MaxCellUnits),
	}
}

// withExcelize reads a sheet with the other library and checks that every cell is text.
func withExcelize(t rapid.TB, data []byte, sheet string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		for j := range rows[i] {
			name, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if kind, err := f.GetCellType(sheet, name); err != nil || kind != excelize.CellTypeInlineString {
				t.Fatalf("cell %s isn't text: %v %v", name, kind, err)
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTextsComeBackUnchanged(t *testing.T) {
	var rows [][]string
	for _, s := range difficult() {
		rows = append(rows, []string{"row", s, "end"})
	}
	data := own(t, xlsx.Options{Sheet: "장치 & 'more'!"}, rows...)
	if diff := cmp.Diff(rows, texts(t, data)); diff != "" {
		t.Error(diff)
	}
	got := withExcelize(t, data, "장치 & 'more'!")
	for i, s := range difficult() {
		// It reads an escape that another one follows at once as two letters.
		if got[i][1] != s && !strings.Contains(s, "_x") {
			t.Errorf("excelize reads %q as %q", s, got[i][1])
		}
	}
}

func TestRoundTrip(t *testing.T) {
	text := rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("_x0D8FaE< &\r\n\t\x00\uffff가👨\""))),
		rapid.SampledFrom(difficult()),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(text, 1, 4), 0, 5).Draw(t, "rows")
		data := own(t, xlsx.Options{Widths: []float64{10, 20.5}}, rows...)
		var want [][]string
		for _, r := range rows {
			want = append(want, nil)
			for _, s := range r {
				want[len(want)-1] = append(want[len(want)-1], valid(s))
			}
		}
		if diff := cmp.Diff(want, texts(t, data)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// valid makes U+FFFD of each byte that isn't UTF-8.
func valid(s string) string { return string([]rune(s)) }

// The order is that of CT_Worksheet and CT_Workbook (ECMA-376 part 1, annex A.2).
func TestPartsAreWellFormedAndInOrder(t *testing.T) {
	for _, rows := range [][][]string{nil, {{"a"}}, {{"a", "b"}, {"1", "2", "3"}, {"4"}}} {
		data := own(t, xlsx.Options{Widths: []float64{8, 12.5}}, rows...)
		for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/workbook.xml"} {
			children(t, part(t, data, name))
		}
		order := []string{"sheetViews", "sheetFormatPr", "cols", "sheetData"}
		book := []string{"bookViews", "sheets"}
		if len(rows) > 0 {
			order = append(order, "autoFilter", "ignoredErrors")
			book = append(book, "definedNames")
		}
		if diff := cmp.Diff(order, children(t, part(t, data, "xl/worksheets/sheet1.xml"))); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(book, children(t, part(t, data, "xl/workbook.xml"))); diff != "" {
			t.Error(diff)
		}
	}
}

// children returns the names of the elements in the root.
func children(t *testing.T, text string) []string {
	t.Helper()
	var names []string
	d, depth := xml.NewDecoder(strings.NewReader(text)), 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("%v in %.500s", err, text)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if depth++; depth == 2 {
				names = append(names, e.Name.Local)
			}
		case xml.EndElement:
			depth--
		}
	}
}

func TestHeaderFilterAndWidths(t *testing.T) {
	data := own(t, xlsx.Options{Sheet: "It's", Widths: []float64{8, 20.5}}, []string{"key", "model"}, []string{"W1", "iPhone"}, []string{"W2", "Galaxy"})
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if width, err := f.GetColWidth("It's", "B"); width != 20.5 || err != nil {
		t.Error(width, err)
	}
	if panes, err := f.GetPanes("It's"); !panes.Freeze || panes.YSplit != 1 || panes.TopLeftCell != "A2" || err != nil {
		t.Errorf("%+v %v", panes, err)
	}
	names := f.GetDefinedName()
	if len(names) != 1 || names[0].Name != "_xlnm._FilterDatabase" || names[0].RefersTo != "'It''s'!$A$1:$B$3" {
		t.Errorf("%+v", names)
	}
	if sheet := part(t, data, "xl/worksheets/sheet1.xml"); !strings.Contains(sheet, `<autoFilter ref="A1:B3"/>`) {
		t.Error(sheet)
	}
	for cell, bold := range map[string]bool{"A1": true, "B1": true, "A2": false, "B3": false} {
		id, err := f.GetCellStyle("It's", cell)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil || style.NumFmt != 49 || (style.Font != nil && style.Font.Bold) != bold {
			t.Errorf("%s: %+v %v", cell, style, err)
		}
	}
}

func TestSameRowsMakeTheSameBytes(t *testing.T) {
	rows := deviceRows(2000)
	if !bytes.Equal(own(t, xlsx.Options{}, rows...), own(t, xlsx.Options{}, rows...)) {
		t.Error("they differ")
	}
}

func TestRowsLeaveAtOnceAndCostNoMemory(t *testing.T) {
	var out countWriter
	x, err := xlsx.NewWriter(&out, xlsx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	row := deviceRow(1)
	row[8] = "a < b & c _x0041_\r"
	allocs := testing.AllocsPerRun(5000, func() {
		if err := x.WriteRow(row); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 0 || out < 20_000 {
		t.Errorf("%v allocations a row, %d bytes written before Close", allocs, out)
	}
}

func TestWriterLimits(t *testing.T) {
	wide := make([]string, xlsx.MaxColumns)
	for name, rows := range map[string][][]string{
		"columns":              {slices.Concat(wide, []string{""})},
		"units":                {{"a"}, {strings.Repeat("a", xlsx.MaxCellUnits+1)}},
		"units beyond the BMP": {{strings.Repeat("👨", xlsx.MaxCellUnits/2+1)}},
	} {
		x, err := xlsx.NewWriter(io.Discard, xlsx.Options{})
		for _, r := range rows {
			if err == nil {
				err = x.WriteRow(r)
			}
		}
		if !errors.Is(err, xlsx.ErrSheetLimit) || !errors.Is(x.WriteRow(nil), err) || !errors.Is(x.Close(), err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := texts(t, own(t, xlsx.Options{}, wide)); len(got[0]) != xlsx.MaxColumns {
		t.Errorf("%d columns", len(got[0]))
	}
}

func TestWriterErrors(t *testing.T) {
	for _, name := range []string{strings.Repeat("x", 32), "a/b", "'a", "a'", "[a]"} {
		if _, err := xlsx.NewWriter(io.Discard, xlsx.Options{Sheet: name}); err == nil {
			t.Errorf("sheet name %q", name)
		}
	}
	for size := range len(own(t, xlsx.Options{}, deviceRows(200)...)) / 256 {
		x, err := xlsx.NewWriter(&full{left: size * 256}, xlsx.Options{})
		for i := 1; i <= 200 && err == nil; i++ {
			err = x.WriteRow(deviceRow(i))
		}
		if err == nil {
			err = x.Close()
		}
		if !errors.Is(err, errFull) {
			t.Fatalf("after %d bytes: %v", size*256, err)
		}
	}
	x, err := xlsx.NewWriter(io.Discard, xlsx.Options{})
	if err = errors.Join(err, x.Close(), x.Close()); err != nil {
		t.Error(err)
	}
	if err := x.WriteRow([]string{"late"}); err == nil {
		t.Error("a row after Close")
	}
}

var errFull = errors.New("no space left on device")

type full struct{ left int }

func (w *full) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}
