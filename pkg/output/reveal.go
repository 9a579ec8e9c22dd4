package output

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reveal is [Clean] for a text by which a person decides something: it shows
// what can't be seen too. Beside the escapes of Clean it makes visible
//   - characters that Unicode lets nobody see: default ignorables (zero width
//     characters, Hangul fillers, the soft hyphen) and all that isn't printable,
//     such as private and unassigned characters,
//   - blanks other than the space and the wide space of CJK (no-break spaces),
//   - each blank of a run of more than two, which could push what follows to a
//     line of its own: "\x20\x20\x20".
//
// The joiner and the selector that make one emoji of several characters stay
// behind a symbol.
func Reveal(s string) string {
	var b strings.Builder
	var before rune // as it was written, 0 for an escape
	run := 0        // blanks to escape
	for i := 0; i < len(s); {
		if n := blanks(s[i:]); n > 2 {
			run = max(run, n)
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case run > 0 || r == utf8.RuneError && size == 1 || invisible(r) && !joins(before, r):
			writeEscape(&b, r, s[i], size)
			before, run = 0, max(run-1, 0)
		default:
			b.WriteString(s[i : i+size])
			before = r
		}
		i += size
	}
	return b.String()
}

// blanks returns how many blanks s begins with.
func blanks(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) && r != brailleBlank {
			break
		}
		n++
	}
	return n
}

const (
	wideSpace         = '\u3000'
	brailleBlank      = '\u2800' // a symbol with no dots
	nullNotehead      = '\U0001d159'
	zeroWidthJoiner   = '\u200d'
	emojiPresentation = '\ufe0f'
)

func invisible(r rune) bool {
	switch r {
	case wideSpace:
		return false
	case brailleBlank, nullNotehead:
		return true
	}
	return !unicode.IsPrint(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// joins reports whether r is part of an emoji that before belongs to.
func joins(before, r rune) bool {
	switch r {
	case emojiPresentation:
		return unicode.Is(unicode.So, before)
	case zeroWidthJoiner:
		skin := before >= '\U0001f3fb' && before <= '\U0001f3ff'
		return unicode.Is(unicode.So, before) || skin || before == emojiPresentation
	}
	return false
}
