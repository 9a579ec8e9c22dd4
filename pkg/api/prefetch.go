package api

import "context"

// prefetch keeps at most one page on its way. It is used by one goroutine.
type prefetch struct {
	ctx    context.Context //nolint:containedctx // lives as long as one listing
	cancel context.CancelFunc
	fetch  func(ctx context.Context, cursor string, count int) fetched

	under *pending
}

type pending struct {
	cursor string
	count  int
	cancel context.CancelFunc
	done   chan fetched
}

func newPrefetch(ctx context.Context, fetch func(context.Context, string, int) fetched) *prefetch {
	ctx, cancel := context.WithCancel(ctx)
	return &prefetch{ctx: ctx, cancel: cancel, fetch: fetch}
}

// start sends for a page, unless it is on its way already or cursor is empty.
// Another page under way is dropped.
func (p *prefetch) start(cursor string, count int) {
	if p.under != nil && p.under.cursor == cursor && p.under.count == count {
		return
	}
	p.drop()
	if cursor == "" {
		return
	}
	ctx, cancel := context.WithCancel(p.ctx)
	next := &pending{cursor, count, cancel, make(chan fetched, 1)}
	p.under = next
	go func() { next.done <- p.fetch(ctx, cursor, count) }()
}

// get returns a page, the one under way if it is that.
func (p *prefetch) get(cursor string, count int) fetched {
	if u := p.under; u != nil && u.cursor == cursor && u.count == count {
		p.under = nil
		f := <-u.done
		u.cancel()
		return f
	}
	p.drop()
	return p.fetch(p.ctx, cursor, count)
}

// drop cancels the page under way and waits for its goroutine.
func (p *prefetch) drop() {
	if p.under == nil {
		return
	}
	p.under.cancel()
	if f := <-p.under.done; f.a != nil {
		f.a.release()
	}
	p.under = nil
}

// stop ends the listing's requests and waits for their goroutine.
func (p *prefetch) stop() {
	p.cancel()
	p.drop()
}
