package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/output"
)

// say writes one line to a person who is about to be asked: it is shown
// whatever -q says, since nobody may confirm what was not shown. Nothing in a
// text that it names stays unseen.
func (a *acting) say(format string, args ...any) {
	seen := slices.Clone(args)
	for i, arg := range seen {
		if text, ok := arg.(string); ok {
			seen[i] = output.Reveal(text)
		}
	}
	a.app.Term.Notef(format, seen...)
}

// where names profile, host and domain of what is about to happen.
func (a *acting) where() string {
	host := a.app.host()
	if a.settings.Sandbox {
		host = "embedded sandbox"
	}
	domain := "every domain"
	if a.settings.DomainID != 0 {
		domain = fmt.Sprintf("domain %d", a.settings.DomainID)
	}
	return fmt.Sprintf("profile %s, %s, %s", a.settings.Name, host, domain)
}

// confirm asks for yes.
func (a *acting) confirm(ctx context.Context, question string) error {
	yes, err := a.app.Term.Confirm(ctx, output.Reveal(question))
	switch {
	case errors.Is(err, terminal.ErrNoAnswer):
		return declined("no answer")
	case err != nil:
		return unsent(ctx, err)
	case !yes:
		return declined("declined")
	}
	return nil
}

// confirmWord asks for a word that belongs to what is about to happen, so that
// it can't be confirmed by habit, nor by what was typed before it was shown.
func (a *acting) confirmWord(ctx context.Context, question, word string) error {
	answer, err := a.app.Term.AskAfresh(ctx, output.Reveal(fmt.Sprintf("%s Type %s to go on: ", question, word)))
	switch {
	case errors.Is(err, terminal.ErrNoAnswer):
		return declined("no answer")
	case err != nil:
		return unsent(ctx, err)
	case strings.TrimSpace(answer) == "":
		return declined("declined")
	case !textmatch.Equal(answer, word):
		return declined(fmt.Sprintf("%q is not %s", answer, word))
	}
	return nil
}
