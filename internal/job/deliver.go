package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

const (
	// mostUnknown is how many requests in a row may get no clear answer.
	mostUnknown = 3
	// mostThrottled is how often a request is put off, and the delays say for how
	// long where the back end doesn't: 2, 4, 8, 16, 30 s …; told to wait longer
	// than mostDelay, the run stops.
	mostThrottled = 8
	firstDelay    = 2 * time.Second
	longDelay     = 30 * time.Second
	mostDelay     = 2 * time.Minute
	// manyRefused is how many items of a batch have to be refused, each by itself
	// and all of them, to show that it isn't their ids that are at fault.
	manyRefused = 10
)

// deliver brings a batch to its end: each item is settled, or planned still.
func (x *run) deliver(ctx context.Context, items []journal.Item) error {
	turn, done, err := x.admit(ctx)
	if err != nil {
		return err
	}
	defer done()
	items, err = x.reserve(ctx, items)
	if err != nil || len(items) == 0 {
		return err
	}
	refused, err := x.try(ctx, turn, items, 0)
	if err == nil && refused == len(items) && refused >= manyRefused {
		return exit.Failedf("ALL_REFUSED", "", "the back end refused each of %d devices: %s", refused, x.j.Outcome(items[0].Index).Detail)
	}
	return err
}

// admit waits until a request may leave, and takes its turn: a process that is
// killed while it waits must not have said that the request was on its way.
func (x *run) admit(ctx context.Context) (turn context.Context, done func(), err error) {
	if err := x.pace.wait(ctx); err != nil {
		return nil, nil, err
	}
	method, template := x.s.operation()
	turn, done, err = x.r.Client.Turn(ctx, method, template)
	if err == nil && x.j.CancelAsked() {
		done()
		err = errCanceled
	}
	return turn, done, err
}

// try sends one request for items and settles what came of it. It returns how
// many were refused by themselves. ctx is the run's, turn the request's;
// attempts are those that the back end has put off before.
func (x *run) try(ctx, turn context.Context, items []journal.Item, attempts int) (refused int, err error) {
	key := api.NewIdempotencyKey()
	if err := x.j.Sending(indices(items), key, x.r.Now()); err != nil {
		return 0, cmp.Or(x.failed(err), x.release(ctx, items))
	}
	outcomes, err := x.s.send(turn, items, key)
	unknown, isUnknown := errors.AsType[*api.UnknownOutcomeError](err)
	whole, isRefused := errors.AsType[*refusedError](err)
	switch {
	case isUnknown:
		err := x.settle(ctx, items, shared(unknownOutcome(err.Error()), items))
		return 0, cmp.Or(err, x.unanswered(unknown))
	case throttled(err) && attempts < mostThrottled:
		return x.later(ctx, items, attempts, err)
	case err != nil && !isRefused:
		return 0, cmp.Or(x.giveUp(ctx, items), err)
	}
	x.answered()
	switch {
	case !isRefused:
		return 0, x.settle(ctx, items, outcomes)
	case len(items) > 1:
		return x.halve(ctx, items)
	}
	return 1, x.settle(ctx, items, shared(whole.outcome(), items))
}

// halve sends items that were refused together in two requests. Their
// reservation holds on: what this job has reserved and planned it may send.
func (x *run) halve(ctx context.Context, items []journal.Item) (refused int, err error) {
	if err := x.putBack(items); err != nil {
		return 0, err
	}
	middle := len(items) / 2
	for _, half := range [][]journal.Item{items[:middle], items[middle:]} {
		var turn context.Context
		var done func()
		if err == nil {
			turn, done, err = x.admit(ctx)
		}
		if err != nil {
			err = cmp.Or(err, x.giveUp(ctx, half))
			continue
		}
		var n int
		n, err = x.try(ctx, turn, half, 0)
		done()
		refused += n
	}
	return refused, err
}

// putBack plans items again whose request was surely not carried out.
func (x *run) putBack(items []journal.Item) error {
	return x.failed(x.j.Settle(journal.Settlement{
		Items: indices(items), Outcome: journal.Outcome{Status: journal.Planned, Time: x.r.Now()},
	}))
}

// later sends items again that the back end has put off. Meanwhile they are
// planned: they were surely not carried out.
func (x *run) later(ctx context.Context, items []journal.Item, attempts int, why error) (refused int, err error) {
	if err := x.putBack(items); err != nil {
		return 0, err
	}
	wait := min(firstDelay<<attempts, longDelay)
	if e, ok := errors.AsType[*api.Error](why); ok && e.RetryAfter > 0 {
		wait = e.RetryAfter
	}
	if wait > mostDelay {
		return 0, cmp.Or(x.giveUp(ctx, items), why)
	}
	if err := x.r.Sleep(ctx, wait); err != nil {
		return 0, cmp.Or(x.giveUp(ctx, items), err)
	}
	turn, done, err := x.admit(ctx)
	if err != nil {
		return 0, cmp.Or(x.giveUp(ctx, items), err)
	}
	defer done()
	return x.try(ctx, turn, items, attempts+1)
}

// throttled reports whether an answer asks to come later (contract, "Rate
// limit").
func throttled(err error) bool {
	e, ok := errors.AsType[*api.Error](err)
	return ok && (e.Status == http.StatusTooManyRequests || e.Status == http.StatusServiceUnavailable)
}

// giveUp leaves items planned, or as unknown as they were, and lets other jobs
// have them. Their last request was surely not carried out.
func (x *run) giveUp(ctx context.Context, items []journal.Item) error {
	err := x.r.settleAll(x.j, map[journal.Outcome][]int{{Status: journal.Planned}: indices(items)})
	return cmp.Or(x.failed(err), x.release(ctx, items))
}

// settle notes an outcome for each item, first in the journal, then where other
// jobs look.
func (x *run) settle(ctx context.Context, items []journal.Item, outcomes []journal.Outcome) error {
	groups := map[journal.Outcome][]int{}
	var reached, spared []journal.Item
	for i, it := range items {
		groups[outcomes[i]] = append(groups[outcomes[i]], it.Index)
		switch outcomes[i].Status {
		case journal.Sent, journal.Accepted, journal.Done:
			reached = append(reached, it)
		case journal.Sending: // may have been reached: what is reserved stays so
		default:
			spared = append(spared, it)
		}
	}
	if err := x.failed(x.r.settleAll(x.j, groups)); err != nil {
		return err
	}
	x.tell(len(items))
	return cmp.Or(x.confirm(ctx, reached), x.release(ctx, spared))
}

// answered and unanswered count requests in a row whose outcome isn't known:
// after the last one that is bearable the run has to stop.
func (x *run) answered() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.unknown = 0
}

func (x *run) unanswered(unknown *api.UnknownOutcomeError) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.unknown++; x.unknown < mostUnknown {
		return nil
	}
	return fmt.Errorf("%d requests in a row got no clear answer: %w", x.unknown, unknown)
}

// refusedError is an answer that refuses a request whole for the sake of some
// of its items. Nothing was carried out.
type refusedError struct{ answer *api.Error }

func (e *refusedError) Error() string { return e.answer.Error() }
func (e *refusedError) Unwrap() error { return e.answer }

// outcome is that of the only item of the request.
func (e *refusedError) outcome() journal.Outcome {
	return journal.Outcome{
		Status: journal.Failed, Code: e.answer.Code,
		Detail: cmp.Or(e.answer.Description, "the back end refused it and gave no reason"),
	}
}

// unknownOutcome leaves an item in sending, which is shown as unknown.
func unknownOutcome(why string) journal.Outcome {
	return journal.Outcome{Status: journal.Sending, Code: "OUTCOME_UNKNOWN", Detail: why}
}

func shared(o journal.Outcome, items []journal.Item) []journal.Outcome {
	outcomes := make([]journal.Outcome, len(items))
	for i := range outcomes {
		outcomes[i] = o
	}
	return outcomes
}

func indices(items []journal.Item) []int {
	is := make([]int, len(items))
	for i, it := range items {
		is[i] = it.Index
	}
	return is
}
