package sandbox

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// rateLimiter counts requests for each operation in windows of a minute. It
// belongs to the process: a store write for every GET would cost more than a
// limit shared between two shells is worth.
type rateLimiter struct {
	mu      sync.Mutex
	windows map[string]*window
}

type window struct {
	start time.Time
	used  int
}

// take counts a request and writes the RateLimit headers; false if it is one
// too many.
func (l *rateLimiter) take(op string, limit int, now time.Time, h http.Header) bool {
	if limit == 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.windows[op]
	if w == nil || now.Sub(w.start) >= time.Minute || now.Before(w.start) {
		w = &window{start: now}
		l.windows[op] = w
	}
	ok := w.used < limit
	if ok {
		w.used++
	}
	left := w.start.Add(time.Minute).Sub(now)
	h.Set("RateLimit-Limit", strconv.Itoa(limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(max(limit-w.used, 0)))
	h.Set("RateLimit-Reset", strconv.Itoa(int((left+time.Second-1)/time.Second)))
	return ok
}
