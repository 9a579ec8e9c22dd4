package consolefile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	jis "golang.org/x/text/encoding/japanese"
	ks "golang.org/x/text/encoding/korean"
)

// misread is what is wrong with a text that isMisread.
const misread = "is Korean or Japanese read in a wrong encoding: download the list anew"

// garbled is what is wrong with a text that has a U+FFFD.
const (
	garbled     = "has characters that the encoding of the file doesn't know"
	garbledHint = "download the list anew; if its encoding was taken for another, name it with --encoding"
)

// isMisread reports whether a text is UTF-8 of Korea or Japan that a program took
// for Windows-1252, CP949 or Shift_JIS: written in that encoding again, its bytes
// are valid UTF-8 of such characters. Chance hardly makes that of another text;
// what it makes of one character beside Latin letters doesn't count.
func isMisread(text string) bool {
	first := strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
	if first < 0 {
		return false
	}
	if content, ok := western(text[first:]); ok {
		n := eastern(content)
		return n > 1 || n == 1 && (first == 0 || !unicode.IsLetter(rune(text[first-1])))
	}
	r, size := utf8.DecodeRuneInString(text[first:])
	if !unicode.Is(unicode.Han, r) {
		return false // only such begin there with the first byte of a character in UTF-8
	}
	const enough = 3
	for _, e := range []encoding.Encoding{ks.EUCKR, jis.ShiftJIS} {
		encoder := e.NewEncoder()
		begin, err := encoder.String(text[first : first+size])
		if err != nil || begin[0] < 0xe3 || begin[0] > 0xed {
			continue // most Han ones don't, either
		}
		if content, err := encoder.String(text[first:]); err == nil && eastern(content) >= enough {
			return true
		}
	}
	return false
}

// western returns a text in Windows-1252, whose gaps are filled as in Latin-1.
func western(text string) (content string, ok bool) {
	var b strings.Builder
	for _, r := range text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		switch {
		case ok:
		case r >= 0x80 && r < 0xa0:
			c = byte(r)
		default:
			return "", false
		}
		b.WriteByte(c)
	}
	return b.String(), true
}

// eastern counts the characters of Korea and Japan; none if the text is no UTF-8.
func eastern(text string) int {
	n := 0
	for _, r := range text {
		if unicode.In(r, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Han) {
			n++
		}
	}
	if !utf8.ValidString(text) {
		return 0
	}
	return n
}
