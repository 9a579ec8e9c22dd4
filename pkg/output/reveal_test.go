package output_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/output"
)

func TestReveal(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		"iPhone 15 Pro":                  "iPhone 15 Pro",
		"홍길동, 山田　太郎  é":                  "홍길동, 山田　太郎  é",
		`C:\new`:                         `C:\new`,
		"a\x1b]0;x\x07\xff":              `a\x1b]0;x\x07\xff`,
		"a   b":                          `a\x20\x20\x20b`,
		"a \u3000 b  c":                  `a\x20\u3000\x20b  c`,
		"a\u00a0b":                       `a\xa0b`,
		"a \u00a0\u2003 b":               `a\x20\xa0\u2003\x20b`,
		"\u3164\u115f\u1160\uffa0":       `\u3164\u115f\u1160\uffa0`,
		"\u200b\u200c\u200d\u200e\u200f": `\u200b\u200c\u200d\u200e\u200f`,
		"\u2060\u2064\ufeff\u00ad\u034f": `\u2060\u2064\ufeff\xad\u034f`,
		"  \u200b  \ufe0f  ":             `  \u200b  \ufe0f  `,
		"\u2800\u2800\u2800\U0001d159":   `\u2800\u2800\u2800\U0001d159`,
		"a\U000e0041\U000e0100\uf8ff":    `a\U000e0041\U000e0100\uf8ff`,
		"👨‍👩‍👧‍👦 ❤️‍🔥 👋🏽 🧑🏽‍💻": "👨‍👩‍👧‍👦 ❤️‍🔥 👋🏽 🧑🏽‍💻",
		"👨\u200d\u200d\ufe0f":  "👨\u200d" + `\u200d\ufe0f`,
		"a\ufe0f\u200d^\u200d": `a\ufe0f\u200d^\u200d`,
		"\ufffd":               "\ufffd",
	} {
		if got := output.Reveal(in); got != want {
			t.Errorf("Reveal(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

// Nothing that Reveal leaves stands there unseen, but for what joins an emoji.
func TestRevealLeavesNothingInvisible(t *testing.T) {
	emoji := regexp.MustCompile(`([\p{So}\x{1f3fb}-\x{1f3ff}])\x{fe0f}?\x{200d}?`)
	hidden := rapid.SampledFrom([]rune("  \u3000\u00a0\u200b\u200d\u2060\ufeff\u3164\u2800\ufe0f👨🏽x\t\n\u202e"))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(text(), rapid.StringOf(hidden)).Draw(t, "s")
		checkClean(t, output.Reveal(s))
		got := output.Reveal(s)
		if output.Clean(got) != got || output.Reveal(got) != got {
			t.Fatalf("Reveal(%+q) = %+q, not clean or changed by another", s, got)
		}
		run := 0
		for _, r := range emoji.ReplaceAllString(got, "$1") {
			if run++; !unicode.IsSpace(r) {
				run = 0
			}
			if run > 2 || !unicode.IsPrint(r) && r != '\u3000' || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
				t.Fatalf("Reveal(%+q) = %+q has %U", s, got, r)
			}
		}
		if strings.ContainsAny(got, "\u3164\u2800") {
			t.Fatalf("Reveal(%+q) = %+q has a blank letter", s, got)
		}
	})
}
