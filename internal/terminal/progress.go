package terminal

import (
	"fmt"
	"io"
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
	if left := p.total - p.done; left > 0 && rate > 0 {
		eta := time.Duration(float64(left) / rate * float64(time.Second))
		line += fmt.Sprintf(", %s left", eta.Round(time.Second))
	}
	return line
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
