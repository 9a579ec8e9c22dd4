package consolefile

import (
	"cmp"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/output"
)

// shapes are what cells look like that stand in the wrong column, or that a
// spreadsheet program changed.
type shapes struct {
	uuid, version, scientific, cut, digits, date, dateTime, total, count *regexp.Regexp

	edition, dayPart *regexp.Regexp // see isEdition
	apple, android   *regexp.Regexp // models that have no other system
}

func newShapes() *shapes {
	const month = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)` // as spreadsheets write it; a model may be MAY-01
	return &shapes{
		uuid:       regexp.MustCompile(`(?i)^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$`),
		version:    regexp.MustCompile(`^\d+\.\d+\.\d+(?:\.\d+)*$`),
		scientific: regexp.MustCompile(`^\d(?:[.,]\d+)?E[+-]\d{2,}$`),
		cut:        regexp.MustCompile(`^\d[.,]\d+E\+\d{2,}$`),
		digits:     regexp.MustCompile(`^\d+$`),
		dateTime:   regexp.MustCompile(`(?i)^(?:\d{4}|\d{1,2})\s*[-./년年]\s*(?:\d{1,2}|` + month + `)\s*[-./월月]\s*(?:\d{1,4})\s*[.일日]?[\sT]\s*(?:오전|오후|午前|午後)?\s*\d{1,2}:\d{2}`),
		date: regexp.MustCompile(`^(?:\d{1,2}[월月] ?-?\d{1,2}[일日]?|\d{4}년 ?\d{1,2}월(?: ?\d{1,2}일)?|\d{4}年\d{1,2}月(?:\d{1,2}日)?|` +
			`\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{4}\. ?\d{1,2}\. \d{1,2}\.?|\d{1,2}/\d{1,2}(?:/\d{2,4})?|` +
			`\d{1,4}-` + month + `(?:-\d{2,4})?|` + month + `-\d\d(?:\d\d)?|` + month + ` 0\d|` + month + `[a-z]* \d{1,2}, ?\d{4}|\d{1,2}\. ?` + month + `|` +
			`\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?[AaPp][Mm])?)$`),
		total:   regexp.MustCompile(`^(?:총|grand|sub)?(?:total|sum|합계|총계|소계|계|総計|合計|小計|計)(?:devices?|기기|대수|デバイス|端末)?\d*(?:대|개|건|명|台|件|個|devices?|rows?)?$`),
		edition: regexp.MustCompile(`^(\d+(?:\.\d+)*)([A-Za-z]?|[ ;(_+-].*)$`),
		dayPart: regexp.MustCompile(`\d\s*[년年월月일日시時분分](?:\P{L}|$)`),
		apple:   regexp.MustCompile(`(?i)^(?:iphone|ipad|ipod)(?:$| ?[\d(]| (?:se|x[rs]?|pro|air|mini|touch|plus)(?:$| ))`),
		android: regexp.MustCompile(`(?i)^(?:galaxy (?:[sza](?:$| ?\d)|z ?f(?:lip|old)|(?:note|tab)(?:$|[ \d]))|sm-[a-z]\d|pixel(?: ?\d| (?:fold|tablet|pro|xl)(?:$| )))`),
		count:   regexp.MustCompile(`^\d*(?:대|개|건|명|台|件|個|devices?|rows?)?$`),
	}
}

// isDate reports whether a text is what a spreadsheet makes of a version or a
// model that it takes for a date or a time.
func (s *shapes) isDate(text string) bool {
	return strings.ContainsAny(text, "0123456789") && (s.date.MatchString(text) || s.dateTime.MatchString(text))
}

// taken takes a cell's text: without blanks around it, without the ' that keeps
// a spreadsheet from running it, and without the dash of a field that is empty.
// why says what makes the cell worthless, whatever column it is of.
func taken(c sheet.Cell) (text, why string) {
	text = strings.TrimSpace(c.Text)
	switch {
	case c.Merged:
		return "", "is merged with another cell: take the cells apart"
	case c.Kind == sheet.Formula:
		return "", "is a live formula: paste it as a value"
	case c.Kind == sheet.Failure, sheet.IsFailure(text):
		return "", strconv.Quote(text) + " is an error of a spreadsheet"
	case strings.ContainsRune(text, utf8.RuneError):
		return "", strconv.Quote(text) + " " + garbled
	}
	plain := output.Unguard(text)
	if plain == text && c.Kind == sheet.Text && isLive(text) {
		return "", strconv.Quote(text) + " is a live formula: paste it as a value, or put a ' before it"
	}
	switch plain {
	case "-", "－", "–", "—", "N/A", "n/a":
		return "", ""
	}
	return plain, ""
}

// isLive reports whether a spreadsheet would compute a text. A sign alone makes
// no formula of a name.
func isLive(text string) bool {
	plain := norm.NFKC.String(text)
	if len(plain) < 2 {
		return false
	}
	return plain[0] == '=' || strings.ContainsAny(plain[:1], "+-@") && (strings.ContainsAny(plain, "|!") || callsFunction(plain))
}

// callsFunction tells SUM(A1) from a name with an id in brackets.
func callsFunction(text string) bool {
	before, inside, found := strings.Cut(text, "(")
	name := strings.TrimLeft(before, "+-@= ")
	if arguments, closed := strings.CutSuffix(inside, ")"); closed && isLogin(arguments) && !strings.ContainsAny(arguments, "0123456789") {
		return false // @KIM(kim)
	}
	return found && len(name) > 1 && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.") == ""
}

// idCell says what the kind of a workbook's cell did to an id.
func idCell(c sheet.Cell, text string) string {
	quoted := strconv.Quote(text)
	switch {
	case c.Kind == sheet.Date:
		return quoted + " is a date: a spreadsheet changed it"
	case c.Kind == sheet.Number && len(strings.TrimLeft(text, "-")) > 15:
		return quoted + " is a number, not text: a spreadsheet rounds it to 15 digits"
	case c.Kind == sheet.Number:
		return quoted + " is a number, not text: a spreadsheet drops the zeros before it"
	}
	return ""
}

// idDamage says what a spreadsheet did to an id by its looks, or which other
// column's cell stands there.
func (s *shapes) idDamage(text string) string {
	quoted := strconv.Quote(text)
	switch {
	case s.isDate(text):
		return quoted + " is a date: a spreadsheet changed it"
	case s.scientific.MatchString(text):
		return quoted + " is a number in scientific notation: a spreadsheet cut the id"
	case s.version.MatchString(text), len(text) < 6 && len(text) > 1 && strings.Contains(text, ".") && strings.Trim(text, "0123456789.") == "":
		return quoted + " has the shape of a version: are the cells shifted?"
	}
	return ""
}

// nameCell is for names in a workbook: of models, members, systems and apps.
func nameCell(c sheet.Cell, text string) string {
	if c.Kind == sheet.Date {
		return strconv.Quote(text) + " is a date: a spreadsheet changed it"
	}
	return ""
}

// nameDamage is for names by their looks.
func (s *shapes) nameDamage(text string) string {
	quoted := strconv.Quote(text)
	switch {
	case s.isDate(text):
		return quoted + " is a date: did a spreadsheet change it, or are the cells shifted?"
	case s.uuid.MatchString(text):
		return quoted + " has the shape of a Vendor ID: are the cells shifted?"
	case s.version.MatchString(text):
		return quoted + " has the shape of a version: are the cells shifted?"
	case s.scientific.MatchString(text):
		return quoted + " is a number in scientific notation: a spreadsheet changed it"
	}
	return ""
}

// modelDamage is for models. PCs may be called by their address.
func (r *reader) modelDamage(text string) string {
	if a, err := netip.ParseAddr(text); err == nil && a.IsPrivate() {
		return ""
	}
	return cmp.Or(r.shapes.nameDamage(text), stray(fleet.KeyModel, text))
}
