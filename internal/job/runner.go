// Package job carries out jobs: it sends what a journal has planned, each item
// at most once, paces itself by the rate limit, asks the back end about what
// isn't known, and proves afterwards what happened.
package job

import (
	"context"
	"errors"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/pkg/api"
)

// Runner works on the jobs of one tenant.
type Runner struct {
	Client  *api.Client
	Notices ledger.Notices
	Now     func() time.Time // the fleet's clock
	Sleep   func(context.Context, time.Duration) error
	// Progress is told how many more items are settled, and how many requests a
	// minute the run may make (0: not known); it may be nil. It is never called by
	// two goroutines at once.
	Progress func(settled int, perMinute float64)
}

// sender is one kind of request.
type sender interface {
	// shape is the most items of a request, and the most requests at once.
	shape() (batch, parallel int)
	// group names what items must share to go in one request.
	group(d *api.Device) string
	// operation is the method and path template that the rate limit counts.
	operation() (method, template string)
	// send makes one request. It returns an outcome for each item, or an error:
	// a [*refusedError] to have the items tried in two halves, an
	// [*api.UnknownOutcomeError] for a request whose outcome stays unknown after
	// all that can be asked, anything else for one that was surely not carried out
	// and after which the run can't go on.
	send(ctx context.Context, items []journal.Item, key string) ([]journal.Outcome, error)
}

// errCanceled ends a run whose job is to be dropped.
var errCanceled = errors.New("the job is canceled")

// Run sends what is planned in j. Each request is on its way only after the
// journal has said so on disk, and is sent once: a device may end as unknown,
// but is never reached twice.
//
// It returns nil when it got through, also where items failed or stay unknown,
// and where [journal.Store.Cancel] asked to drop what was left. Else the error
// says why it stopped, and the rest stays planned: when ctx ends the requests
// under way are finished and settled, and the error is its cause.
func (r *Runner) Run(ctx context.Context, j journal.Journal) error {
	s, err := r.senderFor(j.Job())
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	x := newRun(r, j, s, stop)
	x.sendAll(ctx)
	cause := context.Cause(ctx)
	if ended, ok := errors.AsType[*endedError](cause); ok {
		cause = ended.cause
	}
	switch {
	case x.broken != nil:
		return x.broken
	case errors.Is(cause, errCanceled):
		return r.dropPlanned(j)
	default:
		return cause
	}
}

// dropPlanned settles everything that is still planned as canceled.
func (r *Runner) dropPlanned(j journal.Journal) error {
	var planned []int
	for i := range j.Len() {
		if j.Outcome(i).Status == journal.Planned {
			planned = append(planned, i)
		}
	}
	return r.settleAll(j, map[journal.Outcome][]int{{Status: journal.Canceled, Detail: "canceled before it was sent"}: planned})
}
