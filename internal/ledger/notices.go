package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// notices decides by the book what may be recorded.
type notices struct {
	log  *log
	book *noticeBook
}

func (n notices) Reserve(ctx context.Context, r Reservation, ids []string) (map[string]Notice, error) {
	var against map[string]Notice
	err := n.update(ctx, r, reserved, ids, func() (free []string) {
		against, free = n.book.against(r, ids)
		return free
	})
	if err != nil {
		return nil, err
	}
	return against, nil
}

func (n notices) Standing(ctx context.Context, r Reservation, ids []string) (map[string]Notice, error) {
	if ctx.Err() == nil && !n.log.exists() { // a plan makes no file
		return map[string]Notice{}, nil
	}
	var against map[string]Notice
	err := n.update(ctx, r, reserved, ids, func() []string {
		against, _ = n.book.against(r, ids)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return against, nil
}

func (n notices) Confirm(ctx context.Context, r Reservation, ids []string) error {
	r.Members = nil
	return n.update(ctx, r, sent, ids, func() []string { return n.book.own(r, ids) })
}

func (n notices) Release(ctx context.Context, r Reservation, ids []string) error {
	r.Members = nil
	return n.update(ctx, r, released, ids, func() []string { return n.book.own(r, ids) })
}

// update records that event befell those of ids that decide returns, all in one
// line: they hold together or not at all.
func (n notices) update(ctx context.Context, r Reservation, event string, ids []string, decide func() []string) error {
	line := noticeLine{Event: event, Address: r.Address, Job: r.Job, Time: r.Now.UTC(), Devices: ids, Members: r.Members}
	if err := line.check(); err != nil && len(ids) > 0 {
		return fmt.Errorf("recording notices of job %q at %q: %w", r.Job, r.Address, err)
	}
	return n.log.update(ctx, func() (any, error) {
		line.Devices = decide()
		if len(line.Devices) == 0 {
			return nil, nil
		}
		line.Members = membersOf(line.Devices, r.Members)
		return line, nil
	})
}

// against returns what stands against ids, and those that nothing stands
// against.
func (b *noticeBook) against(r Reservation, ids []string) (map[string]Notice, []string) {
	against := map[string]Notice{}
	var free []string
	for _, id := range ids {
		if n, stands := b.standing(r, id); stands {
			against[id] = n
		} else {
			free = append(free, id)
		}
	}
	return against, free
}

// standing is what stands against id: a notice to it, to the member who uses it,
// or to a device that the member of this name uses.
func (b *noticeBook) standing(r Reservation, id string) (Notice, bool) {
	k := keyOf(r.Address, id)
	e, is := b.last[k]
	if n, stands := b.stands(r, e, is); stands {
		return n, true
	}
	for _, name := range r.Members[id] {
		e, is := b.last[keyOf(r.Address, name)]
		if n, stands := b.stands(r, e, is); stands {
			return n, true
		}
	}
	for _, u := range b.used[k] {
		e, holds := b.entry(u)
		if n, stands := b.stands(r, e, holds); stands {
			return n, true
		}
	}
	return Notice{}, false
}

// stands tells whether a notice, if it is one, stands against r.
func (b *noticeBook) stands(r Reservation, e entry, is bool) (Notice, bool) {
	at := time.Unix(0, e.at).In(r.Now.Location())
	// Also a time to come stands: the clock was set back.
	if !is || b.jobs.names[e.job] == r.Job || r.Cooldown == 0 || r.Now.Sub(at) >= r.Cooldown {
		return Notice{}, false
	}
	return Notice{Job: b.jobs.names[e.job], Time: at, Sure: e.sure}, true
}

// own returns those of ids whose last notice is r.Job's and isn't known to be sent.
// What another job reserved since stays.
func (b *noticeBook) own(r Reservation, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		e, is := b.last[keyOf(r.Address, id)]
		return !is || e.sure || b.jobs.names[e.job] != r.Job
	})
}
