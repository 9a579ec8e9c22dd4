package cmd

import (
	"context"
	"iter"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
)

// rehearsal is a job of which nothing is written down: what is settled in it
// counts for itself only, until somebody has said yes.
type rehearsal struct {
	journal.Journal
	settled map[int]journal.Outcome
	targets []commandTarget // of a wipe or reset, as it will be shown
}

func rehearse(j journal.Journal) *rehearsal {
	return &rehearsal{Journal: j, settled: map[int]journal.Outcome{}}
}

// Outcome is the settled one, else the journal's.
func (r *rehearsal) Outcome(i int) journal.Outcome {
	if o, ok := r.settled[i]; ok {
		return o
	}
	return r.Journal.Outcome(i)
}

// Items are the journal's with their settled outcomes.
func (r *rehearsal) Items(ctx context.Context) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		for it, err := range r.Journal.Items(ctx) {
			if err == nil {
				it.Outcome = r.Outcome(it.Index)
			}
			if !yield(it, err) {
				return
			}
		}
	}
}

// Settle keeps outcomes in memory.
func (r *rehearsal) Settle(groups ...journal.Settlement) error {
	for _, g := range groups {
		for _, i := range g.Items {
			r.settled[i] = g.Outcome.Over(r.Outcome(i))
		}
	}
	return nil
}

// Sending keeps it in memory: a rehearsal sends nothing.
func (r *rehearsal) Sending(items []int, key string, at time.Time) error {
	return r.Settle(journal.Settlement{Items: items, Outcome: journal.Outcome{Status: journal.Sending, Key: key, Time: at}})
}

// Holder is nobody: what was left in sending is as unknown as ever.
func (r *rehearsal) Holder() (journal.Holder, bool) { return journal.Holder{}, false }

// perform writes down what was settled, by one flush.
func (r *rehearsal) perform() error {
	if len(r.settled) == 0 {
		return nil
	}
	shared := map[journal.Outcome][]int{}
	for i, o := range r.settled {
		shared[o] = append(shared[o], i)
	}
	groups := make([]journal.Settlement, 0, len(shared))
	for o, items := range shared {
		groups = append(groups, journal.Settlement{Items: items, Outcome: o})
	}
	return r.Journal.Settle(groups...)
}

// open are the items that are left to do, and those that were settled here.
func (r *rehearsal) open(ctx context.Context) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		for it, err := range r.Items(ctx) {
			_, settled := r.settled[it.Index]
			open := settled || it.Status == journal.Planned || it.Status == journal.Sending
			if (err != nil || open) && !yield(it, err) {
				return
			}
		}
	}
}
