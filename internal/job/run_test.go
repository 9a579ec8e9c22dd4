package job_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestWhatWasSurelyNotSentIsPlannedAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		answer sandbox.Fault
		is     error
	}{
		"signed out":     {sandbox.Fault{Kind: "expired-token", Times: -1}, api.ErrUnauthorized},
		"forbidden":      {sandbox.Fault{Kind: "status", Status: 403, Times: -1}, api.ErrForbidden},
		"limit for ever": {sandbox.Fault{Kind: "status", Status: 429, Times: -1}, api.ErrRateLimited},
		"told to wait":   {sandbox.Fault{Kind: "status", Status: 503, RetryAfter: "3600", Times: -1}, api.ErrServer},
		"not offered":    {sandbox.Fault{Kind: "status", Status: 501, Times: -1}, api.ErrServer},
		"a bad request":  {sandbox.Fault{Kind: "status", Status: 400, Times: -1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCampaign(t, t.TempDir(), 1000)
			tc.answer.After = 1
			c.disturb(tc.answer)
			j := c.plan(c.devices)
			err := c.runner().Run(t.Context(), j)
			if err == nil || tc.is != nil && !errors.Is(err, tc.is) || strings.Contains(err.Error(), "\n") {
				t.Error(err)
			}
			sent := len(c.told())
			wantCounts(t, j, journal.Counts{journal.Sent: sent, journal.Planned: len(c.devices) - sent})

			next := c.plan(c.devices) // nothing stands against those that were not sent
			c.clearFaults()
			if err := c.runner().Run(t.Context(), next); err != nil {
				t.Fatal(err)
			}
			wantCounts(t, next, journal.Counts{journal.Sent: len(c.devices) - sent, journal.Skipped: sent})
			c.eachOnce(c.devices)
		})
	}
}

var errStop = errors.New("stop")

func TestAnInterruptedRunFinishesWhatIsUnderWay(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 2000)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	c.onRequest(func(n int, _ http.ResponseWriter, _ *http.Request) bool {
		if n == 3 {
			cancel(errStop)
		}
		return false
	})
	j := c.plan(c.devices)
	if err := c.runner().Run(ctx, j); !errors.Is(err, errStop) {
		t.Error(err)
	}
	if n := c.requests(); n < 3 || n > 6 {
		t.Errorf("%d requests", n)
	}
	sent := len(c.told())
	wantCounts(t, j, journal.Counts{journal.Sent: sent, journal.Planned: len(c.devices) - sent})

	j = c.again(j)
	if err := c.runner().Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, j, journal.Counts{journal.Sent: len(c.devices)})
	c.eachOnce(c.devices)
}

func TestAnInterruptionEndsWaiting(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 1000)
	c.disturb(sandbox.Fault{Kind: "status", Status: 429, RetryAfter: "60", Times: -1})
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	c.options.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(errStop); return context.Cause(ctx) }
	r := c.runner()
	j := c.plan(c.devices)
	if err := r.Run(ctx, j); !errors.Is(err, errStop) {
		t.Error(err)
	}
	wantCounts(t, j, journal.Counts{journal.Planned: len(c.devices)})
}

func TestACanceledRunDropsTheRest(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 2000)
	j := c.plan(c.devices)
	c.onRequest(func(n int, _ http.ResponseWriter, _ *http.Request) bool {
		if n == 3 {
			if err := c.store().Cancel(t.Context(), j.Job().ID); err != nil {
				t.Error(err)
			}
		}
		return false
	})
	if err := c.runner().Run(t.Context(), j); err != nil {
		t.Error(err)
	}
	if n := c.requests(); n < 3 || n > 6 {
		t.Errorf("%d requests", n)
	}
	sent := len(c.told())
	wantCounts(t, j, journal.Counts{journal.Sent: sent, journal.Canceled: len(c.devices) - sent})
	wantCounts(t, c.send(c.devices), journal.Counts{journal.Skipped: sent, journal.Sent: len(c.devices) - sent})
}

// full is a journal on a disk that fills up.
type full struct {
	journal.Journal
	sending, settle error
}

func (j full) Sending(items []int, key string, at time.Time) error {
	if j.sending != nil {
		return j.sending
	}
	return j.Journal.Sending(items, key, at)
}

func (j full) Settle(groups ...journal.Settlement) error {
	if j.settle != nil {
		return j.settle
	}
	return j.Journal.Settle(groups...)
}

func TestNothingIsSentThatTheJournalDoesNotHold(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 1000)
	j := c.plan(c.devices)
	if err := c.runner().Run(t.Context(), full{Journal: j, sending: errStop}); !errors.Is(err, errStop) {
		t.Error(err)
	}
	if c.requests() > 0 {
		t.Errorf("%d requests", c.requests())
	}
	wantCounts(t, c.send(c.devices), journal.Counts{journal.Sent: len(c.devices)})
}

func TestAnOutcomeThatCanNotBeNotedStaysUnknown(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 1000)
	j := c.plan(c.devices)
	if err := c.runner().Run(t.Context(), full{Journal: j, settle: errStop}); !errors.Is(err, errStop) {
		t.Error(err)
	}
	if c.requests() > 4 {
		t.Errorf("%d requests", c.requests())
	}
	j = c.again(j)
	if err := c.runner().Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	c.honest(j)
	for i, d := range c.devices {
		first := slices.ContainsFunc(c.notices[:1], func(n received) bool { return slices.Contains(n.DeviceIDs, d.DeviceID) })
		if s := j.Outcome(i).Status; first && s != journal.Sending {
			t.Errorf("item %d is %s", i, s)
		}
	}
}

func TestAnUnknownActionIsNotSent(t *testing.T) {
	l := newLab(t)
	j := l.begin(journal.Job{Action: "explode"}, l.phone(0))
	if err := l.runner.Run(t.Context(), j); err == nil {
		t.Error("it ran")
	}
	wantCounts(t, j, journal.Counts{journal.Planned: 1})
}
