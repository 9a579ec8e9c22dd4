package api_test

import (
	"context"
	"testing"
	"time"
)

func TestATurnIsWaitedForOnce(t *testing.T) {
	const method, template = "GET", "/security/devices/{deviceId}"
	l := &limiter{limit: 4}
	b := newBackend(t, l.serve)
	c, clk := newClient(t, b.URL)
	l.now, l.window = clk.Now, clk.Now()
	get := func(ctx context.Context) {
		t.Helper()
		if _, err := c.Devices.Get(ctx, "d"); err != nil {
			t.Fatal(err)
		}
	}
	get(t.Context())

	for i := range 12 {
		turn, done, err := c.Turn(t.Context(), method, template)
		if err != nil {
			t.Fatal(err)
		}
		before := clk.Now()
		get(turn)
		if waited := clk.Now().Sub(before); waited > 0 {
			t.Errorf("request %d waited for %s with a turn in hand", i, waited)
		}
		done()
	}
	if l.rejected > 0 || clk.Now().Sub(l.window) > 5*time.Minute {
		t.Errorf("%d requests rejected", l.rejected)
	}

	// One that isn't used leaves nobody waiting for its answer, and one that is
	// used up doesn't serve again.
	turn, done, err := c.Turn(t.Context(), method, template)
	if err != nil {
		t.Fatal(err)
	}
	get(turn)
	done()
	seen, rejected := l.seen, l.rejected
	for range 8 {
		get(turn)
	}
	if l.seen != seen+8 || l.rejected != rejected {
		t.Errorf("%d requests, %d rejected", l.seen-seen, l.rejected)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := c.Turn(ended, method, template); err == nil {
		t.Error("a turn after the end")
	}
}
