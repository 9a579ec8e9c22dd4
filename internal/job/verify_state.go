package job

import (
	"context"
	"fmt"
	"strings"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// state is what a device shows of a notice or of MDM.
type state struct {
	app api.App
	mdm api.MDMStatus
}

// seenDevice is a device as it was seen; nil state: there is none any more.
type seenDevice struct {
	*state
	lastAccess string
}

// sights are the devices that were seen, in the order of the items asked for:
// some 60 bytes for each, since few states are different.
type sights struct {
	all []seenDevice
	pos int
}

func (s *sights) next() seenDevice {
	s.pos++
	return s.all[s.pos-1]
}

// sight looks at the devices of the items that asked selects.
func (r *Runner) sight(ctx context.Context, rec journal.Record, asked func(*journal.Item) bool) (*sights, error) {
	wanted := &roster{}
	for it, err := range only(rec.Items(ctx), asked) {
		if err != nil {
			return nil, err
		}
		wanted.add(it.Device.DeviceID)
	}
	s := &sights{all: make([]seenDevice, wanted.len())}
	states := map[state]*state{}
	err := r.survey(ctx, rec.Job().Tenant.DomainID, wanted, deviceIDs(only(rec.Items(ctx), asked)), func(pos int, d *api.Device) error {
		if d == nil {
			return nil
		}
		now := state{d.App, d.MDM.Status}
		if states[now] == nil {
			states[now] = &now
		}
		s.all[pos] = seenDevice{states[now], strings.Clone(d.LastAccessTime)}
		return nil
	})
	return s, err
}

// proveNotice judges a notice by the app that is on the device now.
func proveNotice(it *journal.Item, now seenDevice) Evidence {
	if now.state == nil {
		return Evidence{Evidence: Unknown, Detail: gone, Time: rfc3339(it.Time)}
	}
	e := Evidence{Evidence: Unknown, Time: now.lastAccess}
	was := it.Device.App
	before, ok1 := appversion.Parse(was.Version)
	after, ok2 := appversion.Parse(now.app.Version)
	switch {
	case now.app.Type != was.Type:
		e.Detail = fmt.Sprintf("another app than before: %s %s", now.app.Type, now.app.Version)
	case now.app.Version != was.Version && (!ok1 || !ok2):
		e.Detail = fmt.Sprintf("versions %q and %q can't be compared", was.Version, now.app.Version)
	case ok1 && ok2 && after.Compare(before) > 0:
		e.Evidence, e.Detail = Confirmed, fmt.Sprintf("updated from %s to %s", was.Version, now.app.Version)
	case it.Status == journal.Sending:
		e.Detail = fmt.Sprintf("still %s; nobody knows whether the notice was sent", now.app.Version)
	default:
		e.Evidence, e.Detail = Pending, "still "+now.app.Version
	}
	return e
}

// proveMDM judges by the state of the device, as it is at the time now.
func proveMDM(a fleet.Action, it *journal.Item, seen seenDevice, now string) Evidence {
	e := Evidence{Evidence: Unknown, Detail: gone, Time: now}
	if seen.state == nil {
		return e
	}
	reached := api.MDMRegistered
	if a == fleet.DisableMDM {
		reached = api.MDMUnregistered
	}
	e.Detail = "the device is " + string(seen.mdm)
	switch {
	case seen.mdm == reached:
		e.Evidence = Confirmed
	case seen.mdm == api.MDMPending:
		e.Evidence = Pending
	case it.Status != journal.Sending:
		e.Evidence = Failed
	}
	return e
}

// proveTenant judges by the setting of the domain.
func (r *Runner) proveTenant(ctx context.Context, job journal.Job, it *journal.Item) (Evidence, error) {
	o, reached, err := r.tenantOutcome(ctx, job, it)
	e := Evidence{Evidence: Failed, Detail: o.Detail, Time: rfc3339(r.Now())}
	switch {
	case reached:
		e.Evidence = Confirmed
	case it.Status == journal.Sending:
		e.Evidence = Unknown
	}
	return e, err
}
