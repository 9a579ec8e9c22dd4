package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// began is how a limiter's window stands at first.
type began struct {
	age  time.Duration
	used int
}

// slowly serves requests in memory, some time after they were sent, and hands
// the answers over some time later.
type slowly struct {
	before, after func() time.Duration
	serve         http.HandlerFunc
}

func (s slowly) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(s.before())
	rec := httptest.NewRecorder()
	s.serve(rec, r)
	time.Sleep(s.after())
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// Several requests at once, which take their time, neither run into the limit
// nor leave more than a little of it unused. The clock is that of a bubble.
func TestParallelRequestsUseTheWholeLimit(t *testing.T) {
	const minutes, limit, workers = 5, 240, 4
	random := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	upTo := func(most time.Duration) func() time.Duration {
		return func() time.Duration {
			mu.Lock()
			defer mu.Unlock()
			return time.Duration(random.Int64N(int64(most)))
		}
	}
	always := func(d time.Duration) func() time.Duration { return func() time.Duration { return d } }
	for name, latency := range map[string]slowly{
		"at once":              {before: always(0), after: always(0)},
		"slow to arrive":       {before: always(300 * time.Millisecond), after: always(0)},
		"slow to answer":       {before: always(0), after: always(300 * time.Millisecond)},
		"some hundred ms":      {before: upTo(300 * time.Millisecond), after: upTo(300 * time.Millisecond)},
		"some slower by far":   {before: upTo(900 * time.Millisecond), after: upTo(900 * time.Millisecond)},
		"in step with a clock": {before: always(125 * time.Millisecond), after: always(125 * time.Millisecond)},
	} {
		for _, w := range []began{{}, {age: 300 * time.Millisecond}, {age: 20*time.Second + 700*time.Millisecond, used: 160}} {
			t.Run(fmt.Sprintf("%s, %d used of a window %s old", name, w.used, w.age), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					end := time.Now().Add(minutes * time.Minute)
					l := &limiter{now: time.Now, limit: limit, window: time.Now().Add(-w.age), used: w.used}
					serve := latency
					serve.serve = l.serve
					c, err := api.New(api.Options{
						BaseURL: "http://localhost", Tokens: api.StaticToken(api.NewSecret("t")), Now: time.Now, Transport: serve,
					})
					if err != nil {
						t.Fatal(err)
					}
					var wg sync.WaitGroup
					for range workers {
						wg.Go(func() {
							for time.Now().Before(end) {
								if err := c.Commands.Cancel(t.Context(), "c", api.NewIdempotencyKey()); err != nil {
									t.Error(err)
									return
								}
							}
						})
					}
					wg.Wait()
					if l.rejected > 0 {
						t.Errorf("%d requests ran into the limit", l.rejected)
					}
					if share := float64(l.seen) / float64(minutes*limit-w.used); share < 0.95 {
						t.Errorf("%d requests in %d minutes: %.1f %% of what is allowed", l.seen, minutes, 100*share)
					}
				})
			})
		}
	}
}
