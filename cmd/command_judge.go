package cmd

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// judgeTargets decides for each target whether action can be done to it now.
func (a *acting) judgeTargets(ctx context.Context, action fleet.Action, targets []commandTarget) error {
	judge := a.judging()
	var ids []string
	for i := range targets {
		t := &targets[i]
		if t.refused() {
			continue
		}
		v, err := judge(ctx, action, t.device)
		if err != nil {
			return err
		}
		if t.outcome = planned(v); t.refused() {
			t.remedy = v.Remedy
		}
		ids = append(ids, t.device.DeviceID)
	}
	unsettled, err := job.Unsettled(ctx, a.jobs, a.tenant, ids, a.app.fleetNow())
	if err != nil {
		return err
	}
	for i := range targets {
		t := &targets[i]
		if t.device == nil || t.refused() {
			continue
		}
		if id := unsettled[t.device.DeviceID]; id != "" {
			t.refuse("UNSETTLED", "job "+id+" has a wipe or reset of it that is not settled", "worksctl jobs resume "+id)
		}
	}
	return nil
}

// judging returns the verdict on devices of any domain, whose MDM settings it
// reads once each. A device of another domain than the profile's is not for it
// to act on.
func (a *acting) judging() func(context.Context, fleet.Action, *api.Device) (fleet.Verdict, error) {
	settings, unusable := a.app.mdmTenants()
	return func(ctx context.Context, action fleet.Action, d *api.Device) (fleet.Verdict, error) {
		if reason := a.app.otherDomain(a.settings, d); reason != "" {
			return fleet.Verdict{
				Outcome: fleet.Impossible, Code: "OTHER_DOMAIN", Reason: reason, Remedy: "use the profile of its domain",
			}, nil
		}
		if unusable != nil {
			return fleet.Verdict{}, unusable
		}
		mdm, err := settings.of(ctx, d.DomainID)
		if err != nil {
			return fleet.Verdict{}, err
		}
		return fleet.Judge(action, d, fleet.Tenant{Mode: mdm.Mode, External: mdm.ExternalMDM}), nil
	}
}

// lookAround asks the back end what else has to be known of the targets: a
// command that is pending, which makes one skipped, and the relatives of those
// that are left.
func (a *acting) lookAround(ctx context.Context, targets []commandTarget) error {
	search := func(ctx context.Context, q api.DeviceQuery) iter.Seq2[api.Device, error] {
		q.DomainID = a.settings.DomainID
		return a.client.Devices.All(ctx, q, nil)
	}
	var ids []string
	for i := range targets {
		if t := &targets[i]; t.outcome.Status == journal.Planned {
			ids = append(ids, t.device.DeviceID)
		}
	}
	asked, err := job.Accepted(ctx, a.jobs, a.tenant, ids)
	if err != nil {
		return err
	}
	for i := range targets {
		t := &targets[i]
		if t.outcome.Status != journal.Planned {
			continue
		}
		if t.newest, t.pending, err = a.runner(nil).Latest(ctx, t.device.DeviceID); err != nil {
			return err
		}
		if own, ok := asked[t.device.DeviceID]; ok && t.pending == nil {
			if t.pending, err = a.notListed(ctx, own); err != nil {
				return err
			}
		}
		if own := asked[t.device.DeviceID]; t.pending != nil && own.CommandID == t.pending.CommandID {
			t.asker = own.JobID
		}
		if t.newest != nil {
			t.outcome.After = t.newest.CommandID
		}
		if c := t.pending; c != nil {
			t.outcome = journal.Outcome{
				Status: journal.Skipped, Code: "COMMAND_ALREADY_EXIST",
				Detail: fmt.Sprintf("%s %s, requested %s, is pending already (%s)", c.Type, c.CommandID, c.RequestedTime, c.Status),
			}
			continue
		}
		if t.relatives, err = fleet.FindRelatives(ctx, search, t.device); err != nil {
			return err
		}
	}
	return nil
}

// notListed looks for a command of our own that the back end's list of the
// device doesn't show as pending; nil where it has ended.
func (a *acting) notListed(ctx context.Context, own job.Asked) (*api.Command, error) {
	c, err := a.client.Commands.Get(ctx, own.CommandID)
	switch {
	case errors.Is(err, api.ErrNotFound):
		return nil, exit.Refusedf("UNSETTLED_JOB", "worksctl jobs show "+own.JobID,
			"the back end accepted command %s of job %s and no longer shows it: nothing was sent", own.CommandID, own.JobID)
	case err != nil:
		return nil, err
	case c.Status == api.CommandRequested || c.Status == api.CommandDelivered:
		return c, nil
	}
	return nil, nil
}

// pendingText describes a command that the back end has yet to carry out.
func (app *App) pendingText(c *api.Command) string {
	return fmt.Sprintf("%s %s is pending since %s (%s)", c.Type, c.CommandID, app.clock(c.RequestedTime), c.Status)
}

// clock is a time as a person at the terminal reads it, else as received.
func (app *App) clock(received string) string {
	t, err := time.Parse(time.RFC3339, received)
	if err != nil || !app.Term.ErrTTY {
		return received
	}
	return t.In(app.Location).Format("2006-01-02 15:04")
}
