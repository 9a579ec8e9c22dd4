package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// AskSecret is [Term.Ask] for what must not be seen: what is typed does not
// appear, from the moment that the question does. It needs a terminal at stdin:
// see [Term.Interactive]. However it ends, the terminal shows again what is
// typed after it. Ctrl-C comes as a key there: its error has exit code 130.
func (t *Term) AskSecret(ctx context.Context, question string) (api.Secret, error) {
	t.asking.Lock()
	defer t.asking.Unlock()
	if t.interrupted == nil {
		t.interrupted = context.Cause(ctx)
	}
	if t.interrupted != nil {
		return api.Secret{}, t.interrupted
	}
	file, ok := t.In.(*os.File)
	if !ok || !t.InTTY {
		return api.Secret{}, noAnswer()
	}
	if t.answers != nil && t.answers.Buffered() > 0 { // was typed ahead
		text, err := readLine(t.answers)
		return api.NewSecret(strings.TrimRight(text, "\r\n")), err
	}
	text, err := t.awaitHidden(ctx, file, output.Clean(question))
	switch {
	case err != nil:
		_, _ = io.WriteString(t.Talk(), "\n")
		return api.Secret{}, err
	case len(text) > maxAnswer:
		return api.Secret{}, unreadable("is longer than 4 KiB")
	}
	return api.NewSecret(text), nil
}

func noAnswer() error { return &exit.Error{Exit: exit.Refused, ID: "NO_ANSWER", Err: ErrNoAnswer} }

// awaitHidden is awaitLine without an echo. The terminal is silent before the
// question is written: somebody may type at once. It needs t.asking.
func (t *Term) awaitHidden(ctx context.Context, file *os.File, question string) (string, error) {
	fd := int(file.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", fmt.Errorf("asking: %w", err)
	}
	defer func() { _ = term.Restore(fd, before) }()
	type line struct {
		text string
		err  error
	}
	came := make(chan line, 1)
	typed := &keys{file: file}
	go func() {
		text, err := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{typed, t.Talk()}, "").ReadPassword(question)
		if typed.interrupt {
			err = &exit.Error{Exit: exit.Interrupted, ID: "INTERRUPTED", Message: "interrupted"}
		}
		came <- line{text, err}
	}()
	var got line
	select {
	case got = <-came:
	case <-ctx.Done(): // the read is left behind
	}
	if t.interrupted = context.Cause(ctx); t.interrupted != nil {
		return "", t.interrupted
	}
	switch {
	case exit.As(got.err) != nil:
		t.interrupted = got.err
		return "", got.err
	case errors.Is(got.err, io.EOF):
		return "", noAnswer()
	case got.err != nil:
		return "", fmt.Errorf("reading the answer: %w", got.err)
	}
	return got.text, nil
}

// keys are what is typed, key by key, so that nothing behind the line's end
// is taken. It tells Ctrl-C, which the reader of a line takes for an end.
type keys struct {
	file      *os.File
	interrupt bool
}

func (k *keys) Read(p []byte) (int, error) {
	n, err := k.file.Read(p[:min(len(p), 1)])
	k.interrupt = k.interrupt || slices.Contains(p[:n], 3)
	return n, err
}
