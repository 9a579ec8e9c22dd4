package job

import (
	"context"
	"slices"

	"github.com/worksctl/worksctl/internal/journal"
)

// reserver is a sender that has to be sure, before each request, that no other
// job has come first.
type reserver interface {
	// reserve takes devices and returns those that must not be sent, each with
	// what it is settled as.
	reserve(ctx context.Context, ids []string) (map[string]journal.Outcome, error)
	// confirm notes for other jobs that devices were reached.
	confirm(ctx context.Context, ids []string) error
	// release gives back devices that were surely not reached.
	release(ctx context.Context, ids []string) error
}

// reserve settles those of items that must not be sent and returns the rest.
func (x *run) reserve(ctx context.Context, items []journal.Item) ([]journal.Item, error) {
	if x.records == nil {
		return items, nil
	}
	standing, err := x.records.reserve(ctx, idsOf(items))
	if err != nil || len(standing) == 0 {
		return items, err
	}
	var free []journal.Item
	groups := map[journal.Outcome][]int{}
	for _, it := range items {
		if o, stands := standing[it.Device.DeviceID]; stands {
			groups[o] = append(groups[o], it.Index)
		} else {
			free = append(free, it)
		}
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
	return x.failed(x.records.confirm(context.WithoutCancel(ctx), idsOf(items)))
}

func (x *run) release(ctx context.Context, items []journal.Item) error {
	items = slices.DeleteFunc(slices.Clone(items), func(it journal.Item) bool {
		o := x.j.Outcome(it.Index)
		return o.Doubtful() // perhaps reached by an earlier request
	})
	if x.records == nil || len(items) == 0 {
		return nil
	}
	return x.failed(x.records.release(context.WithoutCancel(ctx), idsOf(items)))
}
