package job

import (
	"context"
	"errors"
	"slices"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/pkg/api"
)

// CancelResult is what became of canceling one item. It is not the item's own
// outcome: a wipe that is too late to cancel goes on.
type CancelResult struct {
	DeviceID string
	// Status is canceled; failed where it was too late (COMMAND_ALREADY_DELIVERED);
	// skipped where the command had come to nothing before; or unknown.
	Status journal.Status
	Code   string
	Detail string
}

// Cancel drops what j has planned and asks the back end to take back those of
// its wipes and resets that are still REQUESTED, accepted or unknown ones: POST
// /security/device-commands/{commandId}/cancel (cli.md, "jobs cancel"). It
// returns a result for each item that this concerns; the journal keeps the
// truth about the item itself. Trouble with one command keeps none of the
// others from being canceled; the first such error is returned at the end.
func (r *Runner) Cancel(ctx context.Context, j journal.Journal) ([]CancelResult, error) {
	var dropped []int
	var results []CancelResult
	for it, err := range planned(ctx, j) {
		if err != nil {
			return nil, err
		}
		dropped = append(dropped, it.Index)
		if it.Doubtful() {
			continue // unknown, and asked about below
		}
		results = append(results, CancelResult{DeviceID: it.Device.DeviceID, Status: journal.Canceled, Detail: "not sent"})
	}
	o := journal.Outcome{Status: journal.Canceled, Detail: "canceled before it was sent"}
	if err := r.settleAll(j, map[journal.Outcome][]int{o: dropped}); err != nil {
		return nil, err
	}
	if err := r.releaseCanceled(ctx, j); err != nil {
		return nil, err
	}
	if !isCommand(j.Job().Action) {
		return results, nil
	}
	items, first := collect(open(ctx, j))
	for i := range items {
		res, o, err := r.cancelItem(ctx, soughtOf(j.Job().Action, &items[i]))
		if err != nil {
			res = CancelResult{Status: journal.Failed, Code: "NOT_CANCELED", Detail: err.Error()}
			if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown {
				res.Status, res.Code = journal.Unknown, ""
			}
		}
		if err == nil && o.Status != "" {
			err = r.learn(j, &items[i], o)
		}
		if first == nil {
			first = err
		}
		res.DeviceID = items[i].Device.DeviceID
		results = append(results, res)
	}
	return results, first
}

// releaseCanceled takes back what a notice reserved for those it was not sent to: a
// process that waited, to send it again, may have been killed. A member of whom one
// device is in doubt stays reserved.
func (r *Runner) releaseCanceled(ctx context.Context, j journal.Journal) error {
	if j.Job().Action != fleet.Notify {
		return nil
	}
	var marks []string
	kept := map[string]bool{}
	for it, err := range j.Items(ctx) {
		if err != nil {
			return err
		}
		of := []string{it.Device.DeviceID}
		if j.Job().Bot != nil {
			of = botMarks([]journal.Item{it})
		}
		switch {
		case it.Status == journal.Canceled:
			marks = append(marks, of...)
		case j.Job().Bot != nil && (it.Status == journal.Unknown || it.Status == journal.Sending || it.Doubtful()):
			for _, mark := range of {
				kept[mark] = true
			}
		}
	}
	marks = slices.DeleteFunc(marks, func(mark string) bool { return kept[mark] })
	job := j.Job()
	return r.Notices.Release(ctx, ledger.Reservation{Address: job.Tenant.Address, Job: job.ID, Now: r.Now()}, marks)
}

// cancelItem cancels the command that s stands for. The outcome is what is
// learned about the item, empty if nothing is.
func (r *Runner) cancelItem(ctx context.Context, s sought) (CancelResult, journal.Outcome, error) {
	c, byTime, err := r.command(ctx, s)
	switch {
	case err != nil:
		return CancelResult{}, journal.Outcome{}, err
	case c == nil:
		return CancelResult{Status: journal.Unknown, Detail: notShown}, journal.Outcome{}, nil
	case c.Status != api.CommandRequested:
		return tooLate(c), commandOutcome(c, byTime), nil
	}
	err = r.Client.Commands.Cancel(ctx, c.CommandID, api.NewIdempotencyKey())
	_, unknown := errors.AsType[*api.UnknownOutcomeError](err)
	delivered := errors.Is(err, api.ErrCommandDelivered)
	switch {
	case err == nil:
		c.Status = api.CommandCanceled
	case !unknown && !delivered:
		return CancelResult{}, journal.Outcome{}, err
	default:
		now, getting := r.Client.Commands.Get(ctx, c.CommandID)
		switch {
		case getting == nil:
			c = now
		case delivered:
			c.Status = api.CommandDelivered
		default:
			return CancelResult{}, journal.Outcome{}, err
		}
	}
	switch o := commandOutcome(c, byTime); c.Status {
	case api.CommandCanceled:
		o.Status, o.Code, o.Detail = journal.Canceled, "", "canceled before it reached the phone"
		return CancelResult{Status: o.Status, Detail: o.Detail}, o, nil
	case api.CommandRequested:
		return CancelResult{Status: journal.Unknown, Detail: "not canceled as far as the back end shows: cancel it again"}, o, nil
	default:
		return tooLate(c), o, nil
	}
}

// tooLate is the result for a command that no longer waits.
func tooLate(c *api.Command) CancelResult {
	o := commandOutcome(c, false)
	if o.Status == journal.Failed {
		return CancelResult{Status: journal.Skipped, Code: o.Code, Detail: "nothing left to cancel: " + o.Detail}
	}
	return CancelResult{Status: journal.Failed, Code: "COMMAND_ALREADY_DELIVERED", Detail: o.Detail}
}
