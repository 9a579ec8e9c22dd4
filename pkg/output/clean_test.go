package output_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/output"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"홍길동 👨‍👩‍👧‍👦 é":          "홍길동 👨‍👩‍👧‍👦 é",
		`C:\new`:                 `C:\new`,
		"\x1b]0;owned\x07":       `\x1b]0;owned\x07`,
		"a\nb\tc\rd\x00":         `a\nb\tc\rd\x00`,
		"\u009b31m\x7f":          `\x9b31m\x7f`,
		"ab\u202edc\u2066\u200f": `ab\u202edc\u2066\u200f`,
		"\u2028\u061c":           `\u2028\u061c`,
		"a\xff\x9bb\xe2\x80":     `a\xff\x9bb\xe2\x80`,
		"\ufffd":                 "\ufffd",
	} {
		if got := output.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func checkClean(t interface{ Fatalf(string, ...any) }, s string) {
	got := output.Clean(s)
	if !utf8.ValidString(got) {
		t.Fatalf("Clean(%q) = %q isn't UTF-8", s, got)
	}
	for _, r := range got {
		if unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Bidi_Control, r) {
			t.Fatalf("Clean(%q) = %q has %U", s, got, r)
		}
	}
	if again := output.Clean(got); again != got {
		t.Fatalf("Clean(%q) = %q, cleaned again %q", s, got, again)
	}
}

func TestCleanLeavesNothingHostile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkClean(t, text().Draw(t, "s")) })
	rapid.Check(t, func(t *rapid.T) { checkClean(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))) })
}

func FuzzClean(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkClean(t, s) })
}

func TestCleanCopiesNothingClean(t *testing.T) {
	s := "홍길동 iPhone 15 Pro 👨‍👩‍👧‍👦"
	if n := testing.AllocsPerRun(100, func() { _ = output.Clean(s) }); n != 0 {
		t.Errorf("%v allocations for clean text", n)
	}
}
