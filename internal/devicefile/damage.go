package devicefile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
)

// looks are what a spreadsheet program makes of a text that it takes for a
// number, a date or a time.
type looks struct{ date, scientific *regexp.Regexp }

func newLooks() *looks {
	const (
		month = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`
		day   = `(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{2,4}\. \d{1,2}\. \d{1,2}\.?|` +
			`\d{2,4}[년年] ?\d{1,2}[월月](?: ?\d{1,2}[일日])?|\d{1,2}[월月] ?\d{1,2}[일日]|` +
			`\d{1,2}(?:[ -]|\. )` + month + `(?:[ -]\d{2,4})?|` + month + `[ -]\d{1,4}(?:, \d{4})?)`
		clock = `(?:(?:오전|오후|午前|午後) ?)?\d{1,4}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?: ?[ap]m)?`
	)
	return &looks{
		date:       regexp.MustCompile(`(?i)^(?:` + day + `(?:[ T]` + clock + `)?|` + clock + `)$`),
		scientific: regexp.MustCompile(`(?i)^-?\d(?:[.,]\d+)?E[+-]\d{2,}$`),
	}
}

// damage says what a spreadsheet did to a cell of a table without keys, or
// nothing. Only what surely is damage counts: whatever else a server said of a
// version or a serial number is as it said it. That 4.10 became 4.1, only a key
// tells.
func (l *looks) damage(key, cell string) string {
	const longest = len("September 20, 2026 10:15:00 PM")
	if cell == "" || len(cell) > longest || key == fleet.KeyDomainID || key == fleet.KeyLastAccess {
		return "" // those two have a check of their own
	}
	var what string
	switch {
	case slices.Contains([]string{"TRUE", "FALSE", "WAHR", "FALSCH"}, cell):
		what = "a truth value"
	case slices.Contains([]string{"#N/A", "#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"}, cell), len(cell) > 2 && strings.Trim(cell, "#") == "":
		return strconv.Quote(cell) + " is an error of a spreadsheet"
	case isDotted(cell), mayBeDate(cell) && l.date.MatchString(cell):
		what = "a date or a time"
	case strings.ContainsAny(cell, "eE") && strings.ContainsAny(cell, "+-") && l.scientific.MatchString(cell):
		what = "a number in scientific notation"
	default:
		return ""
	}
	return strconv.Quote(cell) + " is " + what + ": a spreadsheet changed it"
}

// mayBeDate spares most cells the long look: a date has a digit, and something
// between its numbers, and begins with a number or a month.
func mayBeDate(cell string) bool {
	first := cell[0] | 0x20 // in lower case
	if first >= 'a' && first <= 'z' && !strings.ContainsRune("jfmasond", rune(first)) {
		return false
	}
	digits, between := false, false
	for i := range len(cell) {
		switch c := cell[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c == '/' || c == ':' || c == '-' || c == ' ' || c >= 0x80:
			between = true
		}
	}
	return digits && between
}

// isDotted tells a German date, 04.02.01, from a version: no version pads its
// parts with zeros and is a day as well.
func isDotted(cell string) bool {
	const short, long = len("04.02.01"), len("04.02.2001")
	if len(cell) != short && len(cell) != long || cell[2] != '.' || cell[5] != '.' || !strings.Contains("."+cell, ".0") {
		return false
	}
	day, err1 := strconv.ParseUint(cell[:2], 10, 8)
	month, err2 := strconv.ParseUint(cell[3:5], 10, 8)
	_, err3 := strconv.ParseUint(cell[6:], 10, 16)
	return err1 == nil && err2 == nil && err3 == nil && day >= 1 && day <= 31 && month >= 1 && month <= 12
}
