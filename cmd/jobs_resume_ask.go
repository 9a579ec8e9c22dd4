package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/pkg/api"
)

// askResume shows what is left to send and asks, as the action itself does.
func (a *acting) askResume(ctx context.Context, r *rehearsal) error {
	j := r.Job()
	switch {
	case isWipe(j.Action):
		run := &commandRun{acting: a, action: j.Action, reason: j.Reason, targets: r.targets}
		run.tellPending()
		if run.tell(); a.app.flags.yes {
			return nil
		}
		if err := a.tellLeft(ctx, r); err != nil {
			return err
		}
		return run.askWord(ctx)
	case j.WholeTenant:
		return a.askTenantAgain(ctx, r)
	case a.app.flags.yes:
		a.warnOld(fileOf(j))
		return nil
	}
	if err := a.tellLeft(ctx, r); err != nil {
		return err
	}
	return a.confirm(ctx, fmt.Sprintf("Go on with this %s?", j.Action))
}

// tellLeft lists what a resume sends and what it leaves out.
func (a *acting) tellLeft(ctx context.Context, r *rehearsal) error {
	const shown = 20
	j := r.Job()
	a.say("Resume job %s: %s, %s (%s)", j.ID, j.Action, countOf(count(r, journal.Planned)), a.where())
	if j.Bot != nil {
		a.say("  bot %d sends each member one message, as planned", j.Bot.BotID)
		if text := fileOf(j).ageText(a.app); text != "" {
			a.say("  %s", text)
		}
	}
	told := 0
	for it, err := range r.open(ctx) {
		switch {
		case err != nil:
			return err
		case it.Status == journal.Sending:
			continue
		case it.Status != journal.Planned: // found out by reading it again
			a.say("  left out: %s: %s", itemText(&it.Device), it.Detail)
			continue
		}
		if told++; told <= shown {
			a.say("  %s", itemText(&it.Device))
		}
	}
	if more := told - shown; more > 0 {
		a.say("  and %d more", more)
	}
	if n := count(r, journal.Sending); n > 0 {
		a.say("  left unknown, and not sent again: %s", countOf(n))
	}
	return nil
}

// itemText names a device of a job, or the member who is acted on.
func itemText(d *api.Device) string {
	if d.DeviceID == "" {
		return memberText(&d.User)
	}
	return fleet.Brief(d) + ", " + d.DeviceID
}

// reserveResume makes sure that no other job has a wipe or reset of these
// devices under way, and takes the hourly allowance for those that it doesn't
// cover: what is sent again, and all that was planned over an hour ago.
func (a *acting) reserveResume(ctx context.Context, r *rehearsal) (release func(), err error) {
	j, now := r.Job(), a.app.fleetNow()
	asked := now.Sub(j.CreatedTime) >= time.Hour
	var ids []string
	n := 0
	for it, err := range r.open(ctx) {
		if err != nil {
			return nil, err
		}
		if it.Status != journal.Planned {
			continue
		}
		ids = append(ids, it.Device.DeviceID)
		if asked || r.Journal.Outcome(it.Index).Status == journal.Sending {
			n++
		}
	}
	unlock, err := a.jobs.Exclusive(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			unlock()
		}
	}()
	unsettled, err := job.Unsettled(ctx, a.jobs, a.tenant, ids, now)
	if err != nil {
		return nil, err
	}
	for id, other := range unsettled {
		if other != j.ID {
			return nil, exit.Refusedf("UNSETTLED", "worksctl jobs resume "+other, "device %s has an unsettled wipe or reset in job %s: nothing was sent", id, other)
		}
	}
	run := &commandRun{targets: r.targets}
	if err := a.notOvertaken(ctx, run.planned()); err != nil {
		return nil, err
	}
	if n == 0 {
		return unlock, nil
	}
	err = a.records.Wipes().Reserve(ctx, wipesTenant(a.tenant), j.ID, n, now, a.settings.MaxWipesPerHour)
	if over, ok := errors.AsType[*ledger.CapError](err); ok {
		err = a.overCap(over)
	}
	return unlock, err
}
