package output_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/output"
)

// row is a row of cells; fields are its JSON.
type row struct {
	ID    string `json:"id"`
	Model string `json:"model"`
	User  string `json:"user"`
}

func columns() []output.Column[row] {
	return []output.Column[row]{
		{Key: "id", Title: "Device ID", Value: func(r row) string { return r.ID }},
		{Key: "model", Title: "Model", Value: func(r row) string { return r.Model }, Flex: 8},
		{Key: "user", Value: func(r row) string { return r.User }, Droppable: 1},
	}
}

// hostile are values that break careless output.
func hostile() []string {
	return []string{
		"", " ", "\x1b]0;owned\x07", "=cmd|'/c calc'!A1", "a\nb", strings.Repeat("가", 400),
		"abc\u202edef", "a\x00b", "a\rb", "\r", "a\r\nb", `say "hi"`, `"`, "12E345", "0012", "4.10", "-1", "+82 10", "@SUM(A1)",
		"＝1", "'=1", "''@x", "\t=1+1", " =1+1", "x;=1+1", "👨‍👩‍👧‍👦", "\u1112\u1161\u11ab\u1100\u1173\u11af", "\u2028\u2029",
		"\u009b31m", "\x7f", "\xff\xfe", "\ufeff=1", "_x000D_", "_xD800_", "_x0041_x0042_", "_x005F_x0041_", "<b>&amp;</b>",
		"a,b", `\.`, "2026-11-20", "TRUE", "\u3000=1", "\ufffe", "ｶﾞﾗｽ", "#REF!", "null", "~", "- a", "yes", "NO", "1:30", "0x1f", "ends ", "a: b", "a #b",
	}
}

// text draws strings from plain and hostile characters.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("a=+-@＝＠';, \t\r\n\"\u202e\x1b\u0085\u200b_x0D8F5한é\\.:#"))),
		rapid.SampledFrom(hostile()),
	)
}

func write[T any](t testing.TB, s output.Sink[T], rows ...T) {
	t.Helper()
	for _, r := range rows {
		if err := s.Write(r); err != nil {
			t.Fatalf("Write(%+v): %v", r, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

// record is a row of any number of cells.
type record []string

func recordColumns(names ...string) []output.Column[record] {
	cols := make([]output.Column[record], len(names))
	for i, name := range names {
		cols[i] = output.Column[record]{Key: name, Value: func(r record) string { return r[i] }}
	}
	return cols
}

// failing is a writer that fails once n bytes were written.
type failing struct{ n int }

func (w *failing) Write(p []byte) (int, error) {
	if w.n -= len(p); w.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// errFull compares equal to itself, unlike a pointer made anew.
const errFull = fullError("no space left on device")

type fullError string

func (e fullError) Error() string { return string(e) }
