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

// A turn that isn't used takes nothing from the others, however often it is
// given back; one that is used counts once, and doesn't serve again.
func TestATurnCountsOnce(t *testing.T) {
	const method, template, limit = "GET", "/security/devices/{deviceId}", 12
	l := &limiter{limit: limit}
	b := newBackend(t, l.serve)
	c, clk := newClient(t, b.URL)
	l.now, l.window = clk.Now, clk.Now()
	get := func(ctx context.Context) {
		t.Helper()
		if _, err := c.Devices.Get(ctx, "d"); err != nil {
			t.Fatal(err)
		}
	}
	left := func(want int) {
		t.Helper()
		if now, ok := c.RateLimit(method, template); !ok || now.Remaining != want {
			t.Errorf("%d requests are left, want %d", now.Remaining, want)
		}
	}
	get(t.Context())
	left(limit - 1)

	turn, done, err := c.Turn(t.Context(), method, template)
	if err != nil {
		t.Fatal(err)
	}
	left(limit - 2)
	done()
	left(limit - 1)
	done()
	left(limit - 1)
	get(turn) // it was given back: this one takes a place of its own
	left(limit - 2)

	turn, done, err = c.Turn(t.Context(), method, template)
	if err != nil {
		t.Fatal(err)
	}
	left(limit - 3)
	get(turn)
	left(limit - 3)
	done()
	left(limit - 3)

	// All that is left goes out with the turn that is used up: each request waits
	// like any other, and none meets the limit.
	for range limit {
		get(turn)
	}
	if l.rejected > 0 || clk.total() == 0 {
		t.Errorf("%d requests rejected, after waiting for %s", l.rejected, clk.total())
	}
}
