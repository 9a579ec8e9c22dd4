package job

import (
	"context"
	"sync"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// longRun is from how many minutes on, at the full rate, a run leaves half of
// the rate to others (contract, "Rate limit").
const longRun = 30

// pace spaces the requests of a long run. A short one goes as fast as the
// client lets it, which keeps to the rate limit itself.
type pace struct {
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error
	limit    func() (api.RateLimit, bool) // requests a minute, once an answer has told
	requests int                          // of the whole run

	mu      sync.Mutex
	began   time.Time
	left    int           // requests so far
	decided bool          // the limit is known
	rate    float64       // a minute
	every   time.Duration // from one request to the next; 0: as fast as possible
	next    time.Time
}

// wait returns when another request may leave, or with the cause of ctx's end.
func (p *pace) wait(ctx context.Context) error {
	if d := p.slot(); d > 0 {
		if err := p.sleep(ctx, d); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// slot gives out the next moment at which a request may leave.
func (p *pace) slot() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.left == 0 {
		p.began = now
	}
	if !p.decided {
		p.decide()
	}
	p.left++
	if p.every == 0 {
		return 0
	}
	if p.next.Before(now) {
		p.next = now
	}
	slot := p.next
	p.next = p.next.Add(p.every)
	return slot.Sub(now)
}

func (p *pace) decide() {
	l, ok := p.limit()
	if !ok || l.Limit <= 0 {
		return
	}
	p.decided, p.rate = true, float64(l.Limit)
	if p.requests > longRun*l.Limit {
		p.rate /= 2
		p.every = time.Duration(float64(time.Minute) / p.rate)
		p.next = p.began.Add(time.Duration(p.left) * p.every)
	}
}

// perMinute is how many requests a minute may leave; 0 while that isn't known.
func (p *pace) perMinute() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.decided {
		p.decide()
	}
	return p.rate
}
