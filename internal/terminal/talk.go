package terminal

import (
	"fmt"
	"io"

	"github.com/worksctl/worksctl/pkg/output"
)

// Warnf writes one `warning:` line to stderr. -q drops it.
func (t *Term) Warnf(format string, args ...any) {
	if !t.Quiet {
		t.say(t.ErrStyle().Yellow("warning:")+" ", format, args)
	}
}

// Infof writes one line to stderr if a person is at the terminal: off a
// terminal, success is silent. -q drops it.
func (t *Term) Infof(format string, args ...any) {
	if !t.Quiet && t.atTerminal() {
		t.say("", format, args)
	}
}

// Notef writes one line to stderr always, also off a terminal and with -q: for
// what was asked for (-v) or promised to scripts.
func (t *Term) Notef(format string, args ...any) { t.say("", format, args) }

// Talk returns stderr for whatever writes there by itself: each Write first
// erases the progress line. Texts are not cleaned.
func (t *Term) Talk() io.Writer { return talk{t} }

type talk struct{ t *Term }

func (w talk) Write(p []byte) (int, error) {
	w.t.mu.Lock()
	defer w.t.mu.Unlock()
	w.t.erase()
	return w.t.Err.Write(p)
}

// say cleans the whole text, since any argument may come from a device.
func (t *Term) say(prefix, format string, args []any) {
	line := prefix + output.Clean(fmt.Sprintf(format, args...)) + "\n"
	_, _ = io.WriteString(t.Talk(), line) // where talk can't be written, nobody listens
}
