package output

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// DisplayWidth returns how many cells of a terminal s takes: Korean, Japanese
// and emoji are measured by what is drawn, a character with its marks as one.
// s is the result of [Clean]. Characters of ambiguous width count as narrow.
func DisplayWidth(s string) int {
	return displaywidth.String(s) + extraWidth(s)
}

// extraWidth counts the half-width katakana voice marks in s that belong to a
// character before them: to Unicode they are part of it, but terminals give each
// a cell of its own.
func extraWidth(s string) int {
	if !strings.Contains(s, "\uff9e") && !strings.Contains(s, "\uff9f") {
		return 0
	}
	extra := 0
	for graphemes := displaywidth.StringGraphemes(s); graphemes.Next(); {
		extra += graphemeExtra(graphemes.Value())
	}
	return extra
}

func graphemeExtra(grapheme string) int {
	_, first := utf8.DecodeRuneInString(grapheme)
	marks := grapheme[first:]
	return strings.Count(marks, "\uff9e") + strings.Count(marks, "\uff9f")
}

// shorten cuts s between characters so that it and the "…" put in place of the
// rest fit into width cells. Text that fits stays as it is.
func shorten(s string, width int) string {
	if DisplayWidth(s) <= width {
		return s
	}
	room, end := width-1, 0
	for graphemes := displaywidth.StringGraphemes(s); graphemes.Next(); {
		grapheme := graphemes.Value()
		if room -= graphemes.Width() + graphemeExtra(grapheme); room < 0 {
			break
		}
		end += len(grapheme)
	}
	return strings.TrimRight(s[:end], " ") + "…"
}
