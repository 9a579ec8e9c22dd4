package job

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// proveCommand judges a wipe or reset by its command.
func (r *Runner) proveCommand(ctx context.Context, a fleet.Action, it *journal.Item) (Evidence, error) {
	c, byTime, err := r.command(ctx, soughtOf(a, it))
	if err != nil {
		return Evidence{}, err
	}
	if c == nil {
		detail := notShown
		if it.CommandID != "" {
			detail = noLongerShown
		}
		return Evidence{Evidence: Unknown, Detail: detail, Time: rfc3339(it.Time)}, nil
	}
	o := followed(it, c, byTime)
	e := Evidence{
		Evidence: Pending, Detail: because(o.Code, o.Detail),
		Time: cmp.Or(string(c.CompletedTime), string(c.DeliveredTime), c.RequestedTime),
	}
	switch {
	case c.Status == api.CommandCompleted:
		return e, r.sinceThen(ctx, a, it, c, &e)
	case o.Status == journal.Failed:
		e.Evidence = Failed
	}
	return e, nil
}

// sinceThen judges what is seen of a device after its command was completed.
func (r *Runner) sinceThen(ctx context.Context, a fleet.Action, it *journal.Item, c *api.Command, e *Evidence) error {
	e.Evidence = Confirmed
	done, err := time.Parse(time.RFC3339, string(c.CompletedTime))
	if err != nil {
		e.Detail = "completed; the back end doesn't say when, so that a use since then can't be told"
		return nil
	}
	d, err := r.device(ctx, it.Device.DeviceID)
	if err != nil {
		return err
	}
	if d != nil && usedAfter(d, done) {
		e.Evidence, e.Time = CameBack, d.LastAccessTime
		e.Detail = fmt.Sprintf("completed at %s, in use again since: %s", c.CompletedTime, d.User.Email)
		return nil
	}
	if a != fleet.Reset {
		return nil
	}
	again, err := r.enrolledAgain(ctx, it, done)
	if err == nil && len(again) > 0 {
		e.Detail = "enrolled again as " + strings.Join(again, " or ")
	}
	return err
}

func usedAfter(d *api.Device, t time.Time) bool {
	last, err := d.LastAccess()
	return err == nil && last.After(t)
}

// enrolledAgain finds the new row of a phone after a reset: the same model and
// serial number, another Vendor ID, in use since (R5). Where makers give all
// phones the same serial number there may be several.
func (r *Runner) enrolledAgain(ctx context.Context, it *journal.Item, done time.Time) ([]string, error) {
	old := &it.Device
	if old.SerialNumber == "" {
		return nil, nil
	}
	var again []string
	q := api.DeviceQuery{DomainID: old.DomainID, Keyword: string(old.SerialNumber)}
	for d, err := range r.Client.Devices.All(ctx, q, nil) {
		if err != nil {
			return nil, err
		}
		if d.DeviceID != old.DeviceID && d.Model == old.Model && d.VendorID != old.VendorID &&
			textmatch.Equal(string(d.SerialNumber), string(old.SerialNumber)) && usedAfter(&d, done) {
			again = append(again, d.DeviceID)
		}
	}
	return again, nil
}
