package cmd

import (
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

// span is a part of a log as the service is asked for it: from its first to its
// last second. The last one of a part is the second before the first one of the
// next, so that no line is lost or comes twice at the seam.
type span struct{ first, last time.Time }

const (
	longestSpan = 31 * 24 * time.Hour
	dayStyle    = "2006-01-02"
	dayExample  = "2026-11-20"
)

// spans cuts the time asked for into parts of at most 31 days. What is not in
// the last 6 months is refused.
func (o *auditOptions) spans(now time.Time, local *time.Location) ([]span, error) {
	since, _, err := parseMoment("--since", o.since, local)
	if err != nil {
		return nil, err
	}
	now = now.In(local).Truncate(time.Second)
	until := now.Add(time.Second)
	if o.until != "" {
		_, end, err := parseMoment("--until", o.until, local)
		if err != nil {
			return nil, err
		}
		if end.Before(until) {
			until = end
		}
	}
	oldest := sixMonthsBefore(now)
	switch {
	case since.After(now):
		return nil, exit.Usagef("BAD_SPAN", "", "--since %s is not yet past", o.since)
	case !since.Before(until):
		return nil, exit.Usagef("BAD_SPAN", "exchange the two", "--until %s is before --since %s", o.until, o.since)
	case since.Before(oldest):
		return nil, exit.Usagef("TOO_OLD", "--since "+oldest.AddDate(0, 0, 1).Format(dayStyle),
			"--since %s: the service keeps audit logs for 6 months only", o.since)
	}
	var spans []span
	for from := since; from.Before(until); {
		end := from.Add(longestSpan)
		if until.Before(end) {
			end = until
		}
		spans = append(spans, span{from, end.Add(-time.Second)})
		from = end
	}
	return spans, nil
}

// sixMonthsBefore is the last day of its month where that has no such day: of 31
// August it is the end of February.
func sixMonthsBefore(now time.Time) time.Time {
	before := now.AddDate(0, -6, 0)
	if before.Day() != now.Day() {
		before = before.AddDate(0, 0, -before.Day())
	}
	return before
}

// parseMoment reads a day, whole, or a time, which is a second: its beginning
// and the moment after its end.
func parseMoment(flag, text string, local *time.Location) (begin, end time.Time, err error) {
	if t, err := time.ParseInLocation(dayStyle, text, local); err == nil {
		return t, t.AddDate(0, 0, 1), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Nanosecond() != 0 {
		return t, t, exit.Usagef("BAD_DATE", flag+" "+dayExample, "%s %q is neither a day like %s nor a time like %sT09:00:00+09:00", flag, text, dayExample, dayExample)
	}
	return t, t.Add(time.Second), nil
}
