package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// lostOptions are the flags of lost.
type lostOptions struct {
	ticket      string
	from        string
	file        fileFlags
	wait        bool
	waitTimeout duration
	dryRun      bool
}

func newLost(app *App) *cobra.Command {
	o := &lostOptions{}
	c := &cobra.Command{
		Use:   "lost MEMBER",
		Short: "Go through what can be done about a member's lost device",
		Long: `Finds a member by a part of the name or e-mail, shows their devices, newest
first, with what can be done to each, offers the least harm first, asks for a
ticket number and for the word of the device, acts, and prints a text for the
ticket. Where nothing can be done, the text says why, and what helps instead.

Off a terminal, with --no-input, --dry-run or -o, it prints the plan as JSON and
does nothing: the devices, and for each step the command to type. With --from it
reads the member's devices from a file, asks no server and does nothing either.`,
		Example: `  # What can be done about this member's devices?
  worksctl lost 백정숙 --profile sandbox --dry-run

  # The commands to type, least harm first
  worksctl lost jungsook.baek345@example.com --profile sandbox -o json --jq '.devices[].steps[].command'`,
		Args:              func(c *cobra.Command, args []string) error { return oneArg("MEMBER")(c, oneName(args)) },
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, args []string) error { return app.lost(c, o, oneName(args)[0]) },
	}
	c.Flags().StringVar(&o.ticket, "ticket", "", "number of the ticket, for the record")
	c.Flags().StringVar(&o.from, "from", "", "look in this file instead of the API: an own export or\nthe console's download; - is standard input")
	o.file.add(c)
	fileName(c, "from")
	addWait(c, &o.wait, &o.waitTimeout)
	addDryRun(c, &o.dryRun)
	freeText(c, "ticket")
	return c
}

// oneName takes several words for the name that they are without quotes.
func oneName(args []string) []string {
	if len(args) < 2 {
		return args
	}
	return []string{strings.Join(args, " ")}
}

func (app *App) lost(c *cobra.Command, o *lostOptions, text string) error {
	if err := o.check(c); err != nil {
		return err
	}
	if o.from != "" {
		return app.lostFromFile(c, o, text)
	}
	if _, err := o.file.options(app, c, o.from, ""); err != nil {
		return err
	}
	f := &app.flags
	plan := o.dryRun || f.output != "" || !app.Term.Interactive()
	if !plan && f.yes {
		return exit.Usagef("FLAG_NOT_HERE", "leave --yes out, or use worksctl wipe", "lost asks before it acts, whatever --yes says")
	}
	a, err := app.startActing(c, plan)
	if err != nil {
		return err
	}
	if plan {
		if a.format, err = planFormat(a.format, f.output != ""); err != nil {
			return err
		}
	}
	l := &lostCase{acting: a, options: o, text: text}
	members, err := l.members(c.Context())
	if err != nil {
		return err
	}
	if plan {
		return l.printPlan(c.Context(), members)
	}
	return l.guide(c.Context(), members)
}

func (o *lostOptions) check(c *cobra.Command) error {
	if err := refuseFlags(c, "columns", "no-headers"); err != nil {
		return err
	}
	if c.Flags().Changed("ticket") && blank(o.ticket) {
		return exit.Usagef("EMPTY_TICKET", "leave --ticket out to be asked for it", "--ticket is empty")
	}
	return checkText("ticket", o.ticket) // --wait-timeout needs no --wait: lost asks about waiting
}

// planFormat is the form of a plan: JSON, unless another that can show it was
// asked for. A default for listings doesn't count.
func planFormat(format output.Format, asked bool) (output.Format, error) {
	switch {
	case format == output.JSON, format == output.NDJSON, format == output.YAML:
		return format, nil
	case asked:
		return format, exit.Usagef("BAD_FORMAT", "-o json", "the plan of lost is printed as json or yaml, not as %s", format)
	}
	return output.JSON, nil
}

// lostCase is what the helpdesk has before it.
type lostCase struct {
	*acting
	options *lostOptions
	text    string // MEMBER

	known []api.Device // of a file, instead of the API
}

// guide leads a person from the member to the step, and does it.
func (l *lostCase) guide(ctx context.Context, members []lostMember) error {
	if err := l.checkCap(ctx); err != nil {
		return err
	}
	m, err := l.chooseMember(ctx, members)
	if err != nil {
		return err
	}
	devices, err := l.devices(ctx, m)
	if err != nil {
		return err
	}
	d, err := l.chooseDevice(ctx, m, devices)
	if err != nil {
		return err
	}
	action, err := l.chooseStep(ctx, d)
	if err != nil {
		return err
	}
	if err := l.askTicket(ctx); err != nil {
		return err
	}
	if !l.options.wait {
		question := fmt.Sprintf("Wait up to %s until the device has carried it out?", &l.options.waitTimeout)
		if l.options.wait, err = l.app.Term.Confirm(ctx, question); errors.Is(err, terminal.ErrNoAnswer) {
			return declined("no answer")
		} else if err != nil {
			return unsent(ctx, err)
		}
	}
	return l.act(ctx, action, d.device.DeviceID)
}

// act does what wipe and reset do: the device is read and judged anew, and its
// word is asked for.
func (l *lostCase) act(ctx context.Context, action fleet.Action, id string) error {
	o := &commandOptions{
		action: action, reason: lostReason(l.options.ticket), max: 1,
		wait: l.options.wait, waitTimeout: l.options.waitTimeout,
	}
	var targets []commandTarget
	for n, err := range l.read(ctx, []string{id}, nil) {
		switch {
		case err != nil:
			return err
		case n.device == nil:
			return exit.Failedf("NOT_FOUND", "worksctl lost "+fleet.ShellQuote(l.text), "device %q is no longer listed: nothing was sent", id)
		}
		targets = append(targets, commandTarget{namedDevice: n})
	}
	l.report = func(ctx context.Context, rec journal.Record) error { return l.printTicket(ctx, rec) }
	return l.carryOutCommand(ctx, o, targets)
}

// checkCap tells before the first question that the hour's allowance of wipes
// and resets is used up.
func (l *lostCase) checkCap(ctx context.Context) error {
	release, err := l.jobs.Exclusive(ctx)
	if err != nil {
		return err
	}
	defer release()
	const nobody = "lost" // no job has this id
	wipes, tenant := l.records.Wipes(), wipesTenant(l.tenant)
	err = wipes.Reserve(ctx, tenant, nobody, 1, l.app.fleetNow(), l.settings.MaxWipesPerHour)
	if over, ok := errors.AsType[*ledger.CapError](err); ok {
		return l.overCap(over)
	}
	if err != nil {
		return err
	}
	return wipes.Release(ctx, tenant, nobody, 1)
}

func (l *lostCase) askTicket(ctx context.Context) error {
	if l.options.ticket != "" {
		return nil
	}
	ticket, err := l.required(ctx, "Ticket number: ", "a ticket number is needed")
	if err != nil {
		return err
	}
	if e := checkText("ticket", ticket); e != nil {
		return declined(e.Error())
	}
	l.options.ticket = ticket
	return nil
}

func lostReason(ticket string) string { return fmt.Sprintf("lost, ticket %s", ticket) }
