package output_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/output"
)

func table(t testing.TB, cols []output.Column[row], width int, rows ...row) (string, []string) {
	t.Helper()
	var out bytes.Buffer
	s := output.NewTable(&out, cols, width, false)
	write(t, s, rows...)
	return out.String(), s.Hidden()
}

func TestTable(t *testing.T) {
	got, hidden := table(t, columns(), 0,
		row{"5e0c2f8e", "iPhone 15 Pro", "홍길동"},
		row{"9b1d", "Galaxy\x1b[31m", "山田太郎"},
		row{"", "", "x"},
		row{"a", "", ""},
	)
	want := strings.Join([]string{
		`DEVICE ID  MODEL           USER`,
		`5e0c2f8e   iPhone 15 Pro   홍길동`,
		`9b1d       Galaxy\x1b[31m  山田太郎`,
		`                           x`,
		`a`,
		``,
	}, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(hidden) > 0 {
		t.Errorf("hidden: %v", hidden)
	}
}

func TestTableOfNoRowsPrintsNothing(t *testing.T) {
	if got, _ := table(t, columns(), 80); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestTableWithoutHeaders(t *testing.T) {
	var out bytes.Buffer
	write(t, output.NewTable(&out, columns(), 0, true), row{"1", "2", "3"})
	if out.String() != "1  2  3\n" {
		t.Errorf("got %q", out.String())
	}
}

func TestTableOnANarrowTerminal(t *testing.T) {
	r := row{ID: "5e0c2f8e-0001", Model: "Samsung Galaxy 홍길동", User: "someone"}
	for _, tc := range []struct {
		width  int
		want   string
		hidden []string
	}{
		{45, "DEVICE ID      MODEL                  USER\n5e0c2f8e-0001  Samsung Galaxy 홍길동  someone\n", []string{}},
		{44, "DEVICE ID      MODEL                 USER\n5e0c2f8e-0001  Samsung Galaxy 홍길…  someone\n", []string{}},
		{32, "DEVICE ID      MODEL     USER\n5e0c2f8e-0001  Samsung…  someone\n", []string{}},
		{31, "DEVICE ID      MODEL\n5e0c2f8e-0001  Samsung Galaxy…\n", []string{"user"}},
		{10, "DEVICE ID      MODEL\n5e0c2f8e-0001  Samsung…\n", []string{"user"}},
	} {
		got, hidden := table(t, columns(), tc.width, r)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("width %d: %s", tc.width, diff)
		}
		if diff := cmp.Diff(tc.hidden, hidden); diff != "" {
			t.Errorf("width %d: hidden %s", tc.width, diff)
		}
	}
}

func TestTableHidesInTheOrderAsked(t *testing.T) {
	cols := recordColumns("a", "b", "c", "d")
	cols[0].Droppable, cols[1].Droppable, cols[3].Droppable = 2, 1, 2
	var out bytes.Buffer
	s := output.NewTable(&out, cols, 5, false)
	write(t, s, record{"1", "2", "33333", "4"})
	if diff := cmp.Diff([]string{"b", "d", "a"}, s.Hidden()); diff != "" {
		t.Error(diff)
	}
	if out.String() != "C\n33333\n" {
		t.Errorf("got %q", out.String())
	}
}

// TestTableAligns draws text of every kind in the first column and looks for
// the second at the same place on each line.
func TestTableAligns(t *testing.T) {
	const mark = "|"
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(text(), 1, 5).Draw(t, "rows")
		width := rapid.SampledFrom([]int{0, 12, 30}).Draw(t, "width")
		cols := recordColumns("model", "end")
		cols[0].Flex = 9
		var out bytes.Buffer
		s := output.NewTable(&out, cols, width, false)
		for _, r := range rows {
			if err := s.Write(record{r, mark}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != len(rows)+1 {
			t.Fatalf("%d lines for %d rows:\n%s", len(lines), len(rows), &out)
		}
		at := output.DisplayWidth(strings.TrimSuffix(lines[0], "END"))
		for _, line := range lines[1:] {
			body := strings.TrimSuffix(line, mark)
			cell := strings.TrimRight(body, " ") // a space after some signs is drawn as one with them
			if got := output.DisplayWidth(cell) + len(body) - len(cell); got != at || !strings.HasSuffix(body, "  ") {
				t.Fatalf("column at %d, not %d, in\n%s", got, at, &out)
			}
			if width > 0 && at+len("END") > max(width, 9+2+3) {
				t.Fatalf("too wide:\n%s", &out)
			}
		}
	})
}

func TestDisplayWidth(t *testing.T) {
	for s, want := range map[string]int{
		"abc": 3, "홍길동": 6, norm.NFD.String("홍길동"): 6, norm.NFD.String("がぎ"): 4, "👨‍👩‍👧‍👦": 2, "🇰🇷": 2, "👍🏽": 2, "❤️": 2,
		"é": 1, norm.NFD.String("é"): 1, "ｶﾞﾗｽ": 4, "ﾞ": 1, "a\u200bb": 2, "①": 1, "": 0,
	} {
		if got := output.DisplayWidth(s); got != want {
			t.Errorf("DisplayWidth(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestTableKeepsItsHostileCellsInOneLine(t *testing.T) {
	for _, v := range hostile() {
		got, _ := table(t, columns(), 0, row{ID: "id", Model: v, User: v})
		if strings.Count(got, "\n") != 2 || strings.ContainsAny(got, "\x1b\x00\r\t\u202e\u2028") {
			t.Errorf("%q: %q", v, got)
		}
		for line := range strings.Lines(got) {
			if strings.HasSuffix(strings.TrimSuffix(line, "\n"), " ") {
				t.Errorf("%q: space at the end of %q", v, line)
			}
		}
	}
}

func TestTableDrawsInBlocks(t *testing.T) {
	var out bytes.Buffer
	cols := recordColumns("id", "end")
	s := output.NewTable(&out, cols, 0, false)
	for i := range 2500 {
		if err := s.Write(record{fmt.Sprint(strings.Repeat("x", i/1000), i), "|"}); err != nil {
			t.Fatal(err)
		}
		if i == 1000 && out.Len() == 0 {
			t.Error("nothing drawn after 1,000 rows")
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 2502 {
		t.Fatalf("%d lines", len(lines))
	}
	for line, at := range map[int]int{0: 5, 1: 5, 1000: 5, 1001: 7, 2000: 7, 2001: 8, 2500: 8} {
		if got := strings.IndexAny(lines[line], "E|"); got != at {
			t.Errorf("line %d %q: second column at %d, want %d", line, lines[line], got, at)
		}
	}
}

func TestSelect(t *testing.T) {
	cols, err := output.Select(columns(), []string{"user", " id"})
	if err != nil || !slices.Equal(output.Keys(cols), []string{"user", "id"}) || cols[0].Droppable != 0 {
		t.Errorf("%v, %v", output.Keys(cols), err)
	}
	for name, want := range map[string]string{
		"mode":   `unknown column "mode": columns are id, model, user`,
		"Model":  `unknown column "Model": columns are id, model, user`,
		"":       `unknown column "": columns are id, model, user`,
		"\x1b[m": `unknown column "\x1b[m": columns are id, model, user`,
	} {
		if _, err := output.Select(columns(), []string{"id", name}); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}

func TestParseFormat(t *testing.T) {
	if f, err := output.ParseFormat("ndjson", output.Formats()); f != output.NDJSON || err != nil {
		t.Errorf("%v, %v", f, err)
	}
	_, err := output.ParseFormat("jsno", output.Formats())
	if want := `unknown format "jsno": formats are table, wide, csv, json, ndjson, yaml`; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
