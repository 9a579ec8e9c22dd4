package terminal

import (
	"context"
	"io"
	"strings"

	"golang.org/x/term"

	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// maxPaste bounds the text of a pasted key in bytes.
const maxPaste = 64 << 10

// AskKey is [Term.AskSecret] for the name of a file with a key. The name shows
// while it is typed, but where somebody pastes the key itself (PEM), it is taken
// up to its END line and does not appear: see [IsPEM].
func (t *Term) AskKey(ctx context.Context, question string) (api.Secret, error) {
	return t.askKeys(ctx, maxPaste, func(keyboard *term.Terminal, s *screen) (string, error) {
		if t.ErrWidth > 0 {
			_ = keyboard.SetSize(t.ErrWidth, 1)
		}
		keyboard.SetPrompt(output.Clean(question))
		keyboard.AutoCompleteCallback = func(line string, _ int, _ rune) (string, int, bool) {
			s.dark = s.dark || strings.HasPrefix(strings.TrimSpace(line), "-----")
			return "", 0, false
		}
		text, err := keyboard.ReadLine()
		if err != nil || !IsPEM(text) {
			if s.dark {
				_, _ = io.WriteString(s.Writer, "\r\n") // that of Enter
			}
			return strings.TrimSpace(text), err
		}
		_, _ = io.WriteString(s.Writer, "\r\n(a key: reading it unseen, up to its END line)\r\n")
		return readPEM(keyboard, text)
	})
}

// readPEM reads the rest of a text that was pasted, of which it has the first
// line.
func readPEM(keyboard *term.Terminal, text string) (string, error) {
	for line := text; len(text) <= maxPaste && !strings.Contains(line, "-----END"); text += "\n" + line {
		var err error
		if line, err = keyboard.ReadPassword(""); err != nil {
			return "", err
		}
	}
	return text + "\n", nil
}

// IsPEM reports whether an answer is a key rather than the name of its file.
func IsPEM(answer string) bool { return strings.HasPrefix(strings.TrimSpace(answer), "-----BEGIN") }
