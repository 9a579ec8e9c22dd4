package api

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// RateLimit is what a back end last said about one operation, less the
// requests sent since.
type RateLimit struct {
	Limit     int       // requests in a window; 0 when not said
	Remaining int       // until Reset
	Reset     time.Time // when the window ends, by the client's clock
}

// RateLimit returns the limit of an operation, named by its method and path
// template as in docs/openapi.yaml, for example GET and /security/devices. It
// is false until an answer has named a limit.
func (c *Client) RateLimit(method, template string) (RateLimit, bool) {
	return c.pacer.limit(c.base.Host + " " + method + " " + template)
}

// pacer slows requests down before they hit the limit. Limits count per
// operation and tenant, and a client has one tenant. While more than a quarter
// of a window is left requests go out at full speed; the last quarter is
// spread evenly over the window's rest; when nothing is left they wait for the
// next window, at most maxWait.
type pacer struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu  sync.Mutex
	ops map[string]*window
}

type window struct {
	RateLimit           // Remaining is below 0 when requests wait for the next window
	next      time.Time // the last slot given out while spreading
	underWay  int       // requests that wait for their slot or their answer
}

// maxWindow is the longest window that is believed. Those of the contract last
// a minute; a much larger number is a point in time, sent by mistake.
const maxWindow = 15 * time.Minute

func newPacer(o Options) *pacer {
	return &pacer{now: o.Now, sleep: o.Sleep, ops: map[string]*window{}}
}

func (p *pacer) middleware(next http.RoundTripper) http.RoundTripper {
	return roundTripFunc(func(r *http.Request) (*http.Response, error) {
		key := r.URL.Host + " " + flightOf(r).op
		if !hasTurn(r.Context(), key) {
			if err := p.wait(r.Context(), key); err != nil {
				return nil, err
			}
		}
		resp, err := next.RoundTrip(r)
		if err != nil {
			p.observe(key, nil)
			return nil, err
		}
		p.observe(key, resp)
		return resp, nil
	})
}

// wait takes a request's place and returns when it may leave.
func (p *pacer) wait(ctx context.Context, key string) error {
	d := p.reserve(key)
	if d <= 0 {
		return nil
	}
	err := p.sleep(ctx, d)
	if err != nil {
		p.observe(key, nil)
	}
	return err
}

// giveBack returns the place of a request that was never made.
func (p *pacer) giveBack(key string) {
	p.observe(key, nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := p.ops[key]; p.now().Before(w.Reset) {
		w.Remaining++
	}
}

func (p *pacer) limit(key string) (RateLimit, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.ops[key]
	if w == nil || w.Reset.IsZero() {
		return RateLimit{}, false
	}
	l := w.RateLimit
	l.Remaining = max(l.Remaining, 0)
	return l, true
}

// reserve takes one request from the window and says how long it has to wait.
func (p *pacer) reserve(key string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	w := p.ops[key]
	if w == nil {
		w = &window{}
		p.ops[key] = w
	}
	w.underWay++
	if !now.Before(w.Reset) {
		return 0
	}
	slot := now
	switch {
	case w.Remaining <= 0:
		slot = w.Reset
	case w.Remaining <= w.Limit/4:
		if w.next.Before(now) {
			w.next = now
		}
		w.next = w.next.Add(w.Reset.Sub(w.next) / time.Duration(w.Remaining+1))
		slot = w.next
	}
	w.Remaining--
	return min(slot.Sub(now), maxWait)
}

// observe takes over what an answer says; nil stands for none. Answers may
// overtake one another, so within one window the smaller remainder holds, and
// the first answer of a window may not have counted what else is under way.
func (p *pacer) observe(key string, resp *http.Response) {
	now := p.now()
	said, ok := readLimit(resp, now)
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.ops[key]
	w.underWay--
	if !ok {
		return
	}
	// Whole seconds make the end of one window look up to a second later.
	sameWindow := now.Before(w.Reset) && said.Reset.Sub(w.Reset) < 2*time.Second
	if sameWindow {
		said.Remaining = min(said.Remaining, w.Remaining)
		if w.Reset.Before(said.Reset) {
			said.Reset = w.Reset
		}
	} else {
		said.Remaining -= w.underWay
	}
	w.RateLimit = said
}

// readLimit reads the headers of an answer; false if they don't say enough.
func readLimit(resp *http.Response, now time.Time) (RateLimit, bool) {
	if resp == nil {
		return RateLimit{}, false
	}
	h := resp.Header
	limit, _ := leadingInt(headerValue(h, "RateLimit-Limit"))
	remaining, hasRemaining := leadingInt(headerValue(h, "RateLimit-Remaining"))
	reset, hasReset := leadingInt(headerValue(h, "RateLimit-Reset"))
	until := now.Add(seconds(reset))
	if resp.StatusCode == http.StatusTooManyRequests {
		remaining, hasRemaining = 0, true
		if wait, ok := retryAfter(h, now); ok {
			until, hasReset = now.Add(wait), true
		}
	}
	return RateLimit{Limit: limit, Remaining: remaining, Reset: until}, hasRemaining && hasReset && until.Sub(now) <= maxWindow
}
