package xlsx

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// IsEscape reports whether s begins with _xHHHH_, which stands for a UTF-16 unit
// in the texts of a workbook (ST_Xstring, ECMA-376 part 1, 22.9.2.19).
func IsEscape(s string) bool {
	return len(s) >= 7 && s[6] == '_' && beginsEscape(s)
}

// beginsEscape reports whether s begins with _xHHHH.
func beginsEscape(s string) bool {
	if len(s) < 6 || s[0] != '_' || s[1] != 'x' {
		return false
	}
	for _, c := range []byte(s[2:6]) {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// appendEscaped appends s as the content of an XML element. What XML can't hold,
// a carriage return and the first underscore of a literal _xHHHH become such
// escapes, the latter whatever follows, for it may be an escape and bring the
// second underscore. Bytes that aren't UTF-8 become U+FFFD.
func appendEscaped(dst []byte, s string) []byte {
	done := 0
	for i := 0; i < len(s); {
		c, size, with := s[i], 1, ""
		switch {
		case c >= utf8.RuneSelf:
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				with = "\ufffd"
			case r == 0xfffe:
				with = "_xFFFE_"
			case r == 0xffff:
				with = "_xFFFF_"
			}
		case c == '&':
			with = "&amp;"
		case c == '<':
			with = "&lt;"
		case c == '>':
			with = "&gt;"
		case c == '_' && beginsEscape(s[i:]):
			with = "_x005F_"
		case c < ' ' && c != '\t' && c != '\n':
			const hex = "0123456789ABCDEF"
			dst = append(dst, s[done:i]...)
			dst = append(dst, '_', 'x', '0', '0', hex[c>>4], hex[c&15], '_')
			done = i + 1
		}
		if with != "" {
			dst = append(dst, s[done:i]...)
			dst = append(dst, with...)
			done = i + size
		}
		i += size
	}
	return append(dst, s[done:]...)
}

// unescape resolves _xHHHH_; half of a surrogate pair becomes U+FFFD.
func unescape(s string) string {
	at := strings.Index(s, "_x")
	if at < 0 {
		return s
	}
	var b strings.Builder
	for at < len(s) {
		r, ok := unit(s[at:])
		if !ok {
			at++
			if next := strings.Index(s[at:], "_x"); next >= 0 {
				at += next
				continue
			}
			break
		}
		b.WriteString(s[:at])
		s = s[at+7:]
		if low, ok := unit(s); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			r = utf16.DecodeRune(r, low)
			s = s[7:]
		}
		b.WriteRune(r) // U+FFFD for a surrogate
		at = 0
	}
	b.WriteString(s)
	return b.String()
}

// unit reads the escape at the beginning of s.
func unit(s string) (rune, bool) {
	if !IsEscape(s) {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}
