package output

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Clean makes text fit for a terminal and for one line: characters that control
// a terminal or the direction of text become visible escapes. These are C0, DEL
// and C1 (\n, \t, \r, \x1b, \x9b), the line separators U+2028 and U+2029, and
// every character that Unicode calls a bidi control (U+061C, U+200E, U+200F,
// U+202A to U+202E, U+2066 to U+2069: \u202e). A byte that isn't UTF-8 becomes
// \xNN. A backslash stays as it is: the result is for reading, not for decoding.
// Text with nothing to escape is returned as it is, without allocation.
func Clean(s string) string { return clean(s, false) }

// clean is Clean, but may keep tabs and line feeds.
func clean(s string, breaks bool) string {
	i := firstUnclean(s, breaks)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i >= 0 {
		b.WriteString(s[:i])
		r, size := utf8.DecodeRuneInString(s[i:])
		writeEscape(&b, r, s[i], size)
		s = s[i+size:]
		i = firstUnclean(s, breaks)
	}
	b.WriteString(s)
	return b.String()
}

// firstUnclean returns the index of the first character to escape, or -1.
func firstUnclean(s string, breaks bool) int {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if (c < ' ' || c == 0x7f) && (!breaks || c != '\n' && c != '\t') {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || unclean(r) {
			return i
		}
		i += size
	}
	return -1
}

// unclean judges characters beyond ASCII.
func unclean(r rune) bool {
	switch {
	case r < 0xa0: // C1
		return true
	case r < 0x2000:
		return r == 0x061c
	case r < 0x2070:
		return r == 0x200e || r == 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
	default:
		return false
	}
}

func writeEscape(b *strings.Builder, r rune, first byte, size int) {
	const hex = "0123456789abcdef"
	switch {
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == utf8.RuneError && size == 1:
		b.Write([]byte{'\\', 'x', hex[first>>4], hex[first&15]})
	case r < 0x100:
		b.Write([]byte{'\\', 'x', hex[r>>4], hex[r&15]})
	case r < 0x10000:
		b.Write([]byte{'\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15]})
	default:
		fmt.Fprintf(b, `\U%08x`, r)
	}
}
