package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
)

func TestAsk(t *testing.T) {
	for name, tt := range map[string]struct{ typed, want string }{
		"a line":            {"yes\n", "yes"},
		"of Windows":        {"yes\r\n", "yes"},
		"blanks around":     {" \t김 민수\u3000 \n", "김 민수"},
		"nothing but Enter": {"\n", ""},
		"as long as may be": {strings.Repeat("x", 4095) + "\n", strings.Repeat("x", 4095)},
	} {
		t.Run(name, func(t *testing.T) {
			var out, talk bytes.Buffer
			term := &terminal.Term{In: strings.NewReader(tt.typed), Out: &out, Err: &talk, Quiet: true}
			got, err := term.Ask(t.Context(), "Who? ")
			if err != nil || got != tt.want {
				t.Errorf("answer %q, %v", got, err)
			}
			if talk.String() != "Who? " || out.Len() > 0 {
				t.Errorf("stderr %q, stdout %q", talk.String(), out.String())
			}
		})
	}
}

func TestEachQuestionTakesOneLine(t *testing.T) {
	for name, in := range map[string]io.Reader{
		"at once":     strings.NewReader("yes\nsecond\n\nfourth\n"),
		"byte-wise":   iotest.OneByteReader(strings.NewReader("yes\nsecond\n\nfourth\n")),
		"end with it": iotest.DataErrReader(strings.NewReader("yes\nsecond\n\nfourth\n")),
	} {
		term := &terminal.Term{In: in, Err: io.Discard}
		for _, want := range []string{"yes", "second", "", "fourth"} {
			if got, err := term.Ask(t.Context(), "? "); err != nil || got != want {
				t.Errorf("%s: %q, %v, want %q", name, got, err, want)
			}
		}
		if _, err := term.Ask(t.Context(), "? "); !errors.Is(err, terminal.ErrNoAnswer) {
			t.Errorf("%s: after the last line: %v", name, err)
		}
	}
}

// Nothing is done without an answer, and the next line is not taken for what is
// left of a bad one.
func TestNoAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		typed, says string
		next        bool // a line follows
		entered     bool // the terminal has begun a new line
	}{
		"end of input": {"", "no answer was given", false, false},
		"half a line":  {"yes", "no answer was given", false, false},
		"too long":     {strings.Repeat("y", 4096) + "\nno\n", "the answer is longer than 4 KiB", true, true},
		"far too long": {strings.Repeat("y", 100_000) + "\nno\n", "the answer is longer than 4 KiB", true, true},
		"no end":       {strings.Repeat("y", 100_000), "no answer was given", false, false},
		"not UTF-8":    {"\xb1\xe8\nno\n", "the answer is not UTF-8", true, true}, // CP949
	} {
		t.Run(name, func(t *testing.T) {
			var talk bytes.Buffer
			term := &terminal.Term{In: strings.NewReader(tt.typed), Err: &talk}
			got, err := term.Ask(t.Context(), "Who? ")
			if err == nil || err.Error() != tt.says || exit.CodeOf(err) != exit.Refused || got != "" {
				t.Errorf("%q, %v", got, err)
			}
			want := "Who? \n"
			if tt.entered {
				want = "Who? "
			}
			if talk.String() != want {
				t.Errorf("stderr %q, want %q", talk.String(), want)
			}
			next, err := term.Ask(t.Context(), "")
			if tt.next && (err != nil || next != "no") || !tt.next && !errors.Is(err, terminal.ErrNoAnswer) {
				t.Errorf("then %q, %v", next, err)
			}
		})
	}
	broken := errors.New("cable pulled")
	term := &terminal.Term{In: iotest.ErrReader(broken), Err: io.Discard}
	if _, err := term.Ask(t.Context(), "? "); !errors.Is(err, broken) || errors.Is(err, terminal.ErrNoAnswer) {
		t.Errorf("reading fails: %v", err)
	}
	// What a terminal says once it was closed.
	term = &terminal.Term{In: iotest.ErrReader(&fs.PathError{Op: "read", Path: "/dev/stdin", Err: syscall.EIO}), Err: io.Discard}
	if _, err := term.Ask(t.Context(), "? "); !errors.Is(err, terminal.ErrNoAnswer) || exit.CodeOf(err) != exit.Refused || err.Error() != "no answer was given" {
		t.Errorf("closed: %v", err)
	}
}

// A terminal of which nobody can say what was typed before the question is not
// asked at all.
func TestATerminalThatCantForget(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "no terminal"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var talk bytes.Buffer
	term := &terminal.Term{In: file, Err: &talk, InTTY: true}
	if yes, err := term.Confirm(t.Context(), "Go on?"); yes || err == nil || errors.Is(err, terminal.ErrNoAnswer) || talk.Len() > 0 {
		t.Errorf("%v, %v, asked %q", yes, err, talk.String())
	}
}

func TestConfirm(t *testing.T) {
	for typed, want := range map[string]bool{
		"y": true, "Y": true, "yes": true, "YES": true, "Yes": true,
		"": false, "n": false, "no": false, "ye": false, "yes!": false, "yy": false, "예": false, "ｙ": false,
	} {
		var talk bytes.Buffer
		term := &terminal.Term{In: strings.NewReader(typed + "\n"), Err: &talk}
		if got, err := term.Confirm(t.Context(), "Go on?"); err != nil || got != want {
			t.Errorf("%q: %v, %v", typed, got, err)
		}
		if talk.String() != "Go on? [y/N] " {
			t.Errorf("asked %q", talk.String())
		}
	}
	term := &terminal.Term{In: strings.NewReader("yes"), Err: io.Discard}
	if yes, err := term.Confirm(t.Context(), "Go on?"); yes || !errors.Is(err, terminal.ErrNoAnswer) {
		t.Errorf("half a line: %v, %v", yes, err)
	}
}

func TestQuestionIsClean(t *testing.T) {
	var talk bytes.Buffer
	term := &terminal.Term{In: strings.NewReader("\n"), Err: &talk}
	if _, err := term.Ask(t.Context(), "Wipe \x1b[2J\u202egpj\r?\nType x: "); err != nil {
		t.Fatal(err)
	}
	if want := `Wipe \x1b[2J\u202egpj\r?` + "\nType x: "; talk.String() != want {
		t.Errorf("%q, want %q", talk.String(), want)
	}
}

func TestQuestionErasesTheProgress(t *testing.T) {
	var talk bytes.Buffer
	c := &clock{at: time.Unix(1e9, 0)}
	term := &terminal.Term{In: strings.NewReader("y\n"), Err: &talk, ErrTTY: true}
	p := term.StartProgress("devices", 0, c.now)
	c.advance(time.Second)
	p.Add(1)
	talk.Reset()
	if _, err := term.Ask(t.Context(), "Go on? "); err != nil || talk.String() != "\r\x1b[KGo on? " {
		t.Errorf("%q, %v", talk.String(), err)
	}
}

// Whoever can't see a question has not answered it.
func TestQuestionThatCantBeWritten(t *testing.T) {
	in := strings.NewReader("yes\n")
	term := &terminal.Term{In: in, Err: brokenWriter{}}
	if yes, err := term.Confirm(t.Context(), "Go on?"); yes || err == nil {
		t.Errorf("%v, %v", yes, err)
	}
	if in.Len() != len("yes\n") {
		t.Error("an answer was read")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestNothingIsAskedAfterAnInterruption(t *testing.T) {
	var talk bytes.Buffer
	in := strings.NewReader("yes\n")
	term := &terminal.Term{In: in, Err: &talk}
	stop := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	for _, ctx := range []context.Context{ctx, t.Context()} {
		if yes, err := term.Confirm(ctx, "Go on?"); yes || !errors.Is(err, stop) {
			t.Errorf("%v, %v", yes, err)
		}
	}
	if talk.Len() > 0 || in.Len() != len("yes\n") {
		t.Errorf("asked %q", talk.String())
	}
}

// An answer that comes together with Ctrl-C doesn't count, and nothing is asked
// after it.
func TestAnAnswerTogetherWithAnInterruption(t *testing.T) {
	stop := errors.New("interrupted")
	for range 20 { // which of the two is seen first is chance
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			both := bothAtOnce{ctx, func() {
				synctest.Wait() // the line was read by now
				cancel(stop)
			}}
			term := &terminal.Term{In: strings.NewReader("yes\nyes\n"), Err: io.Discard}
			for _, ctx := range []context.Context{both, t.Context()} {
				if yes, err := term.Confirm(ctx, "Go on?"); yes || !errors.Is(err, stop) {
					t.Errorf("%v, %v", yes, err)
				}
			}
		})
	}
}

// bothAtOnce is a context that ends when somebody begins to wait for its end.
type bothAtOnce struct {
	context.Context
	end func()
}

func (c bothAtOnce) Done() <-chan struct{} {
	c.end()
	return c.Context.Done()
}
