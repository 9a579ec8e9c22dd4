// Package terminal is what worksctl knows about the streams that it was given:
// which of them a person looks at, how wide and how colorful that is, and how
// talk and progress share stderr without harming each other or the data on
// stdout.
package terminal

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"sync"

	"golang.org/x/term"
)

// Term holds the streams of one run. Its fields are set before the first
// output and not changed after it; its methods may be called from several
// goroutines at once. A Term must not be copied.
type Term struct {
	In       io.Reader
	Out, Err io.Writer // data and talk

	InTTY, OutTTY, ErrTTY bool // whether a terminal is at the other end
	Width                 int  // columns of stdout, 0 (no limit) where it is no terminal
	ErrWidth              int  // columns of stderr, likewise

	Quiet   bool      // -q: no warnings, no progress
	NoInput bool      // --no-input: nobody may be asked
	Color   ColorMode // --color

	dumb, noColor, forceColor bool

	mu    sync.Mutex // guards writing to Err, and shown
	shown bool       // a progress line stands on stderr

	asking      sync.Mutex    // one question at a time; guards what follows
	answers     *bufio.Reader // of In, from the first question on
	interrupted error         // why nothing is asked any more
}

// New looks at the streams and at the variables NO_COLOR, CLICOLOR_FORCE, TERM
// and COLUMNS. Only an *os.File can be a terminal.
func New(in io.Reader, out, err io.Writer, lookup func(string) (string, bool)) *Term {
	variable := func(name string) string {
		value, _ := lookup(name)
		return value
	}
	t := &Term{In: in, Out: out, Err: err, Color: ColorAuto}
	t.InTTY, _ = tty(in)
	t.OutTTY, t.Width = tty(out)
	t.ErrTTY, t.ErrWidth = tty(err)
	// COLUMNS helps where a terminal does not tell its size (serial lines).
	if columns, bad := strconv.Atoi(variable("COLUMNS")); bad == nil && columns > 0 {
		if t.OutTTY && t.Width == 0 {
			t.Width = columns
		}
		if t.ErrTTY && t.ErrWidth == 0 {
			t.ErrWidth = columns
		}
	}
	t.dumb = variable("TERM") == "dumb"
	t.noColor = variable("NO_COLOR") != ""
	force := variable("CLICOLOR_FORCE")
	t.forceColor = force != "" && force != "0"
	return t
}

// Interactive reports whether a person can be asked: stdin and stderr are
// terminals (stdout may be a pipe), and --no-input was not given.
func (t *Term) Interactive() bool { return t.atTerminal() && !t.NoInput }

func (t *Term) atTerminal() bool { return t.InTTY && t.ErrTTY }

// tty reports whether stream is a terminal, and its columns, 0 where it does
// not tell.
func tty(stream any) (is bool, columns int) {
	file, ok := stream.(*os.File)
	if !ok || file == nil {
		return false, 0
	}
	fd := int(file.Fd())
	if !term.IsTerminal(fd) {
		return false, 0
	}
	columns, _, err := term.GetSize(fd)
	if err != nil {
		columns = 0
	}
	return true, columns
}
