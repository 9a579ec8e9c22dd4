package devicefile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// looks are what a spreadsheet program makes of a text that it takes for a
// number, a date or a time: months as the programs write them, since people
// call a phone MAY-01 or June 10; version only of a version, in any case.
type looks struct{ date, version, scientific *regexp.Regexp }

func newLooks() *looks {
	const (
		month = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)`
		long  = `(?:January|February|March|April|May|June|July|August|September|October|November|December)`
		// English, German and French
		month2 = `(?:jan(?:uar)?|j[äa]n(?:ner)?|feb(?:ruar)?|mrz|märz?|apr(?:il)?|mai|juni?|juli?|aug(?:ust)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dez(?:ember)?|` +
			`may|mar(?:ch)?|june|july|dec(?:ember)?|october|janv(?:ier)?|févr?(?:ier)?|mars|avr(?:il)?|juin|juil(?:let)?|août?|sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|déc(?:embre)?)\.?`
		day = `(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{2,4}\. \d{1,2}\. \d{1,2}\.?|` +
			`\d{2,4}[년年] ?\d{1,2}[월月](?: ?\d{1,2}[일日])?|\d{1,2}[월月] ?\d{1,2}[일日]|` +
			`\d{1,2}(?:[ -]|\. )` + month + `(?:[ -]\d{2,4})?|` + month + `[ -](?:0\d|\d{2,4})|(?:` + month + `|` + long + `) \d{1,2}, \d{4})`
		day2  = `(?:\d{1,2}(?:[ -]|\. )` + month2 + `(?:[ -]\d{2,4})?|` + month2 + `[ -]\d{1,4})`
		clock = `(?:(?:오전|오후|午前|午後) ?)?\d{1,4}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?: ?[AaPp][Mm])?`
	)
	return &looks{
		date:       regexp.MustCompile(`^(?:` + day + `(?:[ T]` + clock + `)?|` + clock + `)$`),
		version:    regexp.MustCompile(`(?i)^` + day2 + `(?:[ T]` + clock + `)?$`),
		scientific: regexp.MustCompile(`(?i)^-?\d(?:[.,]\d+)?E[+-]\d{2,}$`),
	}
}

// damage says what a spreadsheet did to a cell of a table without keys, or
// nothing. Only what surely is damage counts, or in a version almost surely: whatever
// else a server said of a version or a serial number is as it said it. That 4.10 became 4.1, only a key
// tells.
func (l *looks) damage(key, cell string) string {
	const longest = len("September 20, 2026 10:15:00 PM")
	if cell == "" || len(cell) > longest || key == fleet.KeyDomainID || key == fleet.KeyLastAccess {
		return "" // those two have a check of their own
	}
	version := key == fleet.KeyOSVersion || key == fleet.KeyAppVersion
	var what string
	switch {
	case slices.Contains([]string{"TRUE", "FALSE", "WAHR", "FALSCH"}, cell):
		what = "a truth value"
	case sheet.IsFailure(cell):
		return strconv.Quote(cell) + " is an error of a spreadsheet"
	case isDotted(cell, version), mayBeDate(cell) && (l.date.MatchString(cell) || version && l.version.MatchString(cell)):
		what = "a date or a time"
	case key == fleet.KeyAppVersion && isDayNumber(cell):
		what = "the number of a day"
	case version && isPercentage(cell):
		what = "a percentage"
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
// parts with zeros and is a day as well. One that ends in the year which a
// spreadsheet makes of two digits, 2.4.2001, is taken for one among versions.
func isDotted(cell string, version bool) bool {
	const shortest, longest, firstYear, lastYear = len("2.4.2001"), len("04.02.2001"), 1930, 2029
	if len(cell) < shortest || len(cell) > longest || cell[1] != '.' && cell[2] != '.' {
		return false
	}
	d, rest, _ := strings.Cut(cell, ".")
	m, y, _ := strings.Cut(rest, ".")
	day, err1 := strconv.ParseUint(d, 10, 8)
	month, err2 := strconv.ParseUint(m, 10, 8)
	year, err3 := strconv.ParseUint(y, 10, 16)
	if err1 != nil || err2 != nil || err3 != nil || day < 1 || day > 31 || month < 1 || month > 12 {
		return false
	}
	padded := len(d) == 2 && len(m) == 2 && (len(y) == 2 || len(y) == 4) && strings.Contains("."+cell, ".0")
	return padded || version && len(y) == 4 && year >= firstYear && year <= lastYear
}

func isPercentage(cell string) bool {
	number, is := strings.CutSuffix(cell, "%")
	return is && number != "" && strings.Trim(number, "0123456789.,-") == ""
}

// isDayNumber reports whether a version of an app is how a spreadsheet counts the
// days, from 1982 to 2064. The version of a system may be a build number as high.
func isDayNumber(cell string) bool {
	const first, last = 30_000, 60_000
	n, err := strconv.ParseUint(cell, 10, 32)
	return err == nil && n >= first && n <= last && strconv.FormatUint(n, 10) == cell
}
