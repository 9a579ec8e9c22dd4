package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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
	jobs, err := s.IDs(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range jobs {
		if !strings.Contains(id, "-"+string(fleet.Wipe)+"-") && !strings.Contains(id, "-"+string(fleet.Reset)+"-") {
			continue
		}
		rec, err := s.Read(ctx, id)
		if _, removed := errors.AsType[*journal.UnknownJobError](err); removed {
			continue
		}
		if err == nil && rec.Job().Tenant.Address == tenant.Address {
			err = addUnsettled(ctx, found, rec, ids, now)
		}
		if err != nil {
			return nil, fmt.Errorf("job %s: %w", id, err)
		}
	}
	return found, nil
}

func addUnsettled(ctx context.Context, found map[string]string, rec journal.Record, ids []string, now time.Time) error {
	job := rec.Job()
	_, held := rec.Holder()
	alive := held || now.Sub(job.CreatedTime) < planLife
	unsettled := func(o journal.Outcome) bool {
		return o.Status == journal.Sending || o.Status == journal.Planned && alive
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
