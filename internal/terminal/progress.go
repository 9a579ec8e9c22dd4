package terminal

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/clipperhouse/displaywidth"
)

// redrawEvery bounds the redrawing to ten times a second.
const redrawEvery = 100 * time.Millisecond

// Progress is one line on stderr that counts what was done. A nil Progress
// counts nothing, so that callers need not ask whether there is one.
type Progress struct {
	t              *Term
	now            func() time.Time
	noun           string
	total          int
	done           int
	started, drawn time.Time

	perMinute float64 // requests that the rate limit allows, 0 if not known
	each      int     // things that a request does
}

// StartProgress begins to count things called noun ("devices"), of which there
// will be total, or an unknown number for 0. It returns nil where no progress is
// to be shown: stderr is no terminal or a dumb one, or -q. Rows that stream to
// stdout while it runs would be torn by it if stdout is a terminal too: the
// caller starts none then.
func (t *Term) StartProgress(noun string, total int, now func() time.Time) *Progress {
	if !t.ErrTTY || t.Quiet || t.dumb {
		return nil
	}
	started := now()
	return &Progress{t: t, now: now, noun: noun, total: total, started: started, drawn: started}
}

// Add counts n more and redraws the line if the last time is long enough ago.
func (p *Progress) Add(n int) {
	if p == nil {
		return
	}
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.done += n
	now := p.now()
	if now.Sub(p.drawn) < redrawEvery {
		return
	}
	p.drawn = now
	line := p.line(now.Sub(p.started))
	if width := p.t.ErrWidth; width > 1 {
		// A line that wraps can't be erased; the last column wraps on some.
		line = displaywidth.TruncateString(line, width-1, "")
	}
	p.t.erase()
	_, _ = io.WriteString(p.t.Err, line)
	p.t.shown = true
}

// SetRate says that the rate limit allows perMinute requests, each for so many
// things: the time left follows from that where it is slower than what was
// measured, as at the beginning of a run. With 0 only the measure counts.
func (p *Progress) SetRate(perMinute float64, each int) {
	if p == nil {
		return
	}
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.perMinute, p.each = perMinute, each
}

// Stop erases the line.
func (p *Progress) Stop() {
	if p != nil {
		p.t.ClearProgress()
	}
}

// ClearProgress erases the progress line, if one is there.
func (t *Term) ClearProgress() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.erase()
}

// erase needs mu. Carriage return, then "erase to the end of the line".
func (t *Term) erase() {
	if t.shown {
		_, _ = io.WriteString(t.Err, "\r\x1b[K")
		t.shown = false
	}
}

func (p *Progress) line(elapsed time.Duration) string {
	rate := float64(p.done) / elapsed.Seconds()
	speed := fmt.Sprintf("%s/s, %s", grouped(int(rate)), elapsed.Truncate(time.Second))
	if p.total <= 0 {
		return fmt.Sprintf("%s %s, %s", grouped(p.done), p.noun, speed)
	}
	line := fmt.Sprintf("%s of %s %s (%d%%), %s", grouped(p.done), grouped(p.total), p.noun, min(100, p.done*100/p.total), speed)
	if left := p.left(rate); left > 0 {
		line += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return line
}

// left is the time until total is reached at a measured rate a second, or what
// the rate limit takes if that is longer; 0 where neither can be told.
func (p *Progress) left(rate float64) time.Duration {
	things := float64(p.total - p.done)
	if things <= 0 {
		return 0
	}
	seconds := 0.0
	if rate > 0 {
		seconds = things / rate
	}
	if p.perMinute > 0 && p.each > 0 {
		seconds = max(seconds, math.Ceil(things/float64(p.each))/p.perMinute*60)
	}
	return time.Duration(seconds * float64(time.Second))
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
