package job

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// commandSender asks for the wipes or resets of a job, one device a request
// (R17, R18).
type commandSender struct {
	r   *Runner
	job journal.Job
}

func newCommandSender(r *Runner, job journal.Job) *commandSender { return &commandSender{r, job} }

// shape keeps to one request at a time: whoever stops a run of wipes wants no
// others on their way.
func (s *commandSender) shape() (batch, parallel int) { return 1, 1 }

func (s *commandSender) group(d *api.Device) string { return d.DeviceID }

func (s *commandSender) operation() (method, template string) {
	return http.MethodPost, "/security/devices/{deviceId}/" + string(s.job.Action)
}

func (s *commandSender) send(ctx context.Context, items []journal.Item, key string) ([]journal.Outcome, error) {
	it := items[0]
	it.Key, it.Time, it.CommandID = key, s.r.Now(), ""
	want := soughtOf(s.job.Action, &it)
	request := s.r.Client.Commands.Wipe
	if s.job.Action == fleet.Reset {
		request = s.r.Client.Commands.Reset
	}
	c, err := request(ctx, want.device, s.job.Reason, key)
	unknown, isUnknown := errors.AsType[*api.UnknownOutcomeError](err)
	var o journal.Outcome
	switch {
	case err == nil && want.answeredBy(c):
		o = commandOutcome(c, false)
	case err == nil:
		o, err = s.settle(ctx, want, &api.UnknownOutcomeError{
			Op: string(s.job.Action) + " device", Key: key,
			Err: fmt.Errorf("the answer is about another command: a %q of device %q, requested %s", c.Type, c.DeviceID, c.RequestedTime),
		})
	case isUnknown:
		o, err = s.settle(ctx, want, unknown)
	case errors.Is(err, api.ErrCommandPending):
		o, err = s.pending(ctx, want), nil
	default:
		o, err = refusal(err)
	}
	if err != nil {
		return nil, err
	}
	return []journal.Outcome{o}, nil
}

// settle asks the back end what became of a request without a readable answer.
// Not to be shown yet doesn't mean that it was not carried out.
func (s *commandSender) settle(ctx context.Context, want sought, unknown *api.UnknownOutcomeError) (journal.Outcome, error) {
	ctx, cancel := asking(ctx)
	defer cancel()
	c, byTime, err := s.r.command(ctx, want)
	switch {
	case err != nil:
		return journal.Outcome{}, fmt.Errorf("the back end can't be asked (%w): %w", err, unknown)
	case c == nil:
		return journal.Outcome{}, fmt.Errorf("%s: %w", notShown, unknown)
	}
	return commandOutcome(c, byTime), nil
}

// notShown is what is known of a request whose command can't be found.
const notShown = "the back end shows no such command"

// pending is the outcome where another command stands in the way.
func (s *commandSender) pending(ctx context.Context, want sought) journal.Outcome {
	ctx, cancel := asking(ctx)
	defer cancel()
	o := journal.Outcome{Status: journal.Skipped, Code: "COMMAND_ALREADY_EXIST", Detail: "a wipe or reset of it is pending already"}
	c, err := s.r.Pending(ctx, want.device)
	switch {
	case err != nil || c == nil:
		return o
	case want.is(c):
		return commandOutcome(c, false)
	}
	o.Detail = fmt.Sprintf("%s %s, requested %s, is pending already (%s)", c.Type, c.CommandID, c.RequestedTime, c.Status)
	return o
}
