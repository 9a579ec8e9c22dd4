package job

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// run is one call of [Runner.Run].
type run struct {
	r       *Runner
	j       journal.Journal
	s       sender
	records records // nil where none is needed
	pace    *pace
	batch   int
	stop    context.CancelCauseFunc // nothing more is sent; the first cause holds
	slots   chan struct{}           // one for each request that may be under way
	workers sync.WaitGroup

	mu      sync.Mutex
	unknown int   // requests in a row without a clear answer
	broken  error // the journal or the ledger failed after a request
}

func newRun(r *Runner, j journal.Journal, s sender, stop context.CancelCauseFunc) *run {
	batch, parallel := s.shape()
	method, template := s.operation()
	x := &run{
		r: r, j: j, s: s, stop: stop, batch: batch, slots: make(chan struct{}, parallel),
		pace: &pace{
			now: r.Now, sleep: r.Sleep,
			limit: func() (api.RateLimit, bool) { return r.Client.RateLimit(method, template) },
		},
	}
	x.records, _ = s.(records)
	return x
}

// preparer is a sender that looks at the whole job before anything of it is sent.
// The planned items of each of its groups adjoin in the journal: one is whole
// when the next begins.
type preparer interface {
	// prepare returns how many requests there are to make.
	prepare(ctx context.Context, j journal.Journal) (requests int, err error)
}

// requestsOf is how many requests the planned items of a job take at least.
func requestsOf(ctx context.Context, j journal.Journal, s sender) (int, error) {
	if p, ok := s.(preparer); ok {
		return p.prepare(ctx, j)
	}
	batch, _ := s.shape()
	planned := 0
	for i := range j.Len() {
		if j.Outcome(i).Status == journal.Planned {
			planned++
		}
	}
	return (planned + batch - 1) / batch, nil
}

// sendAll gathers the planned items into batches and returns when all of them
// are settled, or none is sent any more. It holds no more than a batch of each
// group, or the one group at hand where they adjoin, and those under way.
func (x *run) sendAll(ctx context.Context) {
	defer x.workers.Wait()
	requests, err := requestsOf(ctx, x.j, x.s)
	if err != nil {
		x.stop(err)
		return
	}
	x.pace.requests = requests
	_, adjoining := x.s.(preparer)
	before := ""
	waiting := map[string][]journal.Item{}
	for it, err := range x.j.Items(ctx) {
		if err != nil {
			x.stop(err)
			return
		}
		if it.Status != journal.Planned {
			continue
		}
		g := x.s.group(&it.Device)
		if adjoining && g != before && len(waiting[before]) > 0 {
			if !x.start(ctx, waiting[before]) {
				return
			}
			delete(waiting, before)
		}
		before = g
		waiting[g] = append(waiting[g], it)
		if len(waiting[g]) < x.batch {
			continue
		}
		if !x.start(ctx, waiting[g]) {
			return
		}
		delete(waiting, g)
	}
	for _, g := range slices.Sorted(maps.Keys(waiting)) {
		if !x.start(ctx, waiting[g]) {
			return
		}
	}
}

// start has a batch delivered as soon as there is room for another request;
// false when the run has ended.
func (x *run) start(ctx context.Context, items []journal.Item) bool {
	if s, ok := x.s.(interface{ alone() bool }); ok && s.alone() {
		x.workers.Wait()
	}
	select {
	case <-ctx.Done():
		return false
	case x.slots <- struct{}{}:
	}
	x.workers.Go(func() {
		defer func() { <-x.slots }()
		if err := x.deliver(ctx, items); err != nil {
			x.stop(&endedError{err})
		}
	})
	return true
}

// endedError is why a run has ended, for those of its requests that have not
// left: they fail with it, and must not be taken for what it holds, such as an
// unknown outcome.
type endedError struct{ cause error }

func (e *endedError) Error() string { return e.cause.Error() }

// failed remembers a fault of the journal or the ledger: it counts more than
// whatever else ends the run.
func (x *run) failed(err error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.broken == nil {
		x.broken = err
	}
	return err
}

// tell reports items that are settled.
func (x *run) tell(settled int) {
	if x.r.Progress == nil || settled == 0 {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.r.Progress(settled, x.pace.perMinute())
}
