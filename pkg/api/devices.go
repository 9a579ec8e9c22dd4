package api

import (
	"context"
	"iter"
)

const (
	pathDevices     = "/security/devices"
	pathAppVersions = "/security/app-versions"
	pathDevice      = "/security/devices/{deviceId}"
)

// DevicesService reads device lists: worksctl's own contract, not published by
// NAVER WORKS. Scope security.device.read.
type DevicesService struct{ c *Client }

// List returns one page of GET /security/devices; cursor is empty for the
// first. A page size that the back end refuses falls back to 100.
//
// Errors: [ErrNoDeviceAPI] where the server has no such endpoint,
// [ErrPlanNotSupported] (R9), [ErrMissingScope]; a [*BackendError] for an answer
// that breaks the contract; a [*ContentError] for one that isn't JSON.
func (s *DevicesService) List(ctx context.Context, q DeviceQuery, cursor string) (Page[Device], error) {
	l, err := s.listing(q)
	if err != nil {
		return Page[Device]{}, err
	}
	return l.one(ctx, cursor)
}

// All hands out every device that q selects, in the back end's order, over all
// pages. A device that turns up on two pages is handed out once. The sequence
// ends with an error of [DevicesService.List], [ErrRepeatedCursor] or
// [ErrRepeatedRows] if it isn't whole; until then the error is nil. It can be
// run again. stats may be nil; each run adds to it.
//
// Pages of q.Count (1,000 unless set) are held one at a time, with the next one
// on its way unless q.Want says that it isn't needed. Beyond that a listing takes about 13 bytes for each device, to
// know repeated ones.
func (s *DevicesService) All(ctx context.Context, q DeviceQuery, stats *ListStats) iter.Seq2[Device, error] {
	if q.Count == 0 {
		q.Count = MaxCount
	}
	return all(ctx, func() (*listing[Device], error) { return s.listing(q) }, stats)
}

func (s *DevicesService) listing(q DeviceQuery) (*listing[Device], error) {
	const op = "list devices"
	if err := checkCount(op, q.Count, MaxCount); err != nil {
		return nil, err
	}
	return &listing[Device]{
		c: s.c, op: op, template: pathDevices, query: q.values(), count: q.Count, want: q.Want,
		field: "devices", row: (*reader).device,
		id: func(d *Device) *string { return &d.DeviceID }, idField: "deviceId",
		reader: newReader(),
	}, nil
}

// Get reads one device: GET /security/devices/{deviceId}. An id that no device
// has is [ErrNotFound].
func (s *DevicesService) Get(ctx context.Context, deviceID string) (*Device, error) {
	const op = "show device"
	a, err := s.c.do(ctx, call{op: op, template: pathDevice, params: map[string]string{"deviceId": deviceID}})
	if err != nil {
		return nil, err
	}
	defer a.release()
	if err := a.notJSON(); err != nil {
		return nil, err
	}
	r := newReader()
	r.reset(a.body)
	d := &Device{}
	err = r.device(d)
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, faultOf(op, "", err)
	}
	if d.DeviceID == "" {
		return nil, &BackendError{Op: op, Reason: `the answer has no "deviceId"`}
	}
	return d, nil
}
