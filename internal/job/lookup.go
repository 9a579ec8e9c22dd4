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
	"github.com/worksctl/worksctl/pkg/api"
)

// matchSpan is how far a command's requestedTime may be from the time of our
// request for it to count as ours where the back end keeps no keys (cli.md,
// "Acting").
const matchSpan = 5 * time.Minute

// sought is a wipe or reset that the back end is asked about.
type sought struct {
	device string
	kind   api.CommandType
	id     string    // of the command; empty if no answer named it
	keys   []string  // the Idempotency-Keys of the requests, the last one first
	after  string    // id of a command that is older than ours; empty if none is known
	sent   time.Time // of the request; zero: the time says nothing
}

// soughtOf is the command of a job's item.
func soughtOf(a fleet.Action, it *journal.Item) sought {
	s := sought{device: it.Device.DeviceID, kind: commandType(a), id: it.CommandID, after: it.After}
	for _, key := range append([]string{it.Key}, strings.Fields(it.Earlier)...) {
		if key != "" && !slices.Contains(s.keys, key) {
			s.keys = append(s.keys, key)
		}
	}
	if it.CommandID == "" {
		s.sent = it.Time
	}
	return s
}

func commandType(a fleet.Action) api.CommandType {
	if a == fleet.Reset {
		return api.CommandReset
	}
	return api.CommandWipe
}

// isCommand reports whether the back end keeps a command for the action.
func isCommand(a fleet.Action) bool { return a == fleet.Wipe || a == fleet.Reset }

// command asks the back end for the command that s stands for; nil if it shows
// none. What it answers is never taken on trust: it may not know a filter.
func (r *Runner) command(ctx context.Context, s sought) (c *api.Command, byTime bool, err error) {
	if s.id != "" {
		c, err := r.Client.Commands.Get(ctx, s.id)
		switch {
		case err == nil && c.CommandID == s.id && c.DeviceID == s.device && c.Type == s.kind:
			return c, false, nil
		case err != nil && !errors.Is(err, api.ErrNotFound):
			return nil, false, err
		}
	}
	for _, key := range s.keys {
		for c, err := range r.Client.Commands.All(ctx, api.CommandQuery{IdempotencyKey: key}, nil) {
			if e, ok := errors.AsType[*api.Error](err); ok && e.Status < 500 {
				break // a filter that it doesn't know: the device's own list tells as well
			}
			if err != nil {
				return nil, false, err
			}
			if s.is(&c) {
				return &c, false, nil
			}
		}
	}
	return r.commandOfDevice(ctx, s)
}

// commandOfDevice looks through the device's commands: for the key, else for
// the one without a key that was requested nearest to our request.
func (r *Runner) commandOfDevice(ctx context.Context, s sought) (near *api.Command, byTime bool, err error) {
	best := matchSpan
	for c, err := range r.Client.Commands.All(ctx, api.CommandQuery{DeviceID: s.device}, nil) {
		if err != nil {
			return nil, false, err
		}
		if s.is(&c) {
			return &c, false, nil
		}
		if s.after != "" && c.CommandID == s.after {
			break // newest first: what follows was there before our request
		}
		if off, ok := s.off(&c); ok && off <= best {
			best, near = off, &c
		}
	}
	return near, near != nil, nil
}

func (s *sought) is(c *api.Command) bool {
	if c.DeviceID != s.device || c.Type != s.kind {
		return false
	}
	return s.id != "" && c.CommandID == s.id || slices.Contains(s.keys, string(c.IdempotencyKey))
}

// answeredBy reports whether a command that the back end answered our request
// with is that request's: by its key or, where none is kept, by its time.
func (s *sought) answeredBy(c *api.Command) bool {
	if s.is(c) {
		return true
	}
	off, ok := s.off(c)
	return ok && off <= matchSpan && c.CommandID != s.after
}

// off is how far from our request a command without a key was requested.
func (s *sought) off(c *api.Command) (time.Duration, bool) {
	if s.sent.IsZero() || c.IdempotencyKey != "" || c.DeviceID != s.device || c.Type != s.kind {
		return 0, false
	}
	requested, err := time.Parse(time.RFC3339, c.RequestedTime)
	return requested.Sub(s.sent).Abs(), err == nil
}

// askLimit is how long the back end is asked what became of a request, also
// after the run was told to stop.
const askLimit = 30 * time.Second

func asking(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), askLimit)
}

// Latest returns a device's newest wipe or reset and the one that the back end
// still has to carry out (REQUESTED or DELIVERED); nil where there is none: GET
// /security/device-commands.
func (r *Runner) Latest(ctx context.Context, deviceID string) (newest, pending *api.Command, err error) {
	for c, err := range r.Client.Commands.All(ctx, api.CommandQuery{DeviceID: deviceID}, nil) {
		if err != nil {
			return nil, nil, err
		}
		if c.DeviceID != deviceID {
			continue
		}
		if newest == nil {
			newest = &c
		}
		if c.Status == api.CommandRequested || c.Status == api.CommandDelivered {
			return newest, &c, nil
		}
	}
	return newest, nil, nil
}

// Pending is the second that [Runner.Latest] returns.
func (r *Runner) Pending(ctx context.Context, deviceID string) (*api.Command, error) {
	_, pending, err := r.Latest(ctx, deviceID)
	return pending, err
}

// commandOutcome is what a command's state means for its item.
func commandOutcome(c *api.Command, byTime bool) journal.Outcome {
	o := journal.Outcome{Status: journal.Accepted, CommandID: c.CommandID}
	switch c.Status {
	case api.CommandRequested:
		o.Detail = "waits until the phone is online"
	case api.CommandDelivered:
		o.Detail = "reached the phone at " + string(c.DeliveredTime)
	case api.CommandCompleted:
		o.Status, o.Detail = journal.Done, "completed at "+string(c.CompletedTime)
	case api.CommandFailed, api.CommandExpired, api.CommandCanceled:
		o.Status = journal.Failed
		o.Code, o.Detail = commandFailure(c)
	default:
		o.Detail = fmt.Sprintf("the back end says %q", c.Status)
	}
	if byTime {
		o.Detail += " (" + matchedByTime + ")"
	}
	return o
}

// matchedByTime stands in the detail of an item whose command is ours by the
// time of its request only.
const matchedByTime = "matched by time"

// commandFailure says why a command came to nothing.
func commandFailure(c *api.Command) (code, detail string) {
	switch c.Status {
	case api.CommandExpired:
		detail = "the phone was not online in time"
	case api.CommandCanceled:
		detail = "canceled before it reached the phone"
	default:
		detail = "the phone could not carry it out"
	}
	code = string(c.Status)
	if f := c.Failure; f != nil {
		if f.Code != "" {
			code = f.Code
		}
		if f.Description != "" {
			detail = f.Description
		}
	}
	return code, detail
}
