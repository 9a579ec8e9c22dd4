package job

import (
	"context"
	"errors"
	"iter"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// fewDevices is how many devices are asked for one by one. More are picked out
// of one listing, which a rate limit by the request makes faster.
const fewDevices = 100

// Found is what the back end says about a device id.
type Found struct {
	ID     string
	Device *api.Device // nil: there is no such device (any more)
}

// Read reads the devices with these ids; domainID 0 stands for every domain.
// Up to 100 are read one by one, in their order: GET
// /security/devices/{deviceId}. More are picked out of one listing of the
// domain, GET /security/devices, in its order, and those that are missing there
// are asked for one by one after it. The sequence ends with an error if it isn't
// whole; until then the error is nil.
func (r *Runner) Read(ctx context.Context, domainID int32, ids []string) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		wanted := &roster{}
		for _, id := range ids {
			wanted.add(id)
		}
		err := r.survey(ctx, domainID, wanted, each(ids), func(pos int, d *api.Device) error {
			if !yield(Found{ids[pos], d}, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(Found{}, err)
		}
	}
}

// errEnough ends a survey whose reader has broken off.
var errEnough = errors.New("no more devices wanted")

func each(ids []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, id := range ids {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// survey reads the devices of a roster and calls use with the position of each,
// and nil where there is no such device. ids goes through the roster's ids
// again, in their order.
func (r *Runner) survey(ctx context.Context, domainID int32, wanted *roster, ids iter.Seq2[string, error], use func(pos int, d *api.Device) error) error {
	if wanted.len() > fewDevices {
		// Without an order no device can be missed that is there all the time.
		for d, err := range r.Client.Devices.All(ctx, api.DeviceQuery{DomainID: domainID}, nil) {
			if err != nil {
				return err
			}
			if err := wanted.see(d.DeviceID, func(pos int) error { return use(pos, &d) }); err != nil {
				return err
			}
			if wanted.left == 0 {
				return nil
			}
		}
	}
	if wanted.left == 0 {
		return nil
	}
	pos := -1
	for id, err := range ids {
		if err != nil {
			return err
		}
		if pos++; wanted.seen[pos] {
			continue
		}
		d, err := r.device(ctx, id)
		if err != nil {
			return err
		}
		if err := use(pos, d); err != nil {
			return err
		}
	}
	return nil
}

// device reads one device; nil if there is none.
func (r *Runner) device(ctx context.Context, id string) (*api.Device, error) {
	d, err := r.Client.Devices.Get(ctx, id)
	_, noID := errors.AsType[*api.ArgumentError](err)
	switch {
	case err == nil && d.DeviceID != id:
		return nil, exit.Failedf("WRONG_DEVICE", "", "asked for device %q, the server answered with device %q", id, d.DeviceID)
	case noID, errors.Is(err, api.ErrInvalidParameter): // malformed: no device has it
		return nil, nil
	case errors.Is(err, api.ErrNotFound):
		return nil, r.noDeviceAPI(ctx, err)
	}
	return d, err
}

// noDeviceAPI looks whether a 404 came from a server that knows no devices at
// all: its listing then says so.
func (r *Runner) noDeviceAPI(ctx context.Context, notFound error) error {
	if e, ok := errors.AsType[*api.Error](notFound); !ok || e.Code == notExist {
		return nil
	}
	_, err := r.Client.Devices.List(ctx, api.DeviceQuery{Count: 1}, "")
	return err
}
