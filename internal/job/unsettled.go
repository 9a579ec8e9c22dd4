package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
)

// planLife is how long the plan of a wipe or reset may be resumed.
const planLife = 24 * time.Hour

// Unsettled finds out which of the devices ids have a wipe or reset that is not
// settled in a job of the same API address: left in sending, or planned and to
// be expected still, in a plan younger than 24 h or of a process at work. It
// returns the id of such a job by device id. Jobs of other actions, which the
// ids tell, are not opened. Hold [journal.Store.Exclusive] around it and the
// commit of a new job.
func Unsettled(ctx context.Context, s journal.Store, tenant journal.Tenant, ids []string, now time.Time) (map[string]string, error) {
	found := map[string]string{}
	err := eachJob(ctx, s, tenant, func(rec journal.Record) error {
		return addUnsettled(ctx, found, rec, ids, now)
	}, fleet.Wipe, fleet.Reset)
	return found, err
}

// eachJob reads the jobs of some actions at an address, newest first.
func eachJob(ctx context.Context, s journal.Store, tenant journal.Tenant, use func(journal.Record) error, actions ...fleet.Action) error {
	jobs, err := s.IDs(ctx)
	if err != nil {
		return err
	}
	for _, id := range jobs {
		if !slices.ContainsFunc(actions, func(a fleet.Action) bool { return strings.Contains(id, "-"+string(a)+"-") }) {
			continue
		}
		rec, err := s.Read(ctx, id)
		if _, removed := errors.AsType[*journal.UnknownJobError](err); removed {
			continue
		}
		if err == nil && rec.Job().Tenant.Address == tenant.Address {
			err = use(rec)
		}
		if e := exit.As(err); e != nil && e.ID == "JOURNAL_DAMAGED" {
			e.Hint = fmt.Sprintf("it may hold a %s whose outcome nobody knows: look at it, then move the file away", actions[0])
		}
		if err != nil {
			return fmt.Errorf("job %s: %w", id, err)
		}
	}
	return nil
}

// Asked is a wipe or reset that a job of this state folder knows the back end
// to have accepted, and not to have ended.
type Asked struct{ JobID, CommandID string }

// Accepted finds the newest such command of each of the devices ids. The back
// end's list may not show it yet, or no longer: ask for it by its id.
func Accepted(ctx context.Context, s journal.Store, tenant journal.Tenant, ids []string) (map[string]Asked, error) {
	found := map[string]Asked{}
	err := eachJob(ctx, s, tenant, func(rec journal.Record) error {
		open := false
		for i := range rec.Len() {
			open = open || rec.Outcome(i).Status == journal.Accepted
		}
		if !open {
			return nil
		}
		for it, err := range rec.Items(ctx) {
			if err != nil {
				return err
			}
			if _, newer := found[it.Device.DeviceID]; !newer && it.Status == journal.Accepted && slices.Contains(ids, it.Device.DeviceID) {
				found[it.Device.DeviceID] = Asked{rec.Job().ID, it.CommandID}
			}
		}
		return nil
	}, fleet.Wipe, fleet.Reset)
	return found, err
}

func addUnsettled(ctx context.Context, found map[string]string, rec journal.Record, ids []string, now time.Time) error {
	job := rec.Job()
	_, held := rec.Holder()
	alive := held || now.Sub(job.CreatedTime) < planLife
	unsettled := func(o journal.Outcome) bool {
		return o.Status == journal.Sending || o.Status == journal.Planned && (alive || o.Doubtful())
	}
	for i := range rec.Len() {
		if !unsettled(rec.Outcome(i)) {
			continue
		}
		for it, err := range rec.Items(ctx) { // only now: most jobs have nothing left
			if err != nil {
				return err
			}
			if unsettled(it.Outcome) && slices.Contains(ids, it.Device.DeviceID) && found[it.Device.DeviceID] == "" {
				found[it.Device.DeviceID] = job.ID
			}
		}
		return nil
	}
	return nil
}
