package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// wipes decides by the book what may be recorded.
type wipes struct {
	log  *log
	book *wipeBook
}

// hour is what the allowance is for.
const hour = time.Hour

func (w wipes) Reserve(ctx context.Context, tenant, job string, n int, now time.Time, limit int) error {
	line := wipeLine{Event: reserved, Tenant: tenant, Job: job, Time: now.UTC(), Count: n}
	return w.update(ctx, line, func() error {
		w.book.now = now.UnixNano()
		// Those to come count too: the clock was set back.
		used := slices.DeleteFunc(slices.Clone(w.book.of[tenant]), func(e wipe) bool {
			return now.Sub(e.time()) >= hour
		})
		if len(used)+n <= limit {
			return nil
		}
		full := &CapError{Asked: n, Used: len(used), Limit: limit}
		if n <= limit {
			full.Free = used[len(used)+n-limit-1].time().Add(hour).In(now.Location())
		}
		return full
	})
}

func (w wipes) Release(ctx context.Context, tenant, job string, n int) error {
	line := wipeLine{Event: released, Tenant: tenant, Job: job, Count: n}
	return w.update(ctx, line, func() error { return nil })
}

func (w wipes) update(ctx context.Context, line wipeLine, decide func() error) error {
	if err := line.check(); err != nil && line.Count > 0 {
		return fmt.Errorf("counting wipes of job %q at %q: %w", line.Job, line.Tenant, err)
	}
	return w.log.update(ctx, func() (any, error) {
		if line.Count <= 0 {
			return nil, nil
		}
		return line, decide()
	})
}
