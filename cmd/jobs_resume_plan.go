package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
)

// dropOldPlan refuses what a wipe or reset planned more than 24 h ago: it is
// planned anew. What is unknown is left to be asked about, and to
// --resend-unknown.
func (a *acting) dropOldPlan(r *rehearsal) error {
	const fresh = 24 * time.Hour
	j := r.Job()
	if now := a.app.fleetNow(); !isWipe(j.Action) || now.Sub(j.CreatedTime) <= fresh {
		return nil
	}
	var old []int
	for i := range r.Len() {
		if o := r.Outcome(i); o.Status == journal.Planned && !o.Doubtful() {
			old = append(old, i)
		}
	}
	if len(old) == 0 {
		return nil
	}
	return a.runner(nil).Note(r, journal.Outcome{
		Status: journal.Refused, Code: "PLAN_TOO_OLD", Detail: fmt.Sprintf("planned more than 24 h ago: %s it anew", j.Action),
	}, old...)
}

// lookAroundAgain finds out what a wipe or reset shows before it asks: the
// device as it is now, a command that is pending, and the device's relatives.
func (a *acting) lookAroundAgain(ctx context.Context, r *rehearsal) error {
	var ids []string
	index := map[string]int{}
	for it, err := range r.open(ctx) {
		if err != nil {
			return err
		}
		if it.Status == journal.Planned {
			ids = append(ids, it.Device.DeviceID)
			index[it.Device.DeviceID] = it.Index
		}
	}
	for n, err := range a.read(ctx, ids, nil) {
		if err != nil {
			return err
		}
		if n.device != nil { // one that is gone since a moment fails by itself
			r.targets = append(r.targets, commandTarget{namedDevice: n, outcome: journal.Outcome{Status: journal.Planned}})
		}
	}
	if err := a.lookAround(ctx, r.targets); err != nil {
		return err
	}
	for _, t := range r.targets {
		if t.pending == nil {
			continue
		}
		if err := a.runner(nil).Note(r, t.outcome, index[t.device.DeviceID]); err != nil {
			return err
		}
	}
	return nil
}
