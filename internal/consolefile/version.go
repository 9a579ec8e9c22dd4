package consolefile

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// splitVersion splits "iOS 18.1" and "NAVER WORKS(4.2.1)" into the name and what
// stands where the version does, which begins with a digit. Of the version and
// a build in brackets the dotted one counts.
func splitVersion(cell string) (name, version string) {
	text := strings.TrimSpace(norm.NFKC.String(cell))
	if isVersion(text) {
		return "", trimV(text)
	}
	if i := strings.LastIndexAny(text, "(["); i > 0 && strings.ContainsAny(text[len(text)-1:], ")]") {
		inner := trimV(strings.TrimSpace(text[i+1 : len(text)-1]))
		before, own := splitVersion(text[:i])
		if isVersion(inner) && (own == "" || strings.Contains(inner, ".")) {
			return before, inner
		}
	}
	if name, v := text[:max(strings.LastIndexByte(text, '/'), 0)], text[strings.LastIndexByte(text, '/')+1:]; name != "" && strings.Contains(v, ".") && isVersion(v) {
		return name, trimV(v)
	}
	fields := strings.Fields(text)
	for i := range fields {
		if v := trimV(fields[i]); i > 0 && startsWithDigit(v) {
			return strings.TrimRight(strings.Join(fields[:i], " "), " :/"), strings.Join(append([]string{v}, fields[i+1:]...), " ")
		}
	}
	if at := strings.IndexFunc(text, unicode.IsDigit); at > 0 && len(fields) == 1 && isVersion(text[at:]) {
		return strings.TrimRight(text[:at], "-/:_v"), text[at:]
	}
	return text, ""
}

// trimV takes off what may stand before a version: "v4.2.1", "Version 4.2.1".
func trimV(text string) string {
	for _, prefix := range []string{"version", "ver.", "ver", "v.", "v", "버전", "バージョン"} {
		if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			if rest := strings.TrimSpace(text[len(prefix):]); startsWithDigit(rest) {
				return rest
			}
		}
	}
	return text
}

func startsWithDigit(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }

// isVersion reports whether a text is a version as systems and apps write it:
// numbers with dots, without zeros before them and not in the shape of a date,
// then perhaps a build, a stage or an edition. Whatever else stands where a
// version must be was put there by a spreadsheet or belongs to another column.
func isVersion(text string) bool {
	text = trimV(strings.TrimSpace(norm.NFKC.String(text)))
	end := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end < 0 {
		end = len(text)
	}
	core, rest := text[:end], text[end:]
	numbers := strings.Split(core, ".")
	for _, n := range numbers {
		if n == "" || len(n) > 1 && n[0] == '0' {
			return false
		}
	}
	return !isDotted(numbers) && (rest == "" || isRelease(core+rest) || isSuffix(rest, len(numbers) > 1))
}

// isDotted reports whether three numbers are a date, as 2004.2.1 and 4.2.2001.
// No app or system has such versions; of 4.2.1 spreadsheets make them.
func isDotted(numbers []string) bool {
	if len(numbers) != 3 {
		return false
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(numbers[i])
	}
	isYear := func(y int) bool { return y >= 1930 && y < 2100 }
	return isYear(n[0]) && isDay(n[0], n[1], n[2]) || isYear(n[2]) && (isDay(n[2], n[0], n[1]) || isDay(n[2], n[1], n[0]))
}

// isRelease tells releases of Windows such as 22H2.
func isRelease(text string) bool {
	return len(text) == 4 && strings.EqualFold(text[2:3], "H") && strings.Trim(text[:2]+text[3:], "0123456789") == ""
}

// isSuffix judges what stands behind the numbers of a version. Behind a single
// number only words are trusted that versions are known to have: 2001-Apr and
// "4 AM" are none.
func isSuffix(rest string, dotted bool) bool {
	const separators = " -+_~.()[]/"
	if strings.ContainsAny(rest[:1], "./)]") || !dotted && strings.Contains(rest, "/") {
		return false
	}
	known, build := false, false
	start := 0
	for start < len(rest) {
		if at := rest[start]; strings.IndexByte(separators, at) >= 0 {
			build = build && at != ')' && at != ']' || at == '(' || at == '['
			start++
			continue
		}
		end := strings.IndexAny(rest[start:], separators)
		if end < 0 {
			end = len(rest) - start
		}
		word := rest[start : start+end]
		switch letters := strings.TrimRight(word, "0123456789"); {
		case isRelease(word), isStage(letters) && letters != "":
			known = true
		case letters == "" && (dotted || known || build || len(word) == 4 && rest[0] == ' '):
		case letters != "" && start > 0 && (dotted || build) && isWord(word):
		default:
			return false
		}
		start += end
	}
	return true
}

// isWord reports whether a text may name a build; a month or a time of day may
// not.
func isWord(word string) bool {
	switch strings.ToLower(word) {
	case "am", "pm", "오전", "오후", "午前", "午後":
		return false
	}
	return month(word) == 0 && strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) < 0
}

// isStage knows stages of development and editions of systems.
func isStage(word string) bool {
	switch strings.ToLower(word) {
	case "a", "b", "rc", "alpha", "beta", "dev", "pre", "preview", "snapshot", "test", "release", "build", "version", "insider", "update",
		"home", "pro", "professional", "enterprise", "education", "ultimate", "business", "single", "language", "core", "n", "kn", "s", "se", "r", "sp", "service", "pack",
		"server", "standard", "datacenter", "for", "workstation", "workstations", "iot", "ltsc", "ltsb", "x", "bit", "lts",
		"홈", "프로", "엔터프라이즈", "교육용", "빌드", "버전", "베타", "ホーム", "プロ", "エンタープライズ", "ビルド", "バージョン", "ベータ":
		return true
	}
	return false
}

// isNoVersion knows what stands where a device reports none.
func isNoVersion(text string) bool {
	switch fold(text) {
	case "unknown", "dev", "none", "알수없음", "없음", "不明", "なし":
		return true
	}
	return false
}

// versionCell says what the kind of a workbook's cell did to a version.
func versionCell(key string, c sheet.Cell, text string) string {
	_, err := strconv.Atoi(text)
	switch {
	case c.Kind == sheet.Date:
		return strconv.Quote(text) + " is a date: a spreadsheet changed the version"
	case c.Kind == sheet.Number && (key != fleet.KeyOSVersion || err != nil):
		return strconv.Quote(text) + " is a number, not text: 4.10 and 4.1 are the same there"
	}
	return ""
}

// versionDamage is for a version that stands alone in its cell, by its looks.
func (s *shapes) versionDamage(key, text string) string {
	quoted := strconv.Quote(text)
	whole, err := strconv.Atoi(text)
	switch {
	case s.isDate(text):
		return quoted + " is a date: a spreadsheet changed the version"
	case s.scientific.MatchString(text):
		return quoted + " is a number in scientific notation: a spreadsheet changed the version"
	case s.uuid.MatchString(text):
		return quoted + " has the shape of a Vendor ID: are the cells shifted?"
	case isNoVersion(text):
		return ""
	case err == nil && whole > largest(key):
		return quoted + " is no version but the number of a day: a spreadsheet changed it"
	case key == fleet.KeyOSVersion && s.isEdition(text):
	case !isVersion(text):
		return quoted + " is no version: did a spreadsheet change it, or are the cells shifted?"
	}
	return ""
}

// largest is the largest version without dots. Spreadsheets count days, and those
// after 1982 are larger than any build of Windows.
func largest(key string) int {
	if key == fleet.KeyOSVersion {
		return 29_999
	}
	return 999
}
