package consolefile

import (
	"fmt"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// surveyDates finds the order of day and month.
func (r *reader) surveyDates() error {
	r.clock = newClock(r.options.Location)
	c, ok := r.file.column(fleet.KeyLastAccess)
	if !ok {
		return nil
	}
	var asks string
	orders := map[Order]int{}
	for _, row := range r.rows {
		in := cell(row, c.at)
		s, ok := r.clock.read(in.Text)
		if in.Kind != sheet.Text || !ok {
			continue
		}
		r.dated++
		if s.timed || !s.zoned.IsZero() {
			r.timed++
		}
		if s.asks() && asks == "" {
			asks = fmt.Sprintf("row %d, column %s: %q", row.Number, c.Header, in.Text)
		}
		if order := s.tells(); order != "" {
			orders[order]++
		}
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
			return "--map " + fleet.ShellQuote(Mapping{Header: c.Header, Keys: []string{fleet.KeyLastAccess}, Order: o}.String())
		}
		return exit.Failedf("DATE_ORDER", "say which stands first: "+say(DayFirst)+" for the day, or "+say(MonthFirst)+" for the month",
			"%s: whether the day or the month stands first can't be told", asks)
	}
	return nil
}
