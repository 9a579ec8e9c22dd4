package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
)

func newJobsCancel(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "cancel ID",
		Short: "Send nothing more of a job, and take back what still waits",
		Long: `Drops what a job has not sent yet, also while another process is at work on it,
and asks the back end to take back wipes and resets that have not reached their
devices. It asks no question, since seconds count. Exit code 4 says that it was
too late for some.`,
		Example: `  worksctl notify --profile sandbox --os ios --outdated --yes -o json --jq .jobId > job.txt
  worksctl jobs cancel $(cat job.txt) --profile sandbox`,
		Args:              oneArg("ID"),
		ValidArgsFunction: app.completeJobs,
		RunE:              func(c *cobra.Command, args []string) error { return app.cancelJob(c, args[0]) },
	}
}

func (app *App) cancelJob(c *cobra.Command, id string) error {
	ctx := c.Context()
	a, err := app.startActing(c, true) // it asks nothing, as a dry run
	if err != nil {
		return err
	}
	before, err := a.ofTenant(ctx, id)
	if err != nil {
		return err
	}
	if err := a.jobs.Cancel(ctx, id); err != nil {
		return err
	}
	j, err := a.holdWhenFree(ctx, id)
	if err != nil {
		return err
	}
	canceled, stopped := a.runner(nil).Cancel(ctx, j)
	if err := j.Close(); err != nil {
		stopped = errors.Join(stopped, err)
	}
	return a.tellCanceled(context.WithoutCancel(ctx), before, canceled, stopped)
}

// holdWhenFree waits for the process at work on a job to end its request under
// way: it sends no other since it was asked not to.
func (a *acting) holdWhenFree(ctx context.Context, id string) (journal.Journal, error) {
	const pause = 200 * time.Millisecond
	end := a.app.Now().Add(time.Duration(a.app.flags.timeout))
	for {
		j, err := a.jobs.Open(ctx, id)
		if _, held := errors.AsType[*journal.HeldError](err); !held {
			return j, err
		}
		if a.app.Now().After(end) {
			return nil, &exit.Error{
				Exit: exit.Failed, ID: "JOB_HELD", Hint: "worksctl jobs cancel " + id, Err: err,
				Message: "nothing more is sent, but the request under way has not ended",
			}
		}
		if err := a.app.pause(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// tellCanceled prints what became of canceling, which is not always what
// becomes of the devices: a wipe that is too late to cancel goes on. What the
// process at work dropped itself since before is told too.
func (a *acting) tellCanceled(ctx context.Context, before journal.Record, canceled []job.CancelResult, stopped error) error {
	id := before.Job().ID
	rec, err := a.jobs.Read(ctx, id)
	if err != nil {
		return errors.Join(stopped, err)
	}
	dropped := func(i int) bool {
		return rec.Outcome(i).Status == journal.Canceled && before.Outcome(i).Status != journal.Canceled
	}
	n := journal.Counts{}
	for i := range rec.Len() {
		if dropped(i) {
			n[journal.Canceled]++
		}
	}
	results := map[string]job.CancelResult{}
	for _, c := range canceled {
		if c.DeviceID != "" { // rows of a file and members have none: of them all are dropped
			results[c.DeviceID] = c
		}
		if c.Status != journal.Canceled { // else it is dropped
			n[c.Status]++
		}
	}
	r := resultsOf(ctx, rec, journal.Count(rec))
	r.shown = n
	r.items = func(yield func(journal.Item, error) bool) {
		for it, err := range rec.Items(ctx) {
			c, ok := results[it.Device.DeviceID]
			if ok {
				it.Status, it.Code, it.Detail = c.Status, c.Code, c.Detail
			}
			if (err != nil || ok || dropped(it.Index)) && !yield(it, err) {
				return
			}
		}
	}
	printed := a.app.printResults(ctx, a.format, r)
	if len(n) == 0 {
		a.app.Term.Infof("nothing was left to cancel")
	}
	a.app.tellCounts(rec.Job(), n)
	return errors.Join(a.judgeCanceled(id, n, canceled, stopped), printed)
}

// judgeCanceled is the exit code of canceling: 4 where it was too late.
func (a *acting) judgeCanceled(id string, n journal.Counts, canceled []job.CancelResult, stopped error) error {
	e := &exit.Error{Message: "cancel: " + sentence(n), Hint: "worksctl jobs verify " + id}
	if stopped != nil {
		e.Err = explain(stopped)
		e.Message = fmt.Sprintf("job %s is not canceled whole", id)
	}
	late := slices.DeleteFunc(slices.Clone(canceled), func(c job.CancelResult) bool {
		return c.Status != journal.Failed || c.Code != "COMMAND_ALREADY_DELIVERED"
	})
	switch {
	case n[journal.Unknown] > 0:
		e.Exit, e.ID, e.Hint = exit.Unknown, "OUTCOME_UNKNOWN", "worksctl jobs cancel "+id
	case len(late) > 0:
		e.Exit, e.ID = exit.Partial, "COMMAND_ALREADY_DELIVERED"
		if stopped == nil {
			e.Message = a.tooLate(n, late)
		}
	case n[journal.Failed] > 0:
		e.Exit, e.ID, e.Hint = exit.Worst(exit.Failed, exit.CodeOf(stopped)), "NOT_CANCELED", "worksctl jobs cancel "+id
		if n[journal.Canceled] > 0 {
			e.Exit = exit.Partial
		}
	case stopped != nil:
		return stopped
	default:
		return nil
	}
	return e
}

// tooLate says what had happened already, of one device also when.
func (a *acting) tooLate(n journal.Counts, late []job.CancelResult) string {
	if len(late) > 1 {
		return fmt.Sprintf("too late to cancel on %s (%s)", countOf(len(late)), sentence(n))
	}
	what := late[0].Detail
	if a.app.Term.ErrTTY {
		what = a.app.localTimes(what)
	}
	if len(n) > 1 {
		return fmt.Sprintf("too late to cancel on 1 device: %s (%s)", what, sentence(n))
	}
	return "too late to cancel: " + what
}
