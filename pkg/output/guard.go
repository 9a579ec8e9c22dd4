package output

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CellText is a value as spreadsheets get it: control characters (C0, DEL, C1),
// those that turn the direction of text (U+202A to U+202E, U+2066 to U+2069),
// U+2028, U+2029 and the noncharacters that XML forbids become spaces, bytes
// that aren't UTF-8 become U+FFFD. Everything else stays, so that text which was
// clean comes back unchanged. Text with nothing to replace is returned as it is.
func CellText(s string) string {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return strings.Map(cellRune, s)
		}
	}
	return s
}

func cellRune(r rune) rune {
	if unicode.IsControl(r) || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfffe || r == 0xffff {
		return ' '
	}
	return r
}

// Guard puts a ' before text that a spreadsheet would take for a formula when
// it opens a CSV: text that begins with = + - @ or their full-width forms
// ＝ ＋ － ＠. Spaces, invisible characters and apostrophes before that sign don't
// hide it, because some programs trim them. The same holds after each
// semicolon, where programs set to a European locale begin a new cell. Guard is
// for the result of [CellText]; [Unguard] takes exactly its apostrophes off.
func Guard(s string) string { return eachPart(s, guardPart) }

// Unguard is the inverse of [Guard]: Unguard(Guard(s)) is s for every s. Text
// that carries no guard, because a person or a program removed it, is returned
// as it is.
func Unguard(s string) string { return eachPart(s, unguardPart) }

func guardPart(s string) string {
	if looksLikeFormula(s) {
		return "'" + s
	}
	return s
}

func unguardPart(s string) string {
	if strings.HasPrefix(s, "'") && looksLikeFormula(s[1:]) {
		return s[1:]
	}
	return s
}

func eachPart(s string, change func(string) string) string {
	if !strings.Contains(s, ";") {
		return change(s)
	}
	parts := strings.Split(s, ";")
	for i := range parts {
		parts[i] = change(parts[i])
	}
	return strings.Join(parts, ";")
}

// looksLikeFormula looks past apostrophes too: text that begins with '= by
// itself is guarded like =, or Unguard could not tell the two apart.
func looksLikeFormula(s string) bool {
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		switch r {
		case '=', '+', '-', '@', '＝', '＋', '－', '＠':
			return true
		}
		if r != '\'' && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) {
			return false
		}
		s = s[size:]
	}
	return false
}
