package job_test

import (
	"context"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/sandbox"
)

// TestWaitingIsNotSending: most of a long run is waiting for the rate limit. A
// process that is killed there has surely not sent, and its journal must not
// leave it open.
func TestWaitingIsNotSending(t *testing.T) {
	waits := 0
	c := newCampaign(t, t.TempDir(), 500, func(c *campaign, o *sandbox.Options) {
		set, sleep := o.Settings, c.options.Sleep
		o.Settings = func(s *sandbox.Settings) { set(s); s.RateLimit = 2 }
		c.options.Sleep = func(ctx context.Context, d time.Duration) error {
			ids, err := c.store().IDs(ctx)
			if err != nil || len(ids) == 0 {
				return sleep(ctx, d) // the test lists the devices
			}
			// Only one request is under way: whoever waits here holds the others up.
			for _, id := range ids {
				rec, err := c.store().Read(ctx, id)
				if err != nil {
					return err
				}
				if n := journal.Count(rec)[journal.Sending]; n > 0 {
					t.Errorf("%d devices are called on their way during a wait of %s", n, d)
				}
			}
			waits++
			return sleep(ctx, d)
		}
	})
	j := c.plan(c.devices[:1])
	wantRun(t, c, j)
	var mobile = c.devices[:0:0]
	for _, d := range c.devices {
		if d.Type == c.devices[0].Type && len(mobile) < 100 {
			mobile = append(mobile, d)
		}
	}
	for range 4 {
		wantRun(t, c, c.plan(mobile[:1]))
		mobile = mobile[1:]
	}
	if waits == 0 {
		t.Error("the run never waited")
	}
}

func wantRun(t *testing.T, c *campaign, j journal.Journal) {
	t.Helper()
	if err := c.runner().Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
}
