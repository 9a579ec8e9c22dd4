package job

import (
	"iter"

	"github.com/worksctl/worksctl/internal/journal"
)

// only hands on the items that want selects, and any error.
func only(items iter.Seq2[journal.Item, error], want func(*journal.Item) bool) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		for it, err := range items {
			if (err != nil || want(&it)) && !yield(it, err) {
				return
			}
		}
	}
}

func deviceIDs(items iter.Seq2[journal.Item, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for it, err := range items {
			if !yield(it.Device.DeviceID, err) {
				return
			}
		}
	}
}

func collect(items iter.Seq2[journal.Item, error]) ([]journal.Item, error) {
	var all []journal.Item
	for it, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, it)
	}
	return all, nil
}

// settleAll notes outcomes, each with the items that share it, by one flush. What
// stays in sending keeps the time of its request, by which a command may be
// matched; the items of such an outcome are those of one request.
func (r *Runner) settleAll(j journal.Journal, outcomes map[journal.Outcome][]int) error {
	if len(outcomes) == 0 {
		return nil
	}
	now := r.Now()
	groups := make([]journal.Settlement, 0, len(outcomes))
	for o, items := range keepDoubt(j, outcomes) {
		if o.Time = now; o.Status == journal.Sending {
			o.Time = j.Outcome(items[0]).Time
		}
		groups = append(groups, journal.Settlement{Items: items, Outcome: o})
	}
	return j.Settle(groups...)
}

// Note settles items that nobody is sending with what was found out about them.
// What may have been carried out by an earlier request stays unknown.
func (r *Runner) Note(j journal.Journal, o journal.Outcome, items ...int) error {
	return r.settleAll(j, map[journal.Outcome][]int{o: items})
}

// keepDoubt takes care of items that were sent before with an outcome that
// nobody knows: only a success of the last request settles them, or their
// command. Whatever else became of it, they stay unknown.
func keepDoubt(j journal.Journal, outcomes map[journal.Outcome][]int) map[journal.Outcome][]int {
	kept := make(map[journal.Outcome][]int, len(outcomes))
	for o, items := range outcomes {
		for _, i := range items {
			was := j.Outcome(i)
			if was.Doubtful() && settlesNothing(o) {
				unknown := unknownOutcome("an earlier request may have been carried out; the last one was not: " + because(o.Code, o.Detail))
				kept[unknown] = append(kept[unknown], i)
				continue
			}
			kept[o] = append(kept[o], i)
		}
	}
	return kept
}

// settlesNothing reports whether an outcome tells of one request only.
func settlesNothing(o journal.Outcome) bool {
	switch o.Status {
	case journal.Planned, journal.Failed, journal.Skipped, journal.Refused, journal.Canceled:
		return o.CommandID == ""
	}
	return false
}
