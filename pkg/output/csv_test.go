package output_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/output"
)

func names(n int) []string {
	return slices.Collect(func(yield func(string) bool) {
		for i := range n {
			if !yield("c" + string(rune('a'+i))) {
				return
			}
		}
	})
}

func TestCSVIsWhatTheStandardLibraryWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "columns")
		rows := rapid.SliceOfN(rapid.SliceOfN(text(), n, n), 0, 4).Draw(t, "rows")
		var got, want bytes.Buffer
		reference := csv.NewWriter(&want)
		if err := reference.WriteAll(append([][]string{names(n)}, rows...)); err != nil {
			t.Fatal(err)
		}
		s := output.NewCSV(&got, recordColumns(names(n)...), false)
		for _, r := range rows {
			if err := s.Write(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// parseRFC4180 is the grammar of RFC 4180 for "\n" line ends: unlike
// encoding/csv it doesn't change line ends inside quotes or skip rows.
func parseRFC4180(t *rapid.T, s string) [][]string {
	var rows [][]string
	for s != "" {
		var cells []string
		for {
			var cell string
			if strings.HasPrefix(s, `"`) {
				s = s[1:]
				for {
					end := strings.IndexByte(s, '"')
					if end < 0 {
						t.Fatalf("unclosed quote in %q", s)
					}
					cell, s = cell+s[:end], s[end+1:]
					if !strings.HasPrefix(s, `"`) {
						break
					}
					cell, s = cell+`"`, s[1:]
				}
			} else {
				end := strings.IndexAny(s, ",\n")
				cell, s = s[:end], s[end:]
			}
			cells = append(cells, cell)
			separator := s[0]
			s = s[1:]
			if separator == '\n' {
				break
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "columns")
		rows := rapid.SliceOfN(rapid.SliceOfN(text(), n, n), 1, 4).Draw(t, "rows")
		var b bytes.Buffer
		s := output.NewCSV(&b, recordColumns(names(n)...), true)
		for _, r := range rows {
			_ = s.Write(r)
		}
		_ = s.Close()
		if diff := cmp.Diff(rows, parseRFC4180(t, b.String())); diff != "" {
			t.Fatal(diff)
		}
		back, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(back) != len(rows) {
			t.Fatalf("encoding/csv reads %d of %d rows, %v", len(back), len(rows), err)
		}
	})
}

func TestCSVHeader(t *testing.T) {
	for _, tc := range []struct {
		noHeaders bool
		want      string
	}{{false, "id,model,user\n"}, {true, ""}} {
		var b bytes.Buffer
		write(t, output.NewCSV(&b, columns(), tc.noHeaders))
		if b.String() != tc.want {
			t.Errorf("noHeaders %v: got %q, want %q", tc.noHeaders, b.String(), tc.want)
		}
	}
}

func TestSinksStreamAndReportTheWritersError(t *testing.T) {
	for _, f := range []output.Format{output.Table, output.CSV, output.ExcelCSV, output.JSON, output.NDJSON, output.YAML} {
		t.Run(string(f), func(t *testing.T) {
			s, err := output.New(&failing{n: 300_000}, f, columns(), output.Options[row]{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 100_000 {
				if err = s.Write(row{ID: "5e0c2f8e", Model: "iPhone 15 Pro", User: "홍길동"}); err != nil {
					if i > 20_000 {
						t.Errorf("the writer's error came only at row %d", i)
					}
					break
				}
			}
			if !errors.Is(err, errFull) || !errors.Is(s.Close(), errFull) {
				t.Errorf("Write: %v, Close: %v, want %v", err, s.Close(), errFull)
			}
		})
	}
}

func TestExcelCSV(t *testing.T) {
	var b bytes.Buffer
	s := output.NewExcelCSV(&b, recordColumns("model"), false)
	for _, tc := range hostile() {
		if err := s.Write(record{tc}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	body, ok := strings.CutPrefix(b.String(), "\ufeffkey,model\r\n")
	if !ok {
		t.Fatalf("begins with %q", b.String()[:20])
	}
	lines := strings.Split(strings.TrimSuffix(body, "\r\n"), "\r\n")
	if len(lines) != len(hostile()) {
		t.Fatalf("%d lines for %d rows", len(lines), len(hostile()))
	}
	for i, line := range lines {
		if strings.ContainsAny(line, "\x00\t\n\r\x1b\x7f\u009b\u2028\u2029") || strings.Contains(line, `="`) {
			t.Errorf("line %q keeps what a spreadsheet must not get", line)
		}
		cells, err := csv.NewReader(strings.NewReader(line)).Read()
		if err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		for part := range strings.SplitSeq(cells[1], ";") {
			if trimmed := strings.TrimLeft(part, " \u3000\ufeff"); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
				t.Errorf("cell %q of %q is a formula", part, hostile()[i])
			}
		}
		changed, err := output.VerifyRow(cells[0], []string{"model"}, []string{output.Unguard(cells[1])})
		if changed != nil || err != nil {
			t.Errorf("%q came back as %q: %v %v", hostile()[i], cells[1], changed, err)
		}
	}
}

func TestGuard(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", ""}, {"iPhone", "iPhone"}, {"=1", "'=1"}, {"-1", "'-1"}, {"＠x", "'＠x"}, {" =1", "' =1"}, {"'=1", "''=1"}, {"it's", "it's"},
		{"'quoted'", "'quoted'"}, {"\u200b=1", "'\u200b=1"}, {"a;=1", "a;'=1"}, {"a-1", "a-1"}, {"'", "'"},
	} {
		if got := output.Guard(tc.in); got != tc.want {
			t.Errorf("Guard(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := text().Draw(t, "s")
		if got := output.Unguard(output.Guard(s)); got != s {
			t.Fatalf("%q came back as %q", s, got)
		}
	})
}
