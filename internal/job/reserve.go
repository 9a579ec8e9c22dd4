package job

import (
	"context"
	"slices"

	"github.com/worksctl/worksctl/internal/journal"
)

// records is how a sender that needs them makes sure, before each request, that no
// other job has come first.
type records interface {
	// take reserves items and returns, in their order, what those are settled as
	// that must not be sent; of the rest the status is empty.
	take(ctx context.Context, items []journal.Item) ([]journal.Outcome, error)
	// keep notes for other jobs that items were reached.
	keep(ctx context.Context, items []journal.Item) error
	// giveBack gives back items that were surely not reached.
	giveBack(ctx context.Context, items []journal.Item) error
}

// reserve settles those of items that must not be sent and returns the rest.
func (x *run) reserve(ctx context.Context, items []journal.Item) ([]journal.Item, error) {
	if x.records == nil {
		return items, nil
	}
	standing, err := x.records.take(ctx, items)
	if err != nil {
		return nil, err
	}
	var free []journal.Item
	groups := map[journal.Outcome][]int{}
	for i, it := range items {
		if o := standing[i]; o.Status != "" {
			groups[o] = append(groups[o], it.Index)
		} else {
			free = append(free, it)
		}
	}
	if len(groups) == 0 {
		return items, nil
	}
	if err := x.failed(x.r.settleAll(x.j, groups)); err != nil {
		_ = x.release(ctx, free) // the journal's fault is the one to tell
		return nil, err
	}
	x.tell(len(items) - len(free))
	return free, nil
}

// confirm and release go on when the run has ended: they belong to requests
// that have been made.
func (x *run) confirm(ctx context.Context, items []journal.Item) error {
	if x.records == nil || len(items) == 0 {
		return nil
	}
	return x.failed(x.records.keep(context.WithoutCancel(ctx), items))
}

func (x *run) release(ctx context.Context, items []journal.Item) error {
	items = slices.DeleteFunc(slices.Clone(items), func(it journal.Item) bool {
		o := x.j.Outcome(it.Index)
		return o.Doubtful() // perhaps reached by an earlier request
	})
	if x.records == nil || len(items) == 0 {
		return nil
	}
	return x.failed(x.records.giveBack(context.WithoutCancel(ctx), items))
}
