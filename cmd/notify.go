package cmd

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// notifyOptions are the flags of notify.
type notifyOptions struct {
	selectionFlags
	bot      botOptions
	all      bool
	cooldown cooldown
	skipBad  bool
	dryRun   bool
}

func newNotify(app *App) *cobra.Command {
	o := &notifyOptions{cooldown: cooldown{duration(24 * time.Hour)}}
	c := &cobra.Command{
		Use:   "notify [DEVICE... | -]",
		Short: "Ask the members who use devices to update the app",
		Long: `Sends an update notice to the members who use the selected devices: those named,
those that the filters select, those of a file (--from), or all (--all). A
DEVICE is a device id; - reads ids from standard input.

Each device is notified at most once: also when a run breaks, is resumed, or two
run at the same moment. Whom this tenant has notified within --cooldown is
skipped. The run is a job: "worksctl jobs" shows, resumes and verifies it.

With --via bot, a bot sends each member one message about all of their devices,
by an endpoint that NAVER WORKS publishes. It needs no device API: --from FILE
takes the devices as they stand in an export or the console's download.`,
		Example: `  # Whom would it reach?
  worksctl notify --profile sandbox --outdated --dry-run

  # Everybody on an app older than 4.2, from a script
  worksctl notify --profile sandbox --app-version-max 4.1.99 --yes

  # The devices of a list
  worksctl devices list --profile sandbox --outdated --columns device_id -o csv > ids.csv
  worksctl notify --profile sandbox --from ids.csv --yes

  # A message of a bot, from the data of a file
  worksctl devices export --profile sandbox --outdated --limit 20 --out old.csv
  worksctl notify --profile sandbox --via bot --bot-id 2000001 --from old.csv --link https://update.example.com --yes`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			return app.notify(c, o, args)
		},
	}
	o.add(c)
	o.bot.add(c)
	f := c.Flags()
	f.Lookup("from").Usage = "notify the devices of this file: their ids count, the rest is read\nanew, but with --via bot; - is standard input"
	f.BoolVar(&o.all, "all", false, "notify every device")
	f.Var(&o.cooldown, "cooldown", "skip devices that were notified within this time; 0 skips none")
	f.BoolVar(&o.skipBad, "skip-bad-rows", false, "leave bad rows of --from out instead of refusing the file")
	addDryRun(c, &o.dryRun)
	fixedValues(c, "cooldown", "24h", "7d", "30d")
	return c
}

func (app *App) notify(c *cobra.Command, o *notifyOptions, args []string) error {
	ctx := c.Context()
	if len(args) == 1 && args[0] == stdinName && o.from == "" {
		args, o.from = nil, stdinName
	}
	if err := o.bot.check(c); err != nil {
		return err
	}
	sel, err := o.parseActing(app, c, args)
	if err != nil {
		return err
	}
	a, err := app.startActing(c, o.dryRun)
	if err != nil {
		return err
	}
	if o.bot.on() {
		return a.notifyByBot(c, o, sel, args)
	}
	j := a.newNotice(c, o)
	draft, err := a.jobs.Draft(ctx, j)
	if err != nil {
		return err
	}
	defer draft.Discard()
	s := &noticeSummary{}
	if err := a.planNotices(ctx, sel, o, args, draft, s); err != nil {
		return a.byBot(c, err)
	}
	if err := o.tellNone(app, s); err != nil {
		return err
	}
	return a.carryOut(ctx, plan{
		draft: draft,
		show:  func() { a.showNotices(s) },
		ask:   func(ctx context.Context) error { return a.confirm(ctx, "Send them?") },
	})
}

func (a *acting) newNotice(c *cobra.Command, o *notifyOptions) journal.Job {
	j := a.newJob(fleet.Notify)
	j.Query = givenFlags(c)
	j.Cooldown = time.Duration(o.cooldown.duration).String()
	j.Outdated, j.Latest = o.filter.Outdated, o.filter.Latest
	return j
}

// tellNone says why nothing is left to send.
func (o *notifyOptions) tellNone(app *App, s *noticeSummary) error {
	switch {
	case s.total == 0:
		if err := o.empty(); err != nil {
			return err
		}
		app.Term.Infof("no device matches")
	case s.planned == 0 && s.recent > 0:
		app.Term.Infof("%s: --cooldown 0 notifies them again", s.recentText())
	}
	return nil
}

// parseActing checks which devices are meant. What selects nothing must not
// mean everything.
func (o *notifyOptions) parseActing(app *App, c *cobra.Command, args []string) (selection, error) {
	if slices.Contains(args, stdinName) {
		return selection{}, exit.Usagef("STDIN_BESIDE", "name either devices or -", "- can't stand beside other devices or --from")
	}
	if len(args) > 0 {
		for _, flag := range []string{"from", "sort", "limit"} {
			if c.Flags().Changed(flag) {
				return selection{}, exit.Usagef("CONTRADICTING_FLAGS", "leave one of the two out", "--%s means nothing beside a DEVICE", flag)
			}
		}
	}
	if o.skipBad && o.from == "" {
		return selection{}, exit.Usagef("CONTRADICTING_FLAGS", "add --from FILE", "--skip-bad-rows means nothing without --from")
	}
	sel, err := o.parse(app, c)
	if err != nil {
		return sel, err
	}
	named := len(args) > 0 || o.from != ""
	switch selects := sel.filter.Selects(); {
	case o.all && (named || selects):
		return sel, exit.Usagef("CONTRADICTING_FLAGS", "leave --all out", "--all means every device, but something else selects too")
	case !o.all && !named && !selects:
		hint := "name devices, add a filter, or --all for every device"
		if o.bot.on() { // works without a device API, too
			hint = "add --from FILE; where the server has a device API, " + hint
		}
		return sel, exit.Usagef("NOTHING_SELECTED", hint, "nothing says which devices are to be notified")
	}
	return sel, nil
}

// planNotices adds the devices to the draft.
func (a *acting) planNotices(ctx context.Context, sel selection, o *notifyOptions, args []string, draft journal.Draft, s *noticeSummary) error {
	p := &noticePlan{acting: a, draft: draft, summary: s, cooldown: time.Duration(o.cooldown.duration)}
	s.cooldown = o.cooldown.String()
	if !o.filter.Outdated && a.asks() {
		p.latest = a.latestVersions(ctx)
	}
	n := counts{progress: a.app.Term.StartProgress("devices read", 0, a.app.Now)}
	defer n.progress.Stop()
	if len(args) == 0 && o.from == "" {
		if err := a.addSelected(ctx, sel, &n, p); err != nil {
			return err
		}
		return p.flush(ctx)
	}
	targets := a.named(ctx, args)
	if o.from != "" {
		if o.from == stdinName && a.app.Term.InTTY {
			a.app.Term.Infof("reading device ids from the terminal, one a line; end with Ctrl-D")
		}
		ids, places, err := a.fileIDs(ctx, o.from, sel.file, o.skipBad)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			a.app.Term.Warnf("%s named no device", inputName(o.from))
		}
		targets = a.read(ctx, ids, places)
	}
	if err := a.addNamed(ctx, targets, sel, o, p); err != nil {
		return err
	}
	return p.flush(ctx)
}

func inputName(from string) string {
	if from == stdinName {
		return "standard input"
	}
	return from
}

// notices is a list of notices that is being put together.
type notices interface {
	// add plans a device by what is to become of it, which its verdict tells if o
	// is empty.
	add(ctx context.Context, d *api.Device, o journal.Outcome) error
}

// addSelected adds the devices that the filters select.
func (a *acting) addSelected(ctx context.Context, sel selection, n *counts, p notices) error {
	rows, err := a.app.devices(ctx, sel, n)
	if err != nil {
		return err
	}
	for d, err := range rows {
		if err != nil {
			if n.rows.Selected == 0 {
				return unfinished(ctx, err, "")
			}
			return unfinished(ctx, err, "nothing was sent: the list broke after "+countOf(n.rows.Selected))
		}
		if err := p.add(ctx, &d, journal.Outcome{}); err != nil {
			return err
		}
	}
	a.app.tell(n)
	if n.rows.Selected == 0 {
		a.app.tellWrongDomain(ctx, sel, n)
	}
	return nil
}

// planned is the first outcome of an item by its verdict.
func planned(v fleet.Verdict) journal.Outcome {
	switch v.Outcome {
	case fleet.Possible:
		return journal.Outcome{Status: journal.Planned}
	case fleet.Pointless:
		return journal.Outcome{Status: journal.Skipped, Code: v.Code, Detail: v.Reason}
	}
	return journal.Outcome{Status: journal.Refused, Code: v.Code, Detail: v.Reason}
}

// givenFlags are the flags of this command as given, for the record.
func givenFlags(c *cobra.Command) map[string]string {
	given := map[string]string{}
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			given[f.Name] = f.Value.String()
		}
	})
	return given
}
