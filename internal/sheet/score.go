package sheet

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// candidate is an encoding that a file may have.
type candidate struct {
	name    string
	bits    float64 // that the text takes in it: the fewest are the likeliest
	sure    bool    // it makes sense by itself
	offered bool    // it is guessed; the others only raise doubts
}

const header = 30 // bits that a known word saves

// Chinese encodings can't be read, but are no reason to read nonsense.
const (
	gbk  = "GBK"
	big5 = "Big5"
)

// candidates judges a content in every encoding that it may have, the likeliest
// first.
func candidates(content []byte, known func([]string) int) []candidate {
	content = telling(content)
	ja := japaneseLanguage()
	var all []candidate
	for _, in := range []struct {
		name     string
		encoding encoding.Encoding
		language *language
		offered  bool
	}{
		{CP949, korean.EUCKR, koreanLanguage(), true},
		{ShiftJIS, japanese.ShiftJIS, ja, true},
		{EUCJP, japanese.EUCJP, ja, false},
		{gbk, simplifiedchinese.GBK, simplified(), false},
		{big5, traditionalchinese.Big5, traditional(), false},
		{Windows1252, charmap.Windows1252, nil, false},
	} {
		out, err := in.encoding.NewDecoder().Bytes(content)
		if err != nil {
			continue
		}
		c, text := candidate{name: in.name, offered: in.offered}, string(out)
		if in.language == nil {
			c.bits = western(text)
			all = append(all, c)
			continue
		}
		bits, common, others := in.language.bits(text)
		headers := foreignHeaders(text, known)
		c.bits, c.sure = bits-float64(header*headers), headers > 0 || common > 0 && common >= others
		all = append(all, c)
	}
	return sorted(all)
}

// withUTF8 adds UTF-8, of two bytes a character: a short name in another encoding
// may look like it.
func withUTF8(all []candidate, content []byte, known func([]string) int) []candidate {
	const usual = 7 // bits that the commonest encoding saves
	text := strings.ToValidUTF8(string(telling(content)), "\ufffd")
	bits := western(text) + oddities(text) - usual - float64(header*foreignHeaders(text, known))
	return sorted(append(all, candidate{name: UTF8, bits: bits, sure: true, offered: true}))
}

func sorted(all []candidate) []candidate {
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.bits, b.bits) })
	return all
}

// telling returns the lines that are not ASCII, as many as are enough to judge.
func telling(content []byte) []byte {
	const enough = 64 << 10
	var lines []byte
	for line := range bytes.Lines(content) {
		if len(lines) > enough {
			break
		}
		if bytes.ContainsFunc(line, func(r rune) bool { return r > 0x7f }) {
			lines = append(lines, line[:min(len(line), enough)]...)
		}
	}
	return lines
}

// foreignHeaders counts the known headers that are not ASCII, and of whose
// characters each is known.
func foreignHeaders(text string, known func([]string) int) int {
	_, headers := findDelimiter(text, func(cells []string) int {
		return known(slices.DeleteFunc(slices.Clone(cells), func(cell string) bool {
			return isASCII(cell) || strings.ContainsRune(cell, utf8.RuneError)
		}))
	})
	return max(headers, 0)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] > 0x7f {
			return false
		}
	}
	return true
}
