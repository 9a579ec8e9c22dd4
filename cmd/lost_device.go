package cmd

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/pkg/api"
)

// lostDevice is a device of the member, with what can be done about it.
type lostDevice struct {
	device      api.Device
	wipe, reset fleet.Verdict
	newest      *api.Command // of its wipes and resets
	pending     *api.Command // of the back end
	pendingJob  string       // id of the job that asked for it; empty if none of this machine did
	unsettled   string       // id of a job with a wipe or reset that is not settled
}

// steps are the actions that are possible now, least harm first.
func (d *lostDevice) steps() []fleet.Action {
	var steps []fleet.Action
	if d.unsettled != "" {
		return nil
	}
	if d.wipe.Outcome == fleet.Possible {
		steps = append(steps, fleet.Wipe)
	}
	if d.reset.Outcome == fleet.Possible {
		steps = append(steps, fleet.Reset)
	}
	return steps
}

// devices lists all devices of a member, newest first, and judges each. It asks
// again by the user id: a part of the name may not be on every row.
func (l *lostCase) devices(ctx context.Context, m lostMember) ([]lostDevice, error) {
	if !l.offersDevices() {
		return l.knownOf(m), nil
	}
	var rows []api.Device
	for d, err := range l.search(ctx, cmp.Or(m.UserID, m.Email, m.UserName)) {
		if err != nil {
			return nil, unfinished(ctx, err, "")
		}
		if d.User.UserID == m.UserID {
			rows = append(rows, d)
		}
	}
	newest, err := fleet.ParseSort("-last-access")
	if err != nil {
		return nil, err
	}
	newest.Apply(rows)
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].DeviceID
	}
	unsettled, err := job.Unsettled(ctx, l.jobs, l.tenant, ids, l.app.fleetNow())
	if err != nil {
		return nil, err
	}
	asked, err := job.Accepted(ctx, l.jobs, l.tenant, ids)
	if err != nil {
		return nil, err
	}
	judge := l.judging()
	devices := make([]lostDevice, len(rows))
	for i, row := range rows {
		d := &devices[i]
		*d = lostDevice{device: row, unsettled: unsettled[row.DeviceID]}
		if d.wipe, err = judge(ctx, fleet.Wipe, &row); err != nil {
			return nil, err
		}
		if d.reset, err = judge(ctx, fleet.Reset, &row); err != nil {
			return nil, err
		}
		if row.Type != api.TypeMobile { // only these have commands (R22)
			continue
		}
		if err := l.findCommands(ctx, d, asked[row.DeviceID]); err != nil {
			return nil, err
		}
	}
	return devices, nil
}

// forbid takes the possible steps from devices, since of all of them the same
// stands in the way.
func forbid(devices []lostDevice, why *exit.Error) {
	for i := range devices {
		for _, v := range []*fleet.Verdict{&devices[i].wipe, &devices[i].reset} {
			if v.Outcome == fleet.Possible {
				*v = fleet.Verdict{Outcome: fleet.Impossible, Code: why.ID, Reason: why.Error(), Remedy: why.Hint}
			}
		}
	}
}

// findCommands finds what was sent to a device before, and judges by it. own is what a job of this machine knows to be
// accepted, if there is such a one.
func (l *lostCase) findCommands(ctx context.Context, d *lostDevice, own job.Asked) (err error) {
	if d.newest, d.pending, err = l.runner(nil).Latest(ctx, d.device.DeviceID); err != nil {
		return err
	}
	if d.pending == nil && own.CommandID != "" {
		d.pending, err = l.notListed(ctx, own)
		if e := exit.As(err); e != nil && e.ID == "UNSETTLED_JOB" {
			d.unsettled, err = own.JobID, nil
		}
		if err != nil {
			return err
		}
	}
	if d.pending != nil && d.pending.CommandID == own.CommandID {
		d.pendingJob = own.JobID
	}
	l.judgeCommands(d)
	return nil
}

// judgeCommands corrects the verdicts by what was sent before, as devices show
// does: a command in the way, or a reset after which the row is a dead one.
func (l *lostCase) judgeCommands(d *lostDevice) {
	card := &deviceCard{device: &d.device, verdicts: make([]fleet.Verdict, len(cardActions()))}
	for _, c := range []*api.Command{d.newest, d.pending} {
		if c != nil {
			card.commands = append(card.commands, *c)
		}
	}
	wipe, reset := slices.Index(cardActions(), fleet.Wipe), slices.Index(cardActions(), fleet.Reset)
	card.verdicts[wipe], card.verdicts[reset] = d.wipe, d.reset
	l.app.judgePending(card)
	l.app.judgeReset(card)
	d.wipe, d.reset = card.verdicts[wipe], card.verdicts[reset]
	for _, v := range []*fleet.Verdict{&d.wipe, &d.reset} {
		if d.pendingJob != "" && v.Outcome == fleet.Pointless && v.Remedy == "" {
			v.Remedy = "to take it back: " + l.cancelCommand(d.pendingJob)
		}
	}
}

// pendingReason says what is pending: "a wipe is pending since 13:46 (…)".
func (l *lostCase) pendingReason(d *lostDevice) string {
	c := d.pending
	where := strings.ToLower(string(c.Status))
	if d.pendingJob != "" {
		where += ", job " + d.pendingJob
	}
	return "a " + strings.ToLower(string(c.Type)) + " is pending since " + l.app.clock(c.RequestedTime) + " (" + where + ")"
}

// cancelCommand is what takes the commands of a job back, to be typed.
func (a *acting) cancelCommand(job string) string {
	return "worksctl jobs cancel " + job + a.profileFlag()
}
