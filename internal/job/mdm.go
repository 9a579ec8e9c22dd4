package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// mdmSender switches remote management, of one device a request or, for a job
// of the whole tenant, of its domain (R13–R16).
type mdmSender struct {
	r   *Runner
	job journal.Job
}

func newMDMSender(r *Runner, job journal.Job) *mdmSender { return &mdmSender{r, job} }

func (s *mdmSender) shape() (batch, parallel int) { return 1, 4 }

func (s *mdmSender) group(d *api.Device) string { return d.DeviceID }

func (s *mdmSender) operation() (method, template string) {
	verb := "enable"
	if s.job.Action == fleet.DisableMDM {
		verb = "disable"
	}
	if s.job.WholeTenant {
		return http.MethodPost, "/security/mdm/" + verb
	}
	return http.MethodPost, "/security/devices/{deviceId}/mdm/" + verb
}

func (s *mdmSender) send(ctx context.Context, items []journal.Item, key string) ([]journal.Outcome, error) {
	it := items[0]
	err := s.request(ctx, &it, key)
	unknown, isUnknown := errors.AsType[*api.UnknownOutcomeError](err)
	var o journal.Outcome
	switch {
	case err == nil && s.job.Action == fleet.EnableMDM && !s.job.WholeTenant:
		o = asked()
	case err == nil:
		o.Status = journal.Done
	case isUnknown:
		o, err = s.settle(ctx, &it, unknown)
	case s.job.WholeTenant && errors.Is(err, api.ErrNotFound): // no device is meant
	default:
		o, err = refusal(err)
	}
	if err != nil {
		return nil, err
	}
	return []journal.Outcome{o}, nil
}

func (s *mdmSender) request(ctx context.Context, it *journal.Item, key string) error {
	mdm, domain := s.r.Client.MDM, domainOf(s.job, it)
	switch {
	case s.job.WholeTenant && s.job.Action == fleet.EnableMDM:
		return mdm.EnableTenant(ctx, domain, s.job.Mode, key)
	case s.job.WholeTenant:
		return mdm.DisableTenant(ctx, domain, key)
	case s.job.Action == fleet.EnableMDM:
		return mdm.EnableDevice(ctx, it.Device.DeviceID, key)
	}
	return mdm.DisableDevice(ctx, it.Device.DeviceID, key)
}

// settle looks whether a request without a readable answer shows in the state
// of the device or domain.
func (s *mdmSender) settle(ctx context.Context, it *journal.Item, unknown *api.UnknownOutcomeError) (journal.Outcome, error) {
	ctx, cancel := asking(ctx)
	defer cancel()
	var o journal.Outcome
	var reached bool
	var err error
	if s.job.WholeTenant {
		o, reached, err = s.r.tenantOutcome(ctx, s.job, it)
	} else {
		var d *api.Device
		if d, err = s.r.device(ctx, it.Device.DeviceID); err == nil {
			o, reached = mdmOutcome(s.job.Action, it.Device.MDM.Status, d)
		}
	}
	switch {
	case err != nil:
		return o, fmt.Errorf("the back end can't be asked (%w): %w", err, unknown)
	case !reached:
		return o, fmt.Errorf("the back end shows no change: %w", unknown)
	}
	return o, nil
}

// domainOf is the domain of a tenant's only item.
func domainOf(job journal.Job, it *journal.Item) int32 {
	return cmp.Or(it.Device.DomainID, job.Tenant.DomainID)
}

func asked() journal.Outcome {
	return journal.Outcome{Status: journal.Accepted, Detail: "the member is asked to register the device"}
}

// mdmOutcome is what a device's state means for an item whose request went out;
// false if it doesn't tell: a state that it had before tells nothing. d is nil
// where there is no such device any more.
func mdmOutcome(a fleet.Action, before api.MDMStatus, d *api.Device) (journal.Outcome, bool) {
	switch {
	case d != nil && d.MDM.Status == before:
		return journal.Outcome{}, false
	case d == nil && a == fleet.EnableMDM:
		return journal.Outcome{Status: journal.Failed, Code: notExist, Detail: gone}, true
	case d == nil:
		return journal.Outcome{}, false
	case a == fleet.EnableMDM && d.MDM.Status == api.MDMPending:
		return asked(), true
	case a == fleet.EnableMDM && d.MDM.Status == api.MDMRegistered:
		return journal.Outcome{Status: journal.Done, Detail: "the device is registered"}, true
	case a == fleet.DisableMDM && d.MDM.Status == api.MDMUnregistered:
		return journal.Outcome{Status: journal.Done, Detail: "the device is under no remote management"}, true
	}
	return journal.Outcome{}, false
}

const gone = "the device is no longer listed"

// tenantOutcome is what a domain's setting means for the item of its job; false
// if it isn't what was asked for.
func (r *Runner) tenantOutcome(ctx context.Context, job journal.Job, it *journal.Item) (journal.Outcome, bool, error) {
	domain := domainOf(job, it)
	t, err := r.mdmOf(ctx, domain)
	if err != nil {
		return journal.Outcome{}, false, err
	}
	return journal.Outcome{Status: journal.Done, Detail: "NAVER WORKS MDM is " + string(t.Mode)}, t.Mode == wantedMode(job), nil
}

// wantedMode is the mode that a tenant's job is to bring about.
func wantedMode(job journal.Job) api.MDMMode {
	if job.Action == fleet.DisableMDM {
		return api.MDMNotInUse
	}
	return job.Mode
}

// mdmOf reads a domain's setting. One of another domain is no answer.
func (r *Runner) mdmOf(ctx context.Context, domain int32) (*api.TenantMDM, error) {
	t, err := r.Client.MDM.Get(ctx, domain)
	if err == nil && domain != 0 && t.DomainID != domain {
		err = exit.Failedf("WRONG_DOMAIN", "", "asked for domain %d, the server answered for domain %d", domain, t.DomainID)
	}
	return t, err
}
