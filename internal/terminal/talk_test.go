package terminal_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/terminal"
)

// clock moves by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestTalk(t *testing.T) {
	tests := []struct {
		name            string
		in, talk, quiet bool
		warn, info      bool
	}{
		{"off a terminal", false, false, false, true, false},
		{"at a terminal", true, true, false, true, true},
		{"stdin is a pipe", false, true, false, true, false},
		{"stderr is a file", true, false, false, true, false},
		{"quiet", true, true, true, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, talk bytes.Buffer
			term := &terminal.Term{Out: &out, Err: &talk, InTTY: tt.in, ErrTTY: tt.talk, Quiet: tt.quiet, Color: terminal.ColorNever}
			term.Warnf("w %d", 1)
			term.Infof("i %d", 2)
			term.Notef("n %d", 4)
			want := ""
			if tt.warn {
				want += "warning: w 1\n"
			}
			if tt.info {
				want += "i 2\n"
			}
			want += "n 4\n"
			if talk.String() != want || out.Len() > 0 {
				t.Errorf("stderr %q, want %q; stdout %q", talk.String(), want, out.String())
			}
		})
	}
}

func TestTalkIsCleanAndOneLine(t *testing.T) {
	var talk bytes.Buffer
	term := &terminal.Term{Err: &talk, Color: terminal.ColorAlways}
	term.Warnf("device %s", "\x1b]0;owned\x07\nerror: forged\u202e")
	got := talk.String()
	if !strings.HasPrefix(got, "\x1b[33mwarning:\x1b[0m device ") || strings.Count(got, "\x1b") != 2 || strings.Count(got, "\n") != 1 || strings.ContainsAny(got, "\x07\u202e") {
		t.Errorf("%q", got)
	}
}

func TestProgress(t *testing.T) {
	var out, talk bytes.Buffer
	c := &clock{at: time.Unix(1e9, 0)}
	term := &terminal.Term{Out: &out, Err: &talk, ErrTTY: true, ErrWidth: 80, Color: terminal.ColorNever}
	says := func(what, want string) {
		t.Helper()
		if got := talk.String(); got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
		talk.Reset()
	}
	p := term.StartProgress("devices", 0, c.now)
	p.Add(1)
	says("too early to be drawn", "")
	c.advance(2 * time.Second)
	p.Add(2467)
	says("drawn", "2,468 devices, 1,234/s, 2s")
	c.advance(99 * time.Millisecond)
	p.Add(1)
	says("at most ten times a second", "")
	term.Warnf("w")
	says("erased before a warning", "\r\x1b[Kwarning: w\n")
	term.Warnf("w")
	says("nothing left to erase", "warning: w\n")
	c.advance(time.Second)
	p.Add(1)
	says("drawn again", "2,470 devices, 797/s, 3s")
	c.advance(time.Second)
	p.Add(0)
	says("redrawn in place", "\r\x1b[K2,470 devices, 602/s, 4s")
	_, _ = fmt.Fprint(term.Talk(), "> GET /\n")
	says("erased before what others write", "\r\x1b[K> GET /\n")
	c.advance(time.Second)
	p.Add(0)
	talk.Reset()
	p.Stop()
	p.Stop()
	says("erased at the end, once", "\r\x1b[K")
	if out.Len() > 0 {
		t.Errorf("stdout got %q", out.String())
	}
}

func TestProgressTowardATotal(t *testing.T) {
	var talk bytes.Buffer
	c := &clock{at: time.Unix(1e9, 0)}
	term := &terminal.Term{Err: &talk, ErrTTY: true}
	p := term.StartProgress("devices", 1000, c.now)
	for _, step := range []struct {
		add  int
		want string
	}{
		{250, "250 of 1,000 devices (25%), 25/s, 10s, 30s left"},
		{750, "\r\x1b[K1,000 of 1,000 devices (100%), 50/s, 20s"},
		{750, "\r\x1b[K1,750 of 1,000 devices (100%), 58/s, 30s"}, // a total is only a guess
	} {
		c.advance(10 * time.Second)
		p.Add(step.add)
		if talk.String() != step.want {
			t.Errorf("%q, want %q", talk.String(), step.want)
		}
		talk.Reset()
	}
}

func TestProgressFitsTheTerminal(t *testing.T) {
	var talk bytes.Buffer
	c := &clock{at: time.Unix(1e9, 0)}
	term := &terminal.Term{Err: &talk, ErrTTY: true, ErrWidth: 10}
	p := term.StartProgress("기기", 0, c.now)
	c.advance(time.Second)
	p.Add(5)
	if got := talk.String(); got != "5 기기, 5" {
		t.Errorf("%q is not what fits nine columns", got)
	}
}

func TestNoProgress(t *testing.T) {
	dumb := terminal.New(nil, nil, nil, vars{"TERM": "dumb"}.lookup)
	dumb.ErrTTY = true
	for name, term := range map[string]*terminal.Term{
		"off a terminal": {InTTY: true, OutTTY: true}, "quiet": {ErrTTY: true, Quiet: true}, "dumb": dumb,
	} {
		var talk bytes.Buffer
		term.Err = &talk
		c := &clock{at: time.Unix(1e9, 0)}
		p := term.StartProgress("devices", 0, c.now)
		c.advance(time.Minute)
		p.Add(1)
		p.Stop()
		if talk.Len() > 0 {
			t.Errorf("%s: %q", name, talk.String())
		}
	}
}

// Under -race this also proves that talk and progress may run at once. No line
// of talk ever stands behind a progress line.
func TestTalkAndProgressAtOnce(t *testing.T) {
	var talk bytes.Buffer
	c := &clock{at: time.Unix(1e9, 0)}
	term := &terminal.Term{Err: &talk, ErrTTY: true, Color: terminal.ColorNever}
	p := term.StartProgress("devices", 0, c.now)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				c.advance(100 * time.Millisecond)
				p.Add(1)
				term.Warnf("w")
			}
		})
	}
	wg.Wait()
	p.Stop()
	if n := strings.Count(talk.String(), "warning: w\n"); n != 800 {
		t.Errorf("%d warnings", n)
	}
	for line := range strings.Lines(talk.String()) {
		if tail := line[strings.LastIndex(line, "\r\x1b[K")+1:]; strings.Contains(line, "devices") && strings.HasSuffix(line, "\n") && tail != "\x1b[Kwarning: w\n" {
			t.Fatalf("talk behind progress: %q", line)
		}
	}
}

// The rate limit says when a bulk run ends, not its first quick requests.
func TestProgressByTheRateLimit(t *testing.T) {
	for name, tt := range map[string]struct {
		perMinute float64
		each, add int
		want      string
	}{
		"slower than measured":   {60, 100, 1000, "1,000 of 10,000 devices (10%), 100/s, 10s, 1m30s left"},
		"faster than measured":   {6000, 100, 1000, "1,000 of 10,000 devices (10%), 100/s, 10s, 1m30s left"},
		"much slower":            {24, 100, 1000, "1,000 of 10,000 devices (10%), 100/s, 10s, 3m45s left"},
		"one a request":          {240, 1, 1000, "1,000 of 10,000 devices (10%), 100/s, 10s, 37m30s left"},
		"a started batch counts": {60, 100, 9990, "9,990 of 10,000 devices (99%), 999/s, 10s, 1s left"},
		"before the first":       {60, 100, 0, "0 of 10,000 devices (0%), 0/s, 10s, 1m40s left"},
		"not known":              {0, 100, 1000, "1,000 of 10,000 devices (10%), 100/s, 10s, 1m30s left"},
		"neither is known":       {0, 0, 0, "0 of 10,000 devices (0%), 0/s, 10s"},
		"through":                {60, 100, 10000, "10,000 of 10,000 devices (100%), 1,000/s, 10s"},
	} {
		t.Run(name, func(t *testing.T) {
			var talk bytes.Buffer
			c := &clock{at: time.Unix(1e9, 0)}
			term := &terminal.Term{Err: &talk, ErrTTY: true}
			p := term.StartProgress("devices", 10_000, c.now)
			p.SetRate(tt.perMinute, tt.each)
			c.advance(10 * time.Second)
			p.Add(tt.add)
			if talk.String() != tt.want {
				t.Errorf("%q, want %q", talk.String(), tt.want)
			}
		})
	}
	var none *terminal.Progress
	none.SetRate(60, 100)
}
