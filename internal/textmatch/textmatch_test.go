package textmatch_test

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/textmatch"
)

func TestEqual(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		want       bool
	}{
		{"Korean, composed and decomposed", "홍길동", norm.NFD.String("홍길동"), true},
		{"Japanese, composed and decomposed", "渡辺が", norm.NFD.String("渡辺が"), true},
		{"accents and case", "RENÉE", norm.NFD.String("Renée"), true},
		{"letter case", "F2LXK0QZ0D91", "f2lxk0qz0d91", true},
		{"Kelvin sign is canonically K", "\u212a", "k", true},
		{"long s folds to s", "ſ", "S", true},
		{"capital without a precomposed letter", "H\u0331", "\u1e96", true},
		{"three dialytika-tonos spellings", "\u03aa\u0301", "\u0390", true},
		{"final sigma", "ΟΔΟΣ", "οδος", true},
		{"full-width letters have case", "Ａ", "ａ", true},
		{"capital sharp s", "ẞ", "ß", true},
		{"Cherokee", "Ꭰ", "ꭰ", true},
		{"both empty", "", "", true},
		{"full-width digits stay apart", "１２", "12", false},
		{"full-width letters stay apart", "Ａ", "A", false},
		{"half-width kana stay apart", "ｱ", "ア", false},
		{"ligatures stay apart", "ﬁ", "fi", false},
		{"sharp s is not ss", "ß", "SS", false},
		{"dotted capital I is not i", "İ", "i", false},
		{"dotless i is not I", "ı", "I", false},
		{"accents count", "é", "e", false},
		{"prefix is not equal", "abc", "abcd", false},
		{"invalid bytes stay apart", "é\xff", "é\xfe", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := textmatch.Equal(tt.a, tt.b); got != tt.want {
				t.Errorf("Equal(%+q, %+q) = %v", tt.a, tt.b, got)
			}
			if got := textmatch.Equal(tt.b, tt.a); got != tt.want {
				t.Errorf("Equal(%+q, %+q) = %v", tt.b, tt.a, got)
			}
		})
	}
}

func TestContains(t *testing.T) {
	for _, tt := range []struct {
		s, part string
		want    bool
	}{
		{"iPhone 15 Pro", "PHONE 15", true},
		{"iPhone 15 Pro", "phone  15", false},
		{"iPhone 15 Pro", "", true},
		{"", "", true},
		{"", "a", false},
		{"ab", "abc", false},
		{"aab", "AB", true},
		{"갤럭시 S24", norm.NFD.String("럭시 s2"), true},
		{norm.NFD.String("갤럭시 S24"), "갤럭", true},
		{"각", "가", false},
		{norm.NFD.String("각"), norm.NFD.String("가"), false},
		{"café", "caf", true},
		{"café", "cafe", false},
		{"K2", "\u212a", true},
		{"Galaxy １5", "15", false},
	} {
		if got := textmatch.Contains(tt.s, tt.part); got != tt.want {
			t.Errorf("Contains(%+q, %+q) = %v", tt.s, tt.part, got)
		}
	}
}

// text draws the scripts and the troublesome letters that names are made of.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[A-Za-z0-9@. -]{0,12}`),
		rapid.StringMatching(`[가-힣ᄀ-ᇿ]{0,6}`),
		rapid.StringMatching(`[ぁ-ヾ一-龠\x{3099}\x{309a}]{0,6}`),
		rapid.StringMatching(`[HhEeKkSsIiıİßẞſΣσςΪΐµÅÉé\x{0301}\x{0308}\x{0331}\x{0307}\x{0345}\x{212a}\x{212b}]{0,8}`),
	)
}

func TestSpellingDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := text().Draw(t, "s")
		want := textmatch.Fold(s)
		for _, other := range []string{norm.NFD.String(s), norm.NFC.String(s), swapCase(s), want} {
			if got := textmatch.Fold(other); got != want {
				t.Fatalf("Fold(%+q) = %+q, but Fold(%+q) = %+q", s, want, other, got)
			}
			if !textmatch.Equal(s, other) || !textmatch.Contains(s, other) {
				t.Fatalf("%+q and %+q differ", s, other)
			}
		}
	})
}

// swapCase walks every letter one step around its case orbit. It works on the
// composed text, where a step never moves a letter to another base.
func swapCase(s string) string { return strings.Map(unicode.SimpleFold, norm.NFC.String(s)) }

func TestContainsFindsEveryPieceOfTheFoldedText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, part, after := text().Draw(t, "before"), text().Draw(t, "part"), text().Draw(t, "after")
		// Spaces keep the pieces from composing with each other.
		if s := before + " " + part + " " + after; !textmatch.Contains(s, " "+part+" ") {
			t.Fatalf("%+q is not found in %+q", part, s)
		}
		if got, want := textmatch.Contains(before, part), strings.Contains(textmatch.Fold(before), textmatch.Fold(part)); got != want {
			t.Fatalf("Contains(%+q, %+q) = %v, on folded texts %v", before, part, got, want)
		}
		if got, want := textmatch.Equal(before, part), textmatch.Fold(before) == textmatch.Fold(part); got != want {
			t.Fatalf("Equal(%+q, %+q) = %v, on folded texts %v", before, part, got, want)
		}
	})
}

func TestEveryLetterMeetsItsOtherCases(t *testing.T) {
	for r := rune(0); r <= 0x1FFFF; r++ { // there are no letters with case beyond
		f := unicode.SimpleFold(r)
		if f != r && !textmatch.Equal(string(r), string(f)) {
			t.Errorf("%U and %U are cases of one letter but differ", r, f)
		}
	}
}

// The short cut for common scripts must not be visible: every character of the
// basic plane, alone and followed by one that may compose, agrees with its
// decomposed spelling.
func TestFoldAgreesWithNormalization(t *testing.T) {
	for r := rune(0x80); r < 0xFFFF; r++ {
		if r == 0x4F00 {
			r = 0x9F00 // ideographs behave alike
		}
		for _, next := range []string{"", "\u3099", "\u11a8"} {
			s := string(r) + next
			if got := textmatch.Fold(s); !norm.NFC.IsNormalString(got) || got != textmatch.Fold(norm.NFD.String(s)) {
				t.Fatalf("Fold(%+q) = %+q", s, got)
			}
		}
	}
}

func TestFoldedTextsAreNotCopied(t *testing.T) {
	composed, latin := "김민수", "iPhone 15 Pro"
	got := testing.AllocsPerRun(100, func() {
		if textmatch.Fold(composed) != composed || !textmatch.Contains(latin, "phone 15") || !textmatch.Contains(composed, "민수") {
			t.Error("no match")
		}
	})
	if got != 0 {
		t.Errorf("%v allocations, want none", got)
	}
}

func BenchmarkContains(b *testing.B) {
	for name, s := range map[string]string{"ascii": "Samsung Galaxy S24 Ultra", "hangul": "삼성 갤럭시 탭"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if textmatch.Contains(s, "없다") || textmatch.Contains(s, "pixel") {
					b.Fatal("match")
				}
			}
		})
	}
}
