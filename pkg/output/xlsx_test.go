package output_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/output"
)

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func readBack(t fataler, b []byte) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	for i := range rows {
		for j := range rows[i] {
			name, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if kind, err := f.GetCellType("Sheet1", name); err != nil || kind != excelize.CellTypeInlineString {
				t.Fatalf("cell %s isn't text: %v %v", name, kind, err)
			}
			if formula, _ := f.GetCellFormula("Sheet1", name); formula != "" {
				t.Fatalf("cell %s is the formula %s", name, formula)
			}
		}
	}
	return rows
}

func TestXLSX(t *testing.T) {
	var out bytes.Buffer
	s := output.NewXLSX(&out, recordColumns("model", "os_version"))
	for _, v := range hostile() {
		if err := s.Write(record{v, "17.10"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	rows := readBack(t, out.Bytes())
	if diff := cmp.Diff([]string{"key", "model", "os_version"}, rows[0]); diff != "" {
		t.Error(diff)
	}
	if len(rows) != len(hostile())+1 {
		t.Fatalf("%d rows for %d", len(rows)-1, len(hostile()))
	}
	for i, r := range rows[1:] {
		if changed, err := output.VerifyRow(r[0], rows[0][1:], r[1:]); changed != nil || err != nil {
			t.Errorf("%q came back as %q: %v %v", hostile()[i], r[1], changed, err)
		}
		if want := output.CellText(hostile()[i]); r[1] != want && !strings.Contains(want, "_x") {
			t.Errorf("%q came back as %q", want, r[1])
		}
	}
}

func TestXLSXRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(text(), rapid.StringOf(rapid.SampledFrom([]rune("_x0D8F5A")))), 3, 3).Draw(t, "values")
		var out bytes.Buffer
		s := output.NewXLSX(&out, recordColumns("a", "b", "c", "last"))
		if err := errors.Join(s.Write(append(record(values), "x")), s.Close()); err != nil {
			t.Fatal(err)
		}
		rows := readBack(t, out.Bytes())
		if changed, err := output.VerifyRow(rows[1][0], rows[0][1:], rows[1][1:]); changed != nil || err != nil {
			t.Fatalf("%q came back as %q: %v %v", values, rows[1][1:], changed, err)
		}
	})
}

func part(t *testing.T, b []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestXLSXForPeople(t *testing.T) {
	for _, rows := range []int{0, 1, 500} {
		var out bytes.Buffer
		s := output.NewXLSX(&out, columns())
		for range rows {
			_ = s.Write(row{ID: "12E345", Model: strings.Repeat("가", 400)})
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		sheet := part(t, out.Bytes(), "xl/worksheets/sheet1.xml")
		for _, want := range []string{`state="frozen"`, `ySplit="1"`, fmt.Sprintf(`<autoFilter ref="A1:D%d"/>`, rows+1), `customWidth="1"`} {
			if !strings.Contains(sheet, want) {
				t.Errorf("%d rows: no %s in %.900s", rows, want, sheet)
			}
		}
		f, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		for cell, want := range map[string]bool{"B1": true, "B2": false} {
			id, err := f.GetCellStyle("Sheet1", cell)
			if err != nil {
				t.Fatal(err)
			}
			style, err := f.GetStyle(id)
			if err != nil {
				t.Fatal(err)
			}
			if bold := style.Font != nil && style.Font.Bold; bold != want || style.NumFmt != 49 && rows > 0 {
				t.Errorf("%s: bold %v, number format %d", cell, bold, style.NumFmt)
			}
		}
		_ = f.Close()
	}
}

func TestXLSXLimits(t *testing.T) {
	fits := strings.Repeat("가", 32_767)
	for value, want := range map[string]string{
		fits:                        "",
		fits + "a":                  "row 3, column model",
		strings.Repeat("👨", 16_384): "row 3, column model",
	} {
		var out bytes.Buffer
		s := output.NewXLSX(&out, recordColumns("model"))
		_ = s.Write(record{"iPhone"})
		_ = s.Write(record{value})
		err := s.Close()
		if want == "" {
			if got := readBack(t, out.Bytes())[2][1]; err != nil || got != value {
				t.Errorf("%d bytes came back, %v", len(got), err)
			}
			continue
		}
		if _, ok := errors.AsType[*output.SheetLimitError](err); !ok || !strings.Contains(err.Error(), want) || out.Len() > 0 {
			t.Errorf("%v, %d bytes written", err, out.Len())
		}
	}
}

func TestAnAbortedWorkbookOpensNowhere(t *testing.T) {
	for _, rows := range []int{0, 3, 20_000} {
		var out bytes.Buffer
		s := output.NewXLSX(&out, recordColumns("a", "b"))
		for i := range rows {
			if err := s.Write(record{"a", fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		if rows > 200 && out.Len() == 0 {
			t.Error("nothing is written before the end")
		}
		size := out.Len()
		if err := output.Abort(s); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Close(), output.Abort(s)); err != nil || out.Len() != size {
			t.Errorf("after the end: %v, %d bytes more", err, out.Len()-size)
		}
		if err := s.Write(record{"late", ""}); err == nil || out.Len() != size {
			t.Errorf("a late row: %v, %d bytes more", err, out.Len()-size)
		}
		if _, err := excelize.OpenReader(&out); err == nil {
			t.Errorf("%d rows: it opens", rows)
		}
	}
}

func TestAWorkbookToAFullDiskFails(t *testing.T) {
	for _, room := range []int{0, 1000, 20_000} {
		s := output.NewXLSX(&failing{n: room}, recordColumns("a"))
		var err error
		for i := 0; i < 50_000 && err == nil; i++ {
			err = s.Write(record{fmt.Sprint(i)})
		}
		if !errors.Is(err, errFull) || !errors.Is(s.Close(), errFull) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
	}
}

// TestXLSXTakesFlatMemory would see an allocation for each cell.
func TestXLSXTakesFlatMemory(t *testing.T) {
	s := output.NewXLSX(io.Discard, recordColumns(wideNames()...))
	r := wideRow()
	for range 300 {
		_ = s.Write(r)
	}
	if n := testing.AllocsPerRun(2000, func() { _ = s.Write(r) }); n > 2 {
		t.Errorf("%v allocations a row", n)
	}
}

// Two ids that differ in a control character only must not become one.
func TestSpreadsheetsKeepIDsOrRefuse(t *testing.T) {
	cols := []output.Column[string]{
		{Key: "id", Exact: true, Value: func(s string) string { return s }},
	}
	for _, format := range []output.Format{output.XLSX, output.ExcelCSV} {
		for value, fits := range map[string]bool{"a b": true, "=1": true, "한글": true, "a\x00": false, "a\nb": false, "a\u2028": false} {
			var out bytes.Buffer
			sink, err := output.New(&out, format, cols, output.Options[string]{})
			if err != nil {
				t.Fatal(err)
			}
			err = sink.Write(value)
			if inexact, ok := errors.AsType[*output.InexactError](err); ok == fits || ok && inexact.Column != "id" {
				t.Errorf("%s, %q: %v", format, value, err)
			}
			_ = output.Abort(sink) // repeats the error
		}
	}
}
