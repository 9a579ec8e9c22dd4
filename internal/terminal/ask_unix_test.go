//go:build unix

package terminal_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
)

// keyboard is the other side of a terminal: what is typed there, and what has
// appeared on its screen.
type keyboard struct {
	t      *testing.T
	side   *os.File
	mu     sync.Mutex
	screen strings.Builder
	more   chan struct{}
}

// plug returns a Term at a terminal of its own.
func plug(t *testing.T) (*terminal.Term, *keyboard) {
	t.Helper()
	side, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	k := &keyboard{t: t, side: side, more: make(chan struct{}, 1)}
	var reading sync.WaitGroup
	reading.Go(func() {
		buf := make([]byte, 1024)
		for {
			n, err := side.Read(buf)
			if err != nil {
				return // nobody holds the terminal any more
			}
			k.mu.Lock()
			k.screen.Write(buf[:n])
			k.mu.Unlock()
			select {
			case k.more <- struct{}{}:
			default:
			}
		}
	})
	t.Cleanup(func() {
		_ = tty.Close()
		_ = side.Close()
		reading.Wait()
	})
	return terminal.New(tty, tty, tty, vars{}.lookup), k
}

// sees waits until the screen ends as told, lines parted by \n.
func (k *keyboard) sees(want string) {
	k.t.Helper()
	stuck := time.NewTimer(time.Minute)
	defer stuck.Stop()
	for {
		got := k.shown()
		if strings.HasSuffix(got, want) {
			return
		}
		select {
		case <-k.more:
		case <-stuck.C:
			k.t.Fatalf("the screen shows %q, want %q", got, want)
		}
	}
}

func (k *keyboard) shown() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return strings.ReplaceAll(k.screen.String(), "\r\n", "\n")
}

func (k *keyboard) types(text string) {
	k.t.Helper()
	if _, err := k.side.WriteString(text); err != nil {
		k.t.Fatal(err)
	}
}

// ask has a question answered by what answer does once it is on the screen.
func ask(ctx context.Context, term *terminal.Term, k *keyboard, question string, answer func()) (string, error) {
	return answered(ctx, term.Ask, k, question, answer)
}

// answered is ask for each way to ask.
func answered[T any](ctx context.Context, by func(context.Context, string) (T, error), k *keyboard, question string, answer func()) (T, error) {
	var got T
	var err error
	var asking sync.WaitGroup
	asking.Go(func() { got, err = by(ctx, strings.TrimSuffix(question, " [y/N] ")) })
	k.sees(question)
	answer()
	asking.Wait()
	return got, err
}

func TestAskAtATerminal(t *testing.T) {
	for name, tt := range map[string]struct {
		keys, want, screen string
		err                error
	}{
		"typed and shown":        {"YQ0D\r", "YQ0D", "Word: YQ0D\n", nil},
		"Hangul":                 {"김민수의 아이폰\r", "김민수의 아이폰", "Word: 김민수의 아이폰\n", nil},
		"Enter":                  {"\r", "", "Word: \n", nil},
		"Ctrl-D":                 {"\x04", "", "Word: \n", terminal.ErrNoAnswer},
		"Ctrl-D behind the word": {"YQ0D\x04\x04", "", "Word: YQ0D\n", terminal.ErrNoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			term, k := plug(t)
			if !term.Interactive() {
				t.Fatal("no terminal")
			}
			got, err := ask(t.Context(), term, k, "Word: ", func() { k.types(tt.keys) })
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("answer %q, %v", got, err)
			}
			k.sees(tt.screen)
		})
	}
}

// Questions that only ask for a text take the lines as they come.
func TestAnswersTypedAhead(t *testing.T) {
	term, k := plug(t)
	k.types("first\nsecond\n")
	for _, want := range []string{"first", "second"} {
		if got, err := term.Ask(t.Context(), "? "); got != want || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// What lets something happen is answered by what is typed once the question
// stands there.
func TestNothingTypedAheadConfirms(t *testing.T) {
	for name, ahead := range map[string]string{
		"a word":          "YQ0D\n",
		"lines":           "y\nYQ0D\nyes\n",
		"half a word":     "YQ",
		"a whole paste":   strings.Repeat("YQ0D\n", 500),
		"end of input":    "\x04",
		"blanks and none": "\n \n",
	} {
		t.Run(name, func(t *testing.T) {
			term, k := plug(t)
			k.types(ahead)
			got, err := answered(t.Context(), term.AskAfresh, k, "Word: ", func() { k.types("0D\r") })
			if got != "0D" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
			k.types("yes\n")
			no, err := answered(t.Context(), term.Confirm, k, "Go on? [y/N] ", func() { k.types("n\r") })
			if no || err != nil {
				t.Errorf("confirmed: %v, %v", no, err)
			}
		})
	}
}

// One paste answers a question for a text and no more.
func TestAPasteConfirmsNothing(t *testing.T) {
	term, k := plug(t)
	k.types("lost phone\n0001\n0001\n")
	if got, err := term.Ask(t.Context(), "Reason: "); got != "lost phone" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	got, err := answered(t.Context(), term.AskAfresh, k, "Type 0001: ", func() { k.types("no\r") })
	if got != "no" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// A terminal that is closed while a question stands there.
func TestAClosedTerminalGivesNoAnswer(t *testing.T) {
	hungUp := errors.New("hung up")
	for name, tt := range map[string]struct{ signal, want error }{
		"no signal":             {nil, terminal.ErrNoAnswer},
		"the signal came first": {hungUp, hungUp},
	} {
		t.Run(name, func(t *testing.T) {
			side, tty, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tty.Close() }()
			term := terminal.New(tty, tty, tty, vars{}.lookup)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var got string
			var asking sync.WaitGroup
			asking.Go(func() { got, err = term.Ask(ctx, "Go on? ") })
			_, unread := io.ReadFull(side, make([]byte, len("Go on? ")))
			if tt.signal != nil {
				cancel(tt.signal)
			}
			if err := errors.Join(unread, side.Close()); err != nil {
				t.Fatal(err)
			}
			asking.Wait()
			if got != "" || !errors.Is(err, tt.want) {
				t.Errorf("answer %q, %v", got, err)
			}
			for name, ask := range map[string]func(context.Context, string) (string, error){"a text": term.Ask, "afresh": term.AskAfresh} {
				if got, err := ask(t.Context(), "? "); got != "" || !errors.Is(err, tt.want) {
					t.Errorf("then %s: %q, %v", name, got, err)
				}
			}
		})
	}
}

// Ctrl-C ends the wait at once, whatever is typed afterwards.
func TestInterruptedQuestion(t *testing.T) {
	term, k := plug(t)
	stop := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	got, err := ask(ctx, term, k, "Go on? ", func() {
		k.types("YQ")
		k.sees("YQ")
		cancel(stop)
	})
	if got != "" || !errors.Is(err, stop) {
		t.Errorf("answer %q, %v", got, err)
	}
	k.sees("Go on? YQ\n")
	k.types("0D\ryes\r")
	k.sees("0D\nyes\n")
	if yes, err := term.Confirm(t.Context(), "Really?"); yes || !errors.Is(err, stop) {
		t.Errorf("asked again: %v, %v", yes, err)
	}
	term.Notef("error: interrupted")
	k.sees("Go on? YQ\n0D\nyes\nerror: interrupted\n")
}

// Nothing that was typed before a hidden question answers it, and nothing that
// comes behind its answer reaches the next question or the shell.
func TestNothingTypedAheadIsASecret(t *testing.T) {
	for name, by := range map[string]func(*terminal.Term, context.Context, string) (api.Secret, error){
		"secret": (*terminal.Term).AskSecret, "key": (*terminal.Term).AskKey,
	} {
		t.Run(name, func(t *testing.T) {
			term, k := plug(t)
			k.types("first\nsecond\nthird\nhalf")
			if got, err := term.Ask(t.Context(), ""); got != "first" || err != nil {
				t.Fatalf("%q, %v", got, err)
			}
			ask := func(ctx context.Context, question string) (api.Secret, error) { return by(term, ctx, question) }
			got, err := answered(t.Context(), ask, k, "Hidden: ", func() { k.types("word\rls\r") })
			if got.Reveal() != "word" || err != nil {
				t.Errorf("%q, %v", got.Reveal(), err)
			}
			next, err := askNext(t, term, k)
			if next != "seen" || err != nil {
				t.Errorf("then %q, %v", next, err)
			}
		})
	}
}

func askNext(t *testing.T, term *terminal.Term, k *keyboard) (string, error) {
	t.Helper()
	return ask(t.Context(), term, k, "Next: ", func() { k.types("seen\r") })
}

// The name of a key's file shows. A key that is pasted in its place doesn't,
// but for the dashes by which it is known.
func TestAskKey(t *testing.T) {
	body := strings.Repeat(strings.Repeat("MIIE", 16)+"\r", 25)
	for name, tt := range map[string]struct{ keys, want, shows string }{
		"a name":           {" ~/acme.pem\r", "~/acme.pem", "Key:  ~/acme.pem\n"},
		"a mistyped one":   {"acme.pom\x7f\x7fem\r", "acme.pem", ""},
		"dashes":           {"------x\r", "------x", "Key: -----\n"},
		"a key":            {"-----BEGIN PRIVATE KEY-----\r" + body + "-----END PRIVATE KEY-----\r\r", "", "Key: -----\n(a key: reading it unseen, up to its END line)\n"},
		"with blanks":      {"  -----BEGIN PRIVATE KEY-----\r" + body + "-----END PRIVATE KEY-----\r", "", ""},
		"with line feeds":  {"-----BEGIN PRIVATE KEY-----\n" + body + "-----END PRIVATE KEY-----\n", "", ""},
		"of Windows":       {strings.ReplaceAll("-----BEGIN PRIVATE KEY-----\r"+body+"-----END PRIVATE KEY-----\r", "\r", "\r\n"), "", ""},
		"all on one line":  {"-----BEGIN PRIVATE KEY-----MIIE-----END PRIVATE KEY-----\r", "", ""},
		"Hangul in a name": {"열쇠.pem\r", "열쇠.pem", ""},
	} {
		t.Run(name, func(t *testing.T) {
			term, k := plug(t)
			got, err := answered(t.Context(), term.AskKey, k, "Key: ", func() { k.types(tt.keys) })
			if err != nil || tt.want != "" && got.Reveal() != tt.want {
				t.Errorf("%q, %v", got.Reveal(), err)
			}
			if tt.want == "" && (!terminal.IsPEM(got.Reveal()) || !strings.HasSuffix(got.Reveal(), "-----END PRIVATE KEY-----\n") || !strings.Contains(got.Reveal(), "MIIE")) {
				t.Errorf("%.200q", got.Reveal())
			}
			if tt.shows != "" {
				k.sees(tt.shows)
			}
			if next, err := askNext(t, term, k); next != "seen" || err != nil {
				t.Errorf("then %q, %v", next, err)
			}
			if tt.want == "" && strings.Contains(k.shown(), "MIIE") {
				t.Errorf("the screen shows the key: %q", k.shown())
			}
		})
	}
	term, k := plug(t) // where a secret is asked for, it is one answer too
	got, err := answered(t.Context(), term.AskSecret, k, "Secret: ", func() { k.types("-----BEGIN PRIVATE KEY-----\r" + body + "-----END PRIVATE KEY-----\r") })
	if err != nil || !terminal.IsPEM(got.Reveal()) || strings.Count(got.Reveal(), "\n") != 27 {
		t.Errorf("%.200q, %v", got.Reveal(), err)
	}
	for keys, want := range map[string]error{"\x04": terminal.ErrNoAnswer, "-----BEGIN X\r\x04": terminal.ErrNoAnswer} {
		term, k := plug(t)
		if _, err := answered(t.Context(), term.AskKey, k, "Key: ", func() { k.types(keys) }); !errors.Is(err, want) {
			t.Errorf("%q: %v", keys, err)
		}
	}
	term, k = plug(t)
	if _, err := answered(t.Context(), term.AskKey, k, "Key: ", func() { k.types("-----BEGIN X\rMIIE\x03") }); exit.CodeOf(err) != exit.Interrupted {
		t.Errorf("Ctrl-C: %v", err)
	}
}
