package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// memberOptions are the flags of the commands that act on a member.
type memberOptions struct {
	reason string
	dryRun bool
}

// memberCommand completes a command that acts on a member.
func (app *App) memberCommand(c *cobra.Command, action fleet.Action) *cobra.Command {
	o := &memberOptions{}
	c.Args = oneArg("MEMBER")
	c.ValidArgsFunction = cobra.NoFileCompletions
	c.RunE = func(c *cobra.Command, args []string) error { return app.actOnMember(c, o, action, args[0]) }
	c.Flags().StringVar(&o.reason, "reason", "", "why, for the record of this job")
	freeText(c, "reason")
	addDryRun(c, &o.dryRun)
	return c
}

// memberAction is an action on a member that is ready to be asked about.
type memberAction struct {
	*acting
	action fleet.Action
	member *api.Member
	reason string
}

func (app *App) actOnMember(c *cobra.Command, o *memberOptions, action fleet.Action, name string) error {
	ctx := c.Context()
	a, err := app.startActing(c, o.dryRun)
	if err != nil {
		return err
	}
	m, err := app.findMember(ctx, name)
	if err != nil {
		return err
	}
	if err := a.notOfDomain(m); err != nil {
		return err
	}
	return a.actOnMember(ctx, action, m, o.reason, givenFlags(c))
}

// actOnMember judges what an action would do to a member, asks, and does it as a
// job. query is what the job remembers of the command line.
func (a *acting) actOnMember(ctx context.Context, action fleet.Action, m *api.Member, reason string, query map[string]string) error {
	outcome := job.JudgeMember(action, m)
	if outcome.Status == journal.Refused {
		return exit.Refusedf(outcome.Code, "worksctl members show "+fleet.Argument(m.UserID), "%s: %s: nothing was sent", memberText(memberUser(m)), outcome.Detail)
	}
	j := a.newJob(action)
	j.Reason, j.Query = reason, query
	draft, err := a.jobs.Draft(ctx, j)
	if err != nil {
		return err
	}
	defer draft.Discard()
	if err := draft.Add(job.MemberRow(m, memberName(m)), outcome); err != nil {
		return err
	}
	t := memberAction{acting: a, action: action, member: m, reason: reason}
	return t.advise(a.carryOut(ctx, plan{draft: draft, show: func() { t.show(outcome.Detail) }, ask: t.ask, keep: action != job.SignOut}))
}

// show tells a person whom it concerns and what it means; those who aren't
// asked are warned of what makes one look twice.
func (t *memberAction) show(impact string) {
	const administrator = "%s is an administrator"
	if t.app.flags.yes || !t.app.Term.Interactive() {
		if t.member.IsAdministrator {
			t.app.Term.Warnf(administrator, memberText(memberUser(t.member)))
		}
		return
	}
	t.say("%s (%s)", t.title(), t.where())
	t.app.showCard(memberFields(t.member))
	t.say("  impact: %s", impact)
	if t.reason != "" {
		t.say("  reason: %s", t.reason)
	}
	if t.member.IsAdministrator {
		t.say("  Mind: "+administrator, memberText(memberUser(t.member)))
	}
}

// flags are those with which the same is done again.
func (t *memberAction) flags() string {
	flags := t.profileFlag()
	if t.reason != "" {
		flags += " --reason " + fleet.ShellQuote(t.reason)
	}
	if !t.app.Term.Interactive() {
		flags += " --yes"
	}
	return flags
}

func (t *memberAction) title() string {
	switch t.action {
	case job.SignOut:
		return "Sign this member out everywhere"
	case job.Suspend:
		return "Suspend this member"
	}
	return "End the suspension of this member"
}

func (t *memberAction) ask(ctx context.Context) error {
	switch t.action {
	case job.SignOut:
		return t.confirm(ctx, "Sign them out?")
	case job.Suspend:
		return t.confirm(ctx, "Suspend them?")
	}
	return t.confirm(ctx, "End it?")
}

// advise names what settles an outcome that nobody knows: a sign-out may be
// repeated, a suspension shows in the member.
func (t *memberAction) advise(err error) error {
	e := exit.As(err)
	if e == nil || e.Exit != exit.Unknown {
		return err
	}
	advised := *e
	advised.Hint = "worksctl members show " + fleet.Argument(t.member.UserID) + " tells whether it was done"
	if t.action == job.SignOut {
		advised.Hint = "signing out again does no harm: " + stepCommand(t.action, t.member.UserID, t.flags())
	}
	return &advised
}
