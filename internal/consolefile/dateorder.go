package consolefile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// surveyDates finds the order of day and month, and refuses a column of which a
// spreadsheet took some dates for dates and left others as texts: it took what
// has the other order for granted, and swapped day and month.
func (r *reader) surveyDates() error {
	c, ok := r.file.column(fleet.KeyLastAccess)
	if !ok {
		return nil
	}
	if err := r.headerZone(c); err != nil {
		return err
	}
	var asks, unordered, ordered string // a place of each kind
	left, late := orders(), map[Order]bool{}
	for _, row := range r.rows {
		in := cell(row, c.at)
		note := func(place *string) {
			if *place == "" {
				*place = fmt.Sprintf("row %d, column %s: %q", row.Number, c.Header, in.Text)
			}
		}
		if _, ok := r.sheet.Serial(in.Text); ok && in.Kind == sheet.Number || in.Kind == sheet.Date {
			note(&ordered)
		}
		s, ok := r.clock.read(in.Text)
		if in.Kind != sheet.Text || !ok {
			continue
		}
		r.dated++
		if s.timed || !s.zoned.IsZero() {
			r.timed++
		}
		if s.ordered || !s.zoned.IsZero() {
			note(&ordered)
			continue
		}
		note(&unordered)
		if s.asks() {
			note(&asks)
		}
		left = slices.DeleteFunc(left, func(o Order) bool { return !s.fits(o) })
		for _, o := range r.clock.lateIn(s) {
			late[o] = true
		}
	}
	if ordered != "" && unordered != "" {
		return exit.Failedf("DATE_ORDER", "download the list anew, and don't save it from a spreadsheet",
			"%s and %s are written in two ways: a spreadsheet changed some of the dates, and may have swapped day and month", ordered, unordered)
	}
	r.clock.fit = slices.DeleteFunc(slices.Clone(left), func(o Order) bool { return late[o] })
	switch {
	case c.order != "":
		r.clock.order = c.order
	case len(left) == 1:
		r.clock.order = left[0]
	case asks == "":
	case len(r.clock.fit) == 1:
		r.clock.order = r.clock.fit[0]
	default:
		if len(left) == 0 {
			left = []Order{DayFirst, MonthFirst}
		}
		return askOrder(c, asks, left)
	}
	return nil
}

// askOrder asks which of several orders the dates of a column have.
func askOrder(c Column, place string, among []Order) error {
	var firsts, hints []string
	for _, o := range among {
		firsts, hints = append(firsts, o.first()), append(hints, orderFlag(c, o)+" for "+o.first())
	}
	last := len(among) - 1
	hints[last] = "or " + hints[last]
	return exit.Failedf("DATE_ORDER", "say which stands first: "+strings.Join(hints, ", "),
		"%s: whether %s or %s stands first can't be told", place, strings.Join(firsts[:last], ", "), firsts[last])
}

// orderFlag is the `--map` that says the order of a column.
func orderFlag(c Column, o Order) string {
	return "--map " + fleet.ShellQuote(Mapping{Header: c.Header, Keys: []string{fleet.KeyLastAccess}, Order: o, Exact: c.exact}.String())
}

// first is what stands first in an order.
func (o Order) first() string {
	switch o {
	case DayFirst:
		return "the day"
	case MonthFirst:
		return "the month"
	}
	return "the year"
}

// asks reports whether the date means another day in another order.
func (s stamp) asks() bool {
	days := map[[3]int]bool{}
	for _, o := range orders() {
		if year, month, day := s.date(o); s.fits(o) {
			days[[3]int{year, month, day}] = true
		}
	}
	return len(days) > 1
}

// isLate reports whether a time can't be that of an access yet. A day is granted:
// clocks differ, and the zone may not be that of the file.
func (c *clock) isLate(t time.Time) bool {
	return !c.now.IsZero() && t.After(c.now.Add(24*time.Hour))
}

// lateIn returns the orders in which a date is late, if there is one in which it
// isn't.
func (c *clock) lateIn(s stamp) (late []Order) {
	past := false
	for _, o := range orders() {
		if !s.fits(o) {
			continue
		}
		if t, why := c.time(s, o); why == "" && c.isLate(t) {
			late = append(late, o)
		} else {
			past = true
		}
	}
	if !past {
		return nil
	}
	return late
}

// late is what is wrong with a time that can't be yet, and what may mend it.
func (p *parts) late(s stamp, text string) string {
	why := strconv.Quote(text) + " is in the future"
	isPast := func(s stamp, o Order) bool {
		t, fault := p.clock.time(s, o)
		return fault == "" && !p.clock.isLate(t)
	}
	if o := slices.IndexFunc(p.clock.fit, func(o Order) bool { return isPast(s, o) }); o >= 0 && !s.ordered && s.zoned.IsZero() {
		return why + ": if " + p.clock.fit[o].first() + " stands first: " + orderFlag(p.column, p.clock.fit[o])
	}
	s.year, s.second, s.first = s.date(p.clock.order)
	if s.ordered = true; s.zoned.IsZero() && isPast(s, "") {
		why += ": were day and month swapped?"
	}
	return why
}

// headerZone has the times read in the zone that their header names in brackets, as
// in "Last seen (UTC)".
func (r *reader) headerZone(c Column) error {
	header := norm.NFKC.String(c.Header)
	at := strings.LastIndex(header, "(")
	if at < 0 {
		return nil
	}
	_, zone, _ := r.clock.takeZone(" " + header[at:])
	if zone == nil {
		return nil
	}
	if r.options.Zoned && !mayBe(zone, r.options.Location) {
		return exit.Usagef("CONTRADICTING_ZONE", "leave out --tz; if the header is wrong, rename it in the file",
			"--tz %s: the header %q names another zone", r.options.Location, c.Header)
	}
	r.clock.location = zone
	return nil
}

// mayBe reports whether clocks of a location show the time of an offset, in winter
// or in summer.
func mayBe(zone, location *time.Location) bool {
	const year, day = 2026, 1
	return slices.ContainsFunc([]time.Month{time.January, time.July}, func(month time.Month) bool {
		t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		_, want := t.In(zone).Zone()
		_, offset := t.In(location).Zone()
		return offset == want
	})
}
