package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"golang.org/x/term"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// AskSecret is [Term.AskAfresh] for what must not be seen: what is typed does
// not appear, from the moment that the question does. It needs a terminal at
// stdin: see [Term.Interactive]. However it ends, the terminal shows again what
// is typed after it. Ctrl-C comes as a key there: its error has exit code 130.
func (t *Term) AskSecret(ctx context.Context, question string) (api.Secret, error) {
	return t.askKeys(ctx, maxAnswer, func(keyboard *term.Terminal, _ *screen) (string, error) {
		text, err := keyboard.ReadPassword(output.Clean(question))
		if err == nil && IsPEM(text) { // pasted by mistake: its lines answer nothing else
			return readPEM(keyboard, text)
		}
		return text, err
	})
}

// askKeys has read take an answer of at most limit bytes from the terminal, key
// by key. Whatever was typed before is thrown away.
func (t *Term) askKeys(ctx context.Context, limit int, read func(*term.Terminal, *screen) (string, error)) (api.Secret, error) {
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
	text, err := t.awaitKeys(ctx, file, read)
	switch {
	case err != nil:
		_, _ = io.WriteString(t.Talk(), "\n")
		return api.Secret{}, err
	case len(text) > limit:
		return api.Secret{}, unreadable(fmt.Sprintf("is longer than %d KiB", limit>>10))
	}
	return api.NewSecret(text), nil
}

func noAnswer() error { return &exit.Error{Exit: exit.Refused, ID: "NO_ANSWER", Err: ErrNoAnswer} }

// awaitKeys is awaitLine without the terminal's own echo. The terminal is silent
// before the question is written: somebody may type at once. It needs t.asking.
func (t *Term) awaitKeys(ctx context.Context, file *os.File, read func(*term.Terminal, *screen) (string, error)) (string, error) {
	fd := int(file.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", fmt.Errorf("asking: %w", err)
	}
	defer func() {
		_ = flush(file.Fd()) // the rest of a paste is no command for the shell
		_ = term.Restore(fd, before)
	}()
	if err := t.forget(); err != nil {
		return "", askError("throwing away what was typed before", err)
	}
	type line struct {
		text string
		err  error
	}
	came := make(chan line, 1)
	typed := &keys{file: file}
	shown := &screen{Writer: t.Talk()}
	go func() {
		keyboard := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{typed, shown}, "")
		text, err := read(keyboard, shown)
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
	case got.err != nil:
		return "", askError("reading the answer", got.err)
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

// screen shows the question and the keys, until it is dark.
type screen struct {
	io.Writer
	dark bool
}

func (s *screen) Write(p []byte) (int, error) {
	if s.dark {
		return len(p), nil
	}
	return s.Writer.Write(p)
}
