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
	for o, items := range outcomes {
		if o.Time = now; o.Status == journal.Sending {
			o.Time = j.Outcome(items[0]).Time
		}
		groups = append(groups, journal.Settlement{Items: items, Outcome: o})
	}
	return j.Settle(groups...)
}
