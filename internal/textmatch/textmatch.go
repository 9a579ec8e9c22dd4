// Package textmatch compares texts the way the contract's filters do: ignoring
// letter case and Unicode normal form, and nothing else. It is shared by the
// client and the sandbox and depends on neither.
//
// Letter case is simple case folding (CaseFolding.txt, status C and S), the
// same in every locale: ß equals ẞ but not SS, and neither of the Turkish
// letters İ and ı equals i. Compatibility forms stay apart: the full-width １
// is not 1, and a half-width ｱ is not ア.
package textmatch

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form of s in which texts are compared: normalized to NFC
// with its letters folded. Folding twice changes nothing more. Bytes that are
// not UTF-8 stay as they are. A text that is its own folded form is returned
// without a copy.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	if isASCII(s) {
		return strings.ToLower(s)
	}
	s = norm.NFC.String(s)
	// İ is the one composed capital without a small letter of its own: its
	// small form is i with a dot above, in two characters.
	s = strings.ReplaceAll(s, "\u0130", "i\u0307")
	// Folding may leave letters that compose only in small (H̱ is two
	// characters, ẖ is one), hence the second normalization.
	return norm.NFC.String(foldLetters(s))
}

// Equal reports whether a and b are the same text but for letter case and
// normal form.
func Equal(a, b string) bool {
	if a == b {
		return true
	}
	if isASCII(a) && isASCII(b) {
		return len(a) == len(b) && strings.EqualFold(a, b)
	}
	return Fold(a) == Fold(b)
}

// Contains reports whether part occurs in s but for letter case and normal
// form. Whole letters are compared: 가 is not a part of 각, nor e of é. Every
// text contains the empty one.
func Contains(s, part string) bool {
	if !isASCII(s) {
		return strings.Contains(Fold(s), Fold(part))
	}
	if !isASCII(part) {
		part = Fold(part) // the Kelvin sign folds to an ASCII letter
	}
	return containsASCII(s, part)
}

// isFolded reports whether s is its own folded form at a glance: small ASCII
// letters and isPlain characters, which most names are made of.
func isFolded(s string) bool {
	for _, r := range s {
		if 'A' <= r && r <= 'Z' || r >= utf8.RuneSelf && !isPlain(r) {
			return false
		}
	}
	return true
}

// isPlain reports whether r is a Hangul syllable, kana or a unified ideograph:
// characters without case that are composed already and compose with no
// other one of their kind.
func isPlain(r rune) bool {
	return 0xAC00 <= r && r <= 0xD7A3 || 0x3041 <= r && r <= 0x3096 || 0x30A1 <= r && r <= 0x30FA || 0x4E00 <= r && r <= 0x9FFF
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// containsASCII spares the copies that folding would make of every model name
// in a large fleet.
func containsASCII(s, part string) bool {
	for i := range len(s) - len(part) + 1 {
		if strings.EqualFold(s[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// foldLetters replaces each letter of s by the representative of its case
// orbit. It returns s itself when nothing changes.
func foldLetters(s string) string {
	var b strings.Builder
	copied := 0
	for i, r := range s {
		f := foldLetter(r)
		if f == r { // also an invalid byte: it decodes as U+FFFD, which has no case
			continue
		}
		if copied == 0 {
			b.Grow(len(s))
		}
		b.WriteString(s[copied:i])
		b.WriteRune(f)
		copied = i + utf8.RuneLen(r)
	}
	if copied == 0 {
		return s
	}
	b.WriteString(s[copied:])
	return b.String()
}

// foldLetter returns the small letter of the smallest member of r's case
// orbit, the same for every member: k for K, k and the Kelvin sign.
func foldLetter(r rune) rune {
	if isPlain(r) {
		return r
	}
	least := unicode.MaxRune
	for f := r; ; {
		if f != iotaSubscript {
			least = min(least, f)
		}
		if f = unicode.SimpleFold(f); f == r {
			break
		}
	}
	small := unicode.ToLower(least)
	for f := unicode.SimpleFold(least); f != least; f = unicode.SimpleFold(f) {
		if f == small {
			return small
		}
	}
	return least
}

// iotaSubscript is the one combining mark that has letter case. As the
// representative of ι it would join the letter before it.
const iotaSubscript = '\u0345'
