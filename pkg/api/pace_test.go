package api_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"
)

// limiter is a back end with a fixed window.
type limiter struct {
	mu       sync.Mutex
	now      func() time.Time
	limit    int
	window   time.Time
	used     int
	seen     int
	rejected int
}

func (l *limiter) serve(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	now := l.now()
	if now.Sub(l.window) >= time.Minute {
		l.window, l.used = now, 0
	}
	l.used++
	l.seen++
	over := l.used > l.limit
	if over {
		l.rejected++
	}
	reset := int((l.window.Add(time.Minute).Sub(now) + time.Second - 1) / time.Second)
	left := max(0, l.limit-l.used)
	l.mu.Unlock()
	w.Header()["rateLimit-limit"] = []string{strconv.Itoa(l.limit)}
	w.Header()["RATELIMIT-REMAINING"] = []string{strconv.Itoa(left)}
	w.Header()["ratelimit-reset"] = []string{strconv.Itoa(reset)}
	if over {
		refuse(429, "TOO_MANY_REQUESTS")(w, r)
		return
	}
	if r.Method == http.MethodPost {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	sendJSON(200, `{"deviceId":"d","mode":"OPTIONAL"}`)(w, r)
}

func TestRequestsSlowDownBeforeTheLimit(t *testing.T) {
	l := &limiter{limit: 60}
	b := newBackend(t, l.serve)
	c, clk := newClient(t, b.URL)
	l.now = clk.Now
	l.window = clk.Now()
	start := clk.Now()
	for i := range 180 {
		if _, err := c.Devices.Get(t.Context(), "d"); err != nil {
			t.Fatal(err)
		}
		if i == 44 && !clk.Now().Equal(start) {
			t.Error("slowed down while most of the window was left")
		}
		if i == 55 && clk.Now().Equal(start) {
			t.Error("not slowed down near the limit")
		}
	}
	if l.rejected > 0 {
		t.Errorf("%d requests ran into the limit", l.rejected)
	}
	if took := clk.Now().Sub(start); took < 2*time.Minute || took > 4*time.Minute {
		t.Errorf("180 requests at 60 a minute took %s", took)
	}
	got, ok := c.RateLimit("GET", "/security/devices/{deviceId}")
	if !ok || got.Limit != 60 {
		t.Errorf("RateLimit: %+v, %v", got, ok)
	}
}

func TestLimitsArePerOperation(t *testing.T) {
	l := &limiter{limit: 4}
	b := newBackend(t, l.serve)
	c, clk := newClient(t, b.URL)
	l.now = clk.Now
	l.window = clk.Now()
	for _, id := range []string{"a", "b", "c", "d"} {
		if _, err := c.Devices.Get(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	before := clk.total()
	l.mu.Lock()
	l.used = 0
	l.mu.Unlock()
	if _, err := c.MDM.Get(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if clk.total() != before {
		t.Error("another operation had to wait")
	}
	if _, ok := c.RateLimit("GET", "/security/devices"); ok {
		t.Error("a limit that nobody named")
	}
}
