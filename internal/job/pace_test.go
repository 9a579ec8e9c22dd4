package job_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// pacing is a campaign in a bubble, whose back end has a rate limit and takes
// its time. It knows none of the devices, which is as good for counting.
func pacing(t *testing.T, limit int, slowest time.Duration, devices int) (c *campaign, all []api.Device, seen *arrivals) {
	t.Helper()
	seen = &arrivals{random: rand.New(rand.NewPCG(3, 4))}
	c = newCampaign(t, t.TempDir(), 1, func(c *campaign, o *sandbox.Options) {
		c.options.Now, c.options.Sleep = time.Now, nil
		set := o.Settings
		o.Settings = func(s *sandbox.Settings) { set(s); s.RateLimit = limit }
	})
	transport := c.options.Transport
	c.options.Transport = seen.watch(transport, slowest)
	for i := range devices {
		d := c.devices[0]
		d.DeviceID = fmt.Sprintf("5e0c2f8e-0000-4000-8000-%012d", i)
		all = append(all, d)
	}
	return c, all, seen
}

// arrivals is when requests reached the back end.
type arrivals struct {
	mu      sync.Mutex
	random  *rand.Rand
	times   []time.Time
	limited int
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// watch takes up to slowest there and as long back.
func (a *arrivals) watch(next http.RoundTripper, slowest time.Duration) http.RoundTripper {
	latency := func() time.Duration {
		a.mu.Lock()
		defer a.mu.Unlock()
		return time.Duration(a.random.Int64N(int64(slowest)))
	}
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		time.Sleep(latency())
		a.mu.Lock()
		a.times = append(a.times, time.Now())
		a.mu.Unlock()
		resp, err := next.RoundTrip(r)
		if err == nil && resp.StatusCode == http.StatusTooManyRequests {
			a.mu.Lock()
			a.limited++
			a.mu.Unlock()
		}
		time.Sleep(latency())
		return resp, err
	})
}

// within counts requests from one moment of the run to another.
func (a *arrivals) within(start time.Time, from, to time.Duration) int {
	n := 0
	for _, at := range a.times {
		if since := at.Sub(start); since >= from && since < to {
			n++
		}
	}
	return n
}

func TestARunUsesTheWholeRateLimit(t *testing.T) {
	const limit = 240
	synctest.Test(t, func(t *testing.T) {
		c, devices, seen := pacing(t, limit, 400*time.Millisecond, 100*(3*limit+20))
		start := time.Now()
		j := c.plan(devices)
		r := c.runner()
		rate := 0.0
		r.Progress = func(_ int, perMinute float64) { rate = perMinute }
		if err := r.Run(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		if seen.limited > 0 {
			t.Errorf("%d requests ran into the limit", seen.limited)
		}
		// The last 20 requests begin the fourth window.
		if share := float64(seen.within(start, 0, 3*time.Minute)) / (3 * limit); share < 0.95 {
			t.Errorf("%.1f %% of the limit is used", 100*share)
		}
		if took := time.Since(start); took < 3*time.Minute || took > 3*time.Minute+15*time.Second {
			t.Errorf("%d requests took %s", len(seen.times), took)
		}
		if rate != limit {
			t.Errorf("progress says %v a minute", rate)
		}
	})
}

func TestALongRunUsesHalfOfTheRateLimit(t *testing.T) {
	for name, tc := range map[string]struct {
		limit, requests, perMinute int
	}{
		"just short enough": {12, 30 * 12, 12},
		"just too long":     {12, 30*12 + 1, 6},
		"far too long":      {7, 500, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, devices, seen := pacing(t, tc.limit, 300*time.Millisecond, 100*tc.requests)
				ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Minute, errStop)
				defer cancel()
				start := time.Now()
				if err := c.runner().Run(ctx, c.plan(devices)); !errors.Is(err, errStop) {
					t.Fatal(err)
				}
				if seen.limited > 0 {
					t.Errorf("%d requests ran into the limit", seen.limited)
				}
				for m := range 9 {
					from := time.Duration(m) * time.Minute
					if n := seen.within(start, from, from+time.Minute); tc.perMinute != tc.limit && n > tc.limit/2+1 {
						t.Errorf("%d requests in minute %d", n, m)
					}
				}
				if n := seen.within(start, 0, 10*time.Minute); n < tc.perMinute*10*9/10 {
					t.Errorf("%d requests in 10 minutes", n)
				}
			})
		})
	}
}
