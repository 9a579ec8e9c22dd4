package api

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How long and how often a call is repeated.
const (
	maxFaults     = 4                      // repeats after faults: 5 attempts
	maxThrottled  = 8                      // repeats after 429 or 503 with Retry-After
	faultBase     = 250 * time.Millisecond // doubles with each fault: ¼, ½, 1, 2 s
	throttledBase = 2 * time.Second        // without headers: 2, 4, 8, 16, 30, 30 … s
	throttledCap  = 30 * time.Second
	maxWait       = 2 * time.Minute // told to wait longer, the call ends with the error
	maxJitter     = time.Second     // added to a wait that the server names
)

// backoff counts the repeats of one call.
type backoff struct {
	now               func() time.Time
	jitter            func() float64
	faults, throttled int
}

// next returns how long to wait before another attempt, or false to give up.
// Waits of our own are shortened by up to half at random, so that clients that
// failed together don't come back together.
func (b *backoff) next(why reason, resp *http.Response) (time.Duration, bool) {
	if why == fault {
		b.faults++
		return b.half(faultBase << (b.faults - 1)), b.faults <= maxFaults
	}
	b.throttled++
	if b.throttled > maxThrottled {
		return 0, false
	}
	if wait, ok := retryAfter(resp.Header, b.now()); ok {
		spread := min(maxJitter, wait/4+100*time.Millisecond)
		return wait + time.Duration(b.jitter()*float64(spread)), wait <= maxWait
	}
	return b.half(min(throttledBase<<(b.throttled-1), throttledCap)), true
}

func (b *backoff) half(d time.Duration) time.Duration {
	return d - time.Duration(b.jitter()*float64(d)/2)
}

// retryAfter reads Retry-After (seconds or an HTTP date), else RateLimit-Reset
// (seconds).
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	if v := headerValue(h, "Retry-After"); v != "" {
		if s, ok := leadingInt(v); ok {
			return seconds(s), true
		}
		if at, err := http.ParseTime(v); err == nil {
			return max(at.Sub(now), 0), true
		}
	}
	if s, ok := leadingInt(headerValue(h, "RateLimit-Reset")); ok {
		return seconds(s), true
	}
	return 0, false
}

// headerValue finds a header in any letter case, also where a transport kept
// the name as it came.
func headerValue(h http.Header, name string) string {
	if v := h.Get(name); v != "" {
		return v
	}
	for k, v := range h {
		if strings.EqualFold(k, name) && len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// leadingInt reads "240" and also "240;w=60". What is too large for it is
// math.MaxInt32, as seconds 68 years.
func leadingInt(s string) (int, bool) {
	s, _, _ = strings.Cut(s, ";")
	s, _, _ = strings.Cut(s, ",")
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return min(n, math.MaxInt32), (err == nil || errors.Is(err, strconv.ErrRange)) && n >= 0
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
