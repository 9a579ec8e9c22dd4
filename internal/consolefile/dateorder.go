package consolefile

import (
	"fmt"

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
	var asks, unordered, ordered string // a place of each kind
	orders := map[Order]int{}
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
		if s.asks() {
			note(&asks)
		}
		if s.ordered || !s.zoned.IsZero() {
			note(&ordered)
		} else {
			note(&unordered)
		}
		if order := s.tells(); order != "" {
			orders[order]++
		}
	}
	if ordered != "" && unordered != "" {
		return exit.Failedf("DATE_ORDER", "download the list anew, and don't save it from a spreadsheet",
			"%s and %s are written in two ways: a spreadsheet changed some of the dates, and may have swapped day and month", ordered, unordered)
	}
	switch {
	case c.order != "":
		r.clock.order = c.order
	case orders[DayFirst] > 0 && orders[MonthFirst] == 0:
		r.clock.order = DayFirst
	case orders[MonthFirst] > 0 && orders[DayFirst] == 0:
		r.clock.order = MonthFirst
	case asks != "":
		say := func(o Order) string {
			return "--map " + fleet.ShellQuote(Mapping{Header: c.Header, Keys: []string{fleet.KeyLastAccess}, Order: o, Exact: c.exact}.String())
		}
		return exit.Failedf("DATE_ORDER", "say which stands first: "+say(DayFirst)+" for the day, or "+say(MonthFirst)+" for the month",
			"%s: whether the day or the month stands first can't be told", asks)
	}
	return nil
}
