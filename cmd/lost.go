package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
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
		Long: `Finds a member by a part of the name or e-mail and shows what can be done, the
least harm first: sign the member out everywhere, suspend the member, and for
each device delete the app's data or reset it. It asks for a ticket number and,
for a device, for its word, acts, offers the next step, and prints a text for
the ticket. Where something can't be done, it says why, and what helps instead.

On a server without device API it finds the member in the directory, and says
what only the admin console can do. With --from the member's devices come from
a file; nothing can then be done to them from here either.

Off a terminal, with --no-input, --dry-run or -o, it prints the plan as JSON and
does nothing: the devices, and for each step the command to type. With --from
that needs no server and no profile.`,
		Example: `  # What can be done about this member's devices?
  worksctl lost 백정숙 --profile sandbox --dry-run

  # The commands to type, least harm first
  worksctl lost jungsook.baek345@example.com --profile sandbox -o json --jq '(.steps, .devices[].steps)[].command'`,
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
	if l.noDeviceAPI {
		l.sayWrapped(0, "This server has no device API (NAVER WORKS publishes none): devices can't be listed, wiped or reset from here.")
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

	known   []api.Device // of a file, instead of the API
	console bool         // the file is the console's download
	logins  string       // what its --map takes where it names members by logins without their domain

	noDeviceAPI bool
	account     *api.Member // nil where it can't be read
	noAccount   string      // why not

	done    []fleet.Action // to the account
	tickets []string       // texts of what was done or tried
	failed  error          // of steps after which the guide went on
}

// offersDevices reports whether something may be done to devices from here.
func (l *lostCase) offersDevices() bool { return !l.noDeviceAPI && l.options.from == "" }

// guide leads a person from the member to the steps, and does them.
func (l *lostCase) guide(ctx context.Context, members []lostMember) error {
	var capped *exit.Error
	if l.offersDevices() {
		if err := l.checkCap(ctx); exit.As(err) == nil && err != nil {
			return err
		} else if capped = exit.As(err); capped != nil {
			l.app.Term.Warnf("no device can be wiped or reset: %v; %s", capped, capped.Hint)
		}
	}
	m, err := l.chooseMember(ctx, members)
	if err != nil {
		return err
	}
	devices, err := l.devices(ctx, m)
	if err != nil {
		return err
	}
	if capped != nil {
		forbid(devices, capped)
	}
	if err := l.readAccount(ctx, m); err != nil {
		return err
	}
	return l.finish(m, devices, l.steps(ctx, m, devices))
}

// steps does one step after the other, until one was done to a device, nothing
// is left, or the person stops.
func (l *lostCase) steps(ctx context.Context, m lostMember, devices []lostDevice) error {
	if !l.left(devices) {
		l.head(m, devices)
		if l.account != nil { // else the head has said why
			l.say("Nothing can be done to the member: %s", l.missingSteps(m))
		}
		l.listDevices(devices, 0)
		return exit.Refusedf("NOTHING_POSSIBLE", "", "nothing can be done now: nothing was sent")
	}
	for l.left(devices) {
		action, d, err := l.chooseNext(ctx, m, devices)
		if err != nil {
			return err
		}
		if d != nil {
			if action, err = l.chooseStep(ctx, d); err != nil {
				return err
			}
		}
		if err := l.askTicket(ctx); err != nil {
			return err
		}
		if d != nil {
			return l.toDevice(ctx, action, d)
		}
		if err := l.toAccount(ctx, action); err != nil {
			return err
		}
	}
	return nil
}

// left reports whether there is a step that can be done.
func (l *lostCase) left(devices []lostDevice) bool {
	return slices.ContainsFunc(l.accountSteps(), func(s accountStep) bool { return s.not == "" }) || anyStep(devices)
}

func anyStep(devices []lostDevice) bool {
	return slices.ContainsFunc(devices, func(d lostDevice) bool { return len(d.steps()) > 0 })
}

func (l *lostCase) toDevice(ctx context.Context, action fleet.Action, d *lostDevice) error {
	if !l.options.wait {
		question := fmt.Sprintf("Wait up to %s until the device has carried it out?", &l.options.waitTimeout)
		var err error
		if l.options.wait, err = l.app.Term.Confirm(ctx, question); errors.Is(err, terminal.ErrNoAnswer) {
			return declined("no answer")
		} else if err != nil {
			return unsent(ctx, err)
		}
	}
	err := l.act(ctx, action, d.device.DeviceID)
	if err == nil {
		l.done = append(l.done, action)
	}
	return err
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
			return exit.Failedf("NOT_FOUND", "worksctl lost "+fleet.Argument(l.text), "device %q is no longer listed: nothing was sent", id)
		}
		targets = append(targets, commandTarget{namedDevice: n})
	}
	l.report = l.keepTicket
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
