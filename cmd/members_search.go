package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

type memberSearch struct {
	text      string
	limit     int
	count     bool
	failEmpty bool
}

func newMembersSearch(app *App) *cobra.Command {
	o := &memberSearch{}
	c := &cobra.Command{
		Use:   "search TEXT",
		Short: "Search members by name, nickname or e-mail",
		Long: `Searches members whose name, nickname, login e-mail or alias e-mail contains
TEXT, whatever the letter case and however accents and Hangul are composed. The
service has no search of its own: every member is read, 100 a request, until
there are as many as --limit.`,
		Example: `  worksctl members search seoyeon --profile sandbox

  # How many are there?
  worksctl members search @example.com --profile sandbox --count

  # Only what a script needs
  worksctl members search 최 --profile sandbox -o json --jq '.[].email'`,
		Args:              oneArg("TEXT"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			o.text = args[0]
			return app.searchMembers(c, o)
		},
	}
	c.Flags().IntVar(&o.limit, "limit", 0, "at most this many members (default all)")
	freeText(c, "limit")
	c.Flags().BoolVar(&o.count, "count", false, "print only how many members there are")
	c.Flags().BoolVar(&o.failEmpty, "fail-empty", false, "exit with 1 when there is no member")
	return c
}

func (app *App) searchMembers(c *cobra.Command, o *memberSearch) error {
	if c.Flags().Changed("limit") && o.limit < 1 {
		return exit.Usagef("BAD_LIMIT", "leave --limit out for every member", "--limit %d: must be 1 or more", o.limit)
	}
	if o.count {
		if err := refuseBeside(c, "count", "columns", "jq", "no-headers"); err != nil {
			return err
		}
	}
	format, err := app.outputFormat(false)
	if err != nil {
		return err
	}
	sink := output.Sink[*api.Member](output.NewCount[*api.Member](app.Term.Out))
	if !o.count {
		if sink, err = app.memberSink(c.Context(), format); err != nil {
			return err
		}
	}
	defer func() { _ = output.Abort(sink) }() // after Close it does nothing
	// These come out at the end or not at all.
	whole := o.count || app.flags.jq != "" && format == output.JSON
	found, err := app.copyMembers(c.Context(), o, sink, whole || forPeople(format))
	if err != nil {
		what := ""
		switch {
		case found > 0 && whole:
			what = "nothing is shown: the list broke after " + membersCounted(found)
		case found > 0:
			what = "the list is not complete: it broke after " + membersCounted(found)
		}
		return unfinished(c.Context(), err, what)
	}
	if err := sink.Close(); err != nil {
		return err
	}
	tellHidden(app, sink)
	if found > 0 {
		return nil
	}
	if o.failEmpty {
		return exit.Failedf("EMPTY", "try a shorter TEXT, or leave --fail-empty out", "no member matches")
	}
	app.Term.Infof("no member matches")
	return nil
}

// copyMembers reads the members of the profile's domain, until the limit is
// reached, and hands on those who match; late says that they are printed at the
// end.
func (app *App) copyMembers(ctx context.Context, o *memberSearch, sink output.Sink[*api.Member], late bool) (found int, err error) {
	settings, err := app.Settings()
	if err != nil {
		return 0, err
	}
	client, err := app.Client()
	if err != nil {
		return 0, err
	}
	var progress *terminal.Progress
	if late || !app.Term.OutTTY { // else rows stream to the same terminal
		progress = app.Term.StartProgress("members read", 0, app.Now)
	}
	defer progress.Stop()
	for m, err := range client.Users.All(ctx, api.UserQuery{DomainID: settings.DomainID, Want: o.limit}, nil) {
		if err != nil {
			return found, noRight(err)
		}
		progress.Add(1)
		if !matchesText(&m, o.text) {
			continue
		}
		found++
		if err := sink.Write(&m); err != nil || found == o.limit {
			return found, err
		}
	}
	return found, nil
}

// matchesText reports whether a name, in either order, the nickname or an e-mail
// contains text.
func matchesText(m *api.Member, text string) bool {
	n := &m.UserName
	texts := []string{
		n.LastName + n.FirstName, n.LastName + " " + n.FirstName, n.FirstName + " " + n.LastName,
		string(n.PhoneticLastName + n.PhoneticFirstName), string(n.PhoneticLastName + " " + n.PhoneticFirstName),
		string(n.PhoneticFirstName + " " + n.PhoneticLastName), string(m.NickName), m.Email,
	}
	text = strings.TrimSpace(text)
	for _, t := range append(texts, m.AliasEmails...) {
		if textmatch.Contains(t, text) {
			return true
		}
	}
	return false
}

func (app *App) memberSink(ctx context.Context, format output.Format) (output.Sink[*api.Member], error) {
	all, shown := memberColumns(), memberTable()
	if format != output.Table {
		shown = all
	}
	return newSink(ctx, app, format, all, shown, encodeMember)
}

func membersCounted(n int) string {
	if n == 1 {
		return "1 member"
	}
	return fmt.Sprintf("%d members", n)
}
