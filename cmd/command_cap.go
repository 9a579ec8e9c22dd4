package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
)

// reserve makes sure that no other process has begun the same meanwhile, and
// takes what is needed of the hourly allowance.
func (r *commandRun) reserve(ctx context.Context) (release func(), err error) {
	release, err = r.jobs.Exclusive(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.claim(ctx); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// checkCap tells before the question what reserve would refuse after it.
func (r *commandRun) checkCap(ctx context.Context) error {
	release, err := r.reserve(ctx)
	if err != nil {
		return err
	}
	defer release()
	n := r.reserved
	r.reserved = 0
	return r.records.Wipes().Release(ctx, wipesTenant(r.tenant), r.job, n)
}

// claim looks again at what may have changed while the question stood there,
// or in another process: a wipe that went out meanwhile must not be followed by
// this one.
func (r *commandRun) claim(ctx context.Context) error {
	var ids []string
	for _, t := range r.planned() {
		ids = append(ids, t.device.DeviceID)
	}
	now := r.app.fleetNow()
	unsettled, err := job.Unsettled(ctx, r.jobs, r.tenant, ids, now)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if other := unsettled[id]; other != "" {
			return exit.Refusedf("UNSETTLED", "worksctl jobs show "+other, "job %s has just begun with device %s: nothing was sent", other, id)
		}
	}
	if err := r.notOvertaken(ctx, r.planned()); err != nil {
		return err
	}
	err = r.records.Wipes().Reserve(ctx, wipesTenant(r.tenant), r.job, len(ids), now, r.settings.MaxWipesPerHour)
	if over, ok := errors.AsType[*ledger.CapError](err); ok {
		return r.overCap(over)
	}
	if err == nil {
		r.reserved = len(ids)
	}
	return err
}

// notOvertaken asks the back end whether a device was sent a wipe or reset since
// it was looked at, from wherever.
func (a *acting) notOvertaken(ctx context.Context, targets []*commandTarget) error {
	for _, t := range targets {
		newest, _, err := a.runner(nil).Latest(ctx, t.device.DeviceID)
		if err != nil {
			return err
		}
		if newest == nil || t.newest != nil && newest.CommandID == t.newest.CommandID {
			continue
		}
		return exit.Refusedf("OVERTAKEN", "worksctl devices show "+fleet.Argument(t.device.DeviceID),
			"%s was sent a %s meanwhile (%s, %s): nothing was sent", t.text(), newest.Type, newest.CommandID, newest.Status)
	}
	return nil
}

// overCap says when as many may go out, and how the cap is changed.
func (a *acting) overCap(e *ledger.CapError) error {
	free := "the cap never lets so many go out at once"
	if !e.Free.IsZero() {
		free = "they may go out at " + e.Free.In(a.app.Location).Format("15:04")
	}
	return exit.Refusedf("OVER_CAP", fmt.Sprintf("max_wipes_per_hour in the profile changes the cap of %d an hour", e.Limit),
		"%d asked for, and %d of %d wipes and resets went out within the last hour: nothing was sent; %s", e.Asked, e.Used, e.Limit, free)
}

// giveBack returns the allowance of devices that surely got no command. Those
// that are left planned keep theirs: a resume sends them.
func (r *commandRun) giveBack(ctx context.Context) {
	if r.reserved == 0 {
		return
	}
	used := 0
	if rec, err := r.jobs.Read(ctx, r.job); err == nil {
		for i := range rec.Len() {
			if mayHaveCommand(rec.Outcome(i)) {
				used++
			}
		}
	} else if _, none := errors.AsType[*journal.UnknownJobError](err); !none {
		return
	}
	if n := r.reserved - used; n > 0 {
		// Without it the cap is only reached sooner.
		_ = r.records.Wipes().Release(ctx, wipesTenant(r.tenant), r.job, n)
	}
}

func mayHaveCommand(o journal.Outcome) bool {
	switch o.Status {
	case journal.Failed, journal.Skipped, journal.Refused, journal.Canceled:
		return o.CommandID != ""
	}
	return true
}

// wipesTenant names a tenant in the count of wipes and resets: by its address,
// since nothing else keeps a caller from naming one tenant in several ways.
func wipesTenant(t journal.Tenant) string { return t.Address }
