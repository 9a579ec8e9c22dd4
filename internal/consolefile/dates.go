package consolefile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no such database

	"golang.org/x/text/unicode/norm"
)

// stamp is a date and a time of day as they stand in a cell.
type stamp struct {
	zoned               time.Time // of a cell that bears its zone; then the rest is empty
	year, first, second int       // first and second are month and day if ordered
	ordered             bool
	short               bool // the year has two digits
	leads, trails       bool // of a short one: the year may be the first part, or the last
	timed               bool
	hour, minute, sec   int
	zone                *time.Location // nil where the cell has none
}

// clock reads the dates of one column. They bear no zone: location gives it.
type clock struct {
	location                    *time.Location
	order                       Order     // told by the file or the user; may be empty
	fit                         []Order   // those in which all dates of the column are some, and none is late
	now                         time.Time // zero where nothing is late
	yearFirst, yearLast, byName *regexp.Regexp
	shortYear                   *regexp.Regexp
	dayTime, weekday, zone      *regexp.Regexp
	compact, dotted, dayName    *regexp.Regexp
}

func newClock(location *time.Location, now time.Time) *clock {
	return &clock{
		location:  location,
		now:       now,
		yearFirst: regexp.MustCompile(`^(\d{4})\s*[-./年년]\s*(\d{1,2})\s*[-./月월]\s*(\d{1,2})(?:\s*[.日일])?`),
		yearLast:  regexp.MustCompile(`^(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4})\b`),
		shortYear: regexp.MustCompile(`^(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\b\.?`),
		zone:      regexp.MustCompile(`(?i)\s*(?:\((?:UTC|GMT)?\s*([+-]\d{1,2}(?::?\d{2})?)\)|\s\(?(?:UTC|GMT)\s*([+-]\d{1,2}(?::?\d{2})?)?\)?|\s\(?(KST|JST)\)?)$`),
		byName:    regexp.MustCompile(`(?i)^(?:([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})|(\d{1,2})[\s-]+([a-z]{3,9})\.?[\s-]+(\d{4}))`),
		dayTime:   regexp.MustCompile(`(?i)^(오전|오후|午前|午後|am|pm)?\s*(\d{1,2})\s*[:시時]\s*(\d{2})(?:\s*[:분分]\s*(\d{2})?(?:[.,]\d+)?\s*[초秒]?)?\s*(am|pm|a\.m\.|p\.m\.)?$`),
		weekday:   regexp.MustCompile(`(?i)^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,\s*|\s*\([월화수목금토일月火水木金土日]\)`),
		dayName:   regexp.MustCompile(`^\s*(?:[월화수목금토일](?:요일)?|[月火水木金土日](?:曜日?)?)(\s|$)`),
		compact:   regexp.MustCompile(`^(20\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)$|(\s|$))`),
		dotted:    regexp.MustCompile(`^(\d{1,2})\.(\d{2})(?:\.(\d{2}))?$`),
	}
}

// read reads a cell; ok is false for what is no date.
func (c *clock) read(cell string) (s stamp, ok bool) {
	text := strings.TrimSpace(norm.NFKC.String(cell))
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return stamp{zoned: t}, true
		}
	}
	text, zone, ok := c.takeZone(c.weekday.ReplaceAllString(text, ""))
	if !ok {
		return stamp{}, false
	}
	if m := c.compact.FindStringSubmatch(text); m != nil {
		text = m[1] + "-" + m[2] + "-" + m[3] + text[8:]
		if m[4] != "" {
			text = text[:10] + " " + m[4] + ":" + m[5] + ":" + m[6]
		}
	}
	s, rest := c.day(text)
	s.zone = zone
	if rest == text {
		return stamp{}, false
	}
	// What may be a version is a date only before a time of day.
	bare := s.short && !strings.Contains(text[:len(text)-len(rest)], "/")
	rest, text = c.dayName.ReplaceAllString(rest, "$1"), text[:len(text)-len(rest)]
	if rest != "" && !strings.ContainsAny(rest[:1], " ,T") && !strings.HasSuffix(text, "일") && !strings.HasSuffix(text, "日") {
		return stamp{}, false // more digits right behind those of the date
	}
	rest = strings.TrimLeft(rest, " ,T")
	if rest == "" {
		return s, s.zone == nil && !bare && s.possible()
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	m := c.dayTime.FindStringSubmatch(c.dotted.ReplaceAllString(rest, "$1:$2:$3"))
	if m == nil {
		return stamp{}, false
	}
	s.timed, s.hour, s.minute, s.sec = true, number(m[2]), number(m[3]), number(m[4])
	if half := strings.ToLower(strings.ReplaceAll(m[1]+m[5], ".", "")); half != "" {
		if s.hour < 1 && half != "午前" && half != "午後" || s.hour > 12 || m[1] != "" && m[5] != "" {
			return stamp{}, false
		}
		s.hour %= 12
		if half == "pm" || half == "오후" || half == "午後" {
			s.hour += 12
		}
	}
	return s, s.possible()
}

// takeZone takes a zone off the end of a text, such as (UTC+09:00); ok is false for
// one that can't be.
func (c *clock) takeZone(text string) (rest string, zone *time.Location, ok bool) {
	m := c.zone.FindStringSubmatch(text)
	if m == nil {
		return text, nil, true
	}
	hours, minutes := 0, 0
	switch offset := strings.ReplaceAll(m[1]+m[2], ":", ""); {
	case m[3] != "": // KST, JST
		hours = 9
	case offset != "":
		digits := offset[1:]
		if len(digits) > 2 {
			minutes, _ = strconv.Atoi(digits[len(digits)-2:])
			digits = digits[:len(digits)-2]
		}
		if hours, _ = strconv.Atoi(digits); hours > 14 || minutes > 59 {
			return "", nil, false
		}
		if offset[0] == '-' {
			hours, minutes = -hours, -minutes
		}
	}
	return strings.TrimSuffix(text, m[0]), time.FixedZone("", (hours*60+minutes)*60), true
}

// day reads the date at the beginning of a text and returns what follows it: all
// of it where there is none.
func (c *clock) day(text string) (s stamp, rest string) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	if m := c.yearFirst.FindStringSubmatch(text); m != nil {
		return stamp{year: number(m[1]), first: number(m[2]), second: number(m[3]), ordered: true}, text[len(m[0]):]
	}
	if m := c.yearLast.FindStringSubmatch(text); m != nil {
		return stamp{year: number(m[3]), first: number(m[1]), second: number(m[2])}, text[len(m[0]):]
	}
	if m := c.shortYear.FindStringSubmatch(text); m != nil {
		s = stamp{year: century + number(m[3]), first: number(m[1]), second: number(m[2]), short: true}
		s.leads, s.trails = len(m[1]) == 2, len(m[3]) == 2
		return s, text[len(m[0]):]
	}
	if m := c.byName.FindStringSubmatch(text); m != nil {
		return stamp{year: number(m[3] + m[6]), first: month(m[1] + m[5]), second: number(m[2] + m[4]), ordered: true}, text[len(m[0]):]
	}
	return stamp{}, text
}

// century is that of years of two digits.
const century = 2000

// possible reports whether there may be such a day and time.
func (s stamp) possible() bool {
	return s.hour <= 23 && s.minute <= 59 && s.sec <= 59 && slices.ContainsFunc(orders(), s.fits)
}

// date returns the date as it is in an order, which may be no day.
func (s stamp) date(o Order) (year, month, day int) {
	switch {
	case s.ordered:
	case o == YearFirst && s.leads:
		return century + s.first, s.second, s.year - century
	case o == YearFirst, s.short && !s.trails:
		return 0, 0, 0
	case o == DayFirst:
		return s.year, s.second, s.first
	}
	return s.year, s.first, s.second
}

// fits reports whether the date is a day in an order.
func (s stamp) fits(o Order) bool {
	year, month, day := s.date(o)
	return year >= century && year <= 2100 && isDay(year, month, day)
}

func isDay(year, month, day int) bool {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return month >= 1 && month <= 12 && day >= 1 && t.Day() == day && int(t.Month()) == month
}

// time returns the moment of a stamp, or why there is none. A time that a clock
// showed twice, when summer time ended, is the later of the two, so that a device
// never counts as unused for longer than it was. A time that no clock showed,
// when it began, is an error: the file is of another zone.
func (c *clock) time(s stamp, o Order) (found time.Time, why string) {
	if !s.zoned.IsZero() {
		return s.zoned, ""
	}
	switch {
	case s.fits(o):
	case o == YearFirst:
		return found, "doesn't begin with its year"
	default:
		return found, "has day and month the other way round than other dates of the column"
	}
	y, m, d := s.date(o)
	location := cmp.Or(s.zone, c.location)
	wall := time.Date(y, time.Month(m), d, s.hour, s.minute, s.sec, 0, time.UTC)
	for _, around := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(around).In(location).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(location)
		if t.Hour() == s.hour && t.Minute() == s.minute && t.Day() == d && t.After(found) {
			found = t
		}
	}
	if found.IsZero() {
		why = fmt.Sprintf("is a time that no clock in %s showed: name the zone of the file with --tz", location)
	}
	return found, why
}

// month returns the number of an English month, written in full or with three
// letters (Sept too); 0 for anything else.
func month(name string) int {
	name = strings.ToLower(name)
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(m.String())
		if name == full || name == full[:3] || name == "sept" && m == time.September {
			return int(m)
		}
	}
	return 0
}

// ParseZone reads the value of `--tz`: a name of the IANA database, an offset
// such as +09:00, or local. ok is false for anything else.
func ParseZone(name string, local *time.Location) (zone *time.Location, ok bool) {
	if strings.EqualFold(name, "local") {
		return local, true
	}
	if name != "" && strings.ContainsAny(name[:1], "+-") {
		t, err := time.Parse("-07:00", name)
		if err != nil {
			t, err = time.Parse("-0700", name)
		}
		if err != nil {
			return nil, false
		}
		_, offset := t.Zone()
		return time.FixedZone("UTC"+name, offset), true
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil && name != ""
}
