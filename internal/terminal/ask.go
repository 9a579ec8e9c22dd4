package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/output"
)

// ErrNoAnswer says that the input ended (Ctrl-D) before a line did. Half a line
// is no answer.
var ErrNoAnswer = errors.New("no answer was given")

// maxAnswer bounds an answer in bytes, its line end included.
const maxAnswer = 4 << 10

// Ask writes a question to stderr, each of its lines cleaned and nothing after
// it, and returns the next line of stdin without the blanks around it. Whether
// anybody is there to answer is the caller's to know: see [Term.Interactive].
// Nothing else may read In once a question was asked.
//
// Errors: [ErrNoAnswer] at the end of the input, which a closed terminal is too,
// and one for an answer that is longer than 4 KiB or not UTF-8, all with exit
// code 5, since nothing is done without an answer; context.Cause(ctx) as soon as
// ctx ends. The line that was waited for then answers nothing: every later
// question gets the same error.
func (t *Term) Ask(ctx context.Context, question string) (string, error) {
	return t.ask(ctx, question, false)
}

// AskAfresh is [Term.Ask] for a question whose answer lets something happen:
// what was typed or pasted before the question is thrown away, since it can't
// be an answer to it. Another error is that of a terminal that doesn't do so;
// the question is then not asked.
func (t *Term) AskAfresh(ctx context.Context, question string) (string, error) {
	return t.ask(ctx, question, true)
}

func (t *Term) ask(ctx context.Context, question string, afresh bool) (string, error) {
	t.asking.Lock()
	defer t.asking.Unlock()
	if t.interrupted == nil {
		t.interrupted = context.Cause(ctx)
	}
	if t.interrupted != nil {
		return "", t.interrupted
	}
	if t.answers == nil {
		t.answers = bufio.NewReaderSize(t.In, maxAnswer)
	}
	if afresh {
		// Before the question is shown: what is typed at the sight of it counts.
		if err := t.forget(); err != nil {
			return "", askError("throwing away what was typed before", err)
		}
	}
	lines := strings.Split(question, "\n")
	for i := range lines {
		lines[i] = output.Clean(lines[i])
	}
	if _, err := io.WriteString(t.Talk(), strings.Join(lines, "\n")); err != nil {
		return "", askError("asking", err) // a question that can't be seen has no answer
	}
	text, err := t.awaitLine(ctx)
	switch {
	case err != nil:
		// Nobody pressed Enter: what follows begins on a line of its own.
		_, _ = io.WriteString(t.Talk(), "\n")
		return "", err
	case !strings.HasSuffix(text, "\n"):
		return "", unreadable("is longer than 4 KiB")
	case !utf8.ValidString(text):
		return "", unreadable("is not UTF-8")
	}
	return strings.TrimSpace(text), nil
}

// Confirm asks a question that is answered with y or yes, in any letter case;
// anything else is no. It asks as [Term.AskAfresh] does.
func (t *Term) Confirm(ctx context.Context, question string) (bool, error) {
	answer, err := t.AskAfresh(ctx, question+" [y/N] ")
	return strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes"), err
}

// forget throws away the input that came until now. It needs t.asking.
func (t *Term) forget() error {
	if t.answers != nil {
		if _, err := t.answers.Discard(t.answers.Buffered()); err != nil {
			return err
		}
	}
	if file, ok := t.In.(*os.File); ok && t.InTTY {
		return flush(file.Fd())
	}
	return nil
}

// awaitLine reads a line, or gives up when ctx ends: a read from a terminal
// can't be broken off, so it is left behind, and t.interrupted makes sure that
// nobody reads beside it. It needs t.asking.
func (t *Term) awaitLine(ctx context.Context) (string, error) {
	type line struct {
		text string
		err  error
	}
	came := make(chan line, 1)
	go func() {
		text, err := readLine(t.answers)
		came <- line{text, err}
	}()
	var got line
	select {
	case got = <-came:
	case <-ctx.Done():
	}
	// An answer that came together with Ctrl-C doesn't count.
	if t.interrupted = context.Cause(ctx); t.interrupted != nil {
		return "", t.interrupted
	}
	return got.text, got.err
}

// readLine returns the next line with its end. Of a line that r has no room for
// it returns the beginning, and drops the rest: it answers no later question.
func readLine(r *bufio.Reader) (string, error) {
	slice, err := r.ReadSlice('\n')
	text := string(slice)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = r.ReadSlice('\n')
	}
	if err != nil {
		return "", askError("reading the answer", err)
	}
	return text, nil
}

// askError makes one of the end of the input and of a terminal that was closed,
// which Unix reports as EIO: there is nobody to answer.
func askError(doing string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO) {
		return &exit.Error{Exit: exit.Refused, ID: "NO_ANSWER", Err: ErrNoAnswer}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func unreadable(why string) error {
	return exit.Refusedf("BAD_ANSWER", "", "the answer %s", why)
}
