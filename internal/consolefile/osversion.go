package consolefile

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// isEdition reports whether a text is a version of a system with words behind it,
// such as "11 Home 64비트" and 12L. Vendors' words are many: all are taken but those
// of dates and times.
func (s *shapes) isEdition(text string) bool {
	text = norm.NFKC.String(strings.TrimSpace(text))
	m := s.edition.FindStringSubmatch(text)
	if m == nil || !isVersion(m[1]) || strings.IndexFunc(m[2], unicode.IsLetter) < 0 {
		return false
	}
	if strings.ContainsAny(text, "@:%") || s.dayPart.MatchString(text) {
		return false
	}
	if m[2][0] == '-' && !strings.Contains(m[1], ".") {
		return false // 4-abr
	}
	for _, word := range strings.FieldsFunc(m[2], func(r rune) bool { return !unicode.IsLetter(r) }) {
		if isMonth(word) {
			return false
		}
	}
	return true
}

// isMonth knows months in the languages of spreadsheets, and times of day.
func isMonth(word string) bool {
	switch strings.ToLower(word) {
	case "am", "pm", "오전", "오후", "午前", "午後", "uhr",
		"januar", "jänner", "februar", "märz", "mär", "mrz", "mai", "juni", "juli", "oktober", "okt", "dezember", "dez",
		"janvier", "janv", "février", "févr", "fév", "mars", "avril", "avr", "juin", "juillet", "juil", "août", "septembre", "octobre", "novembre", "décembre", "déc":
		return true
	}
	return month(word) != 0
}
