package cmd

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
)

func (app *App) command(c *cobra.Command, o *commandOptions, args []string) error {
	args = distinct(args)
	if err := o.check(app, c, args); err != nil {
		return err
	}
	a, err := app.startActing(c, o.dryRun)
	if err != nil {
		return err
	}
	targets, err := a.targets(c.Context(), o, args)
	if err != nil {
		return err
	}
	return a.carryOutCommand(c.Context(), o, targets)
}

// carryOutCommand refuses the whole run for one target that must not be acted
// on, else shows it, asks, and has it carried out.
func (a *acting) carryOutCommand(ctx context.Context, o *commandOptions, targets []commandTarget) error {
	if err := a.judgeTargets(ctx, o.action, targets); err != nil {
		return err
	}
	if slices.ContainsFunc(targets, commandTarget.refused) {
		return a.refuse(ctx, o.action, targets)
	}
	if err := a.lookAround(ctx, targets); err != nil {
		return err
	}
	run := &commandRun{acting: a, action: o.action, reason: o.reason, targets: targets}
	run.tellPending()
	if run.reason == "" && !o.dryRun && len(run.planned()) > 0 {
		if err := run.askReason(ctx); err != nil {
			return err
		}
	}
	j := a.newJob(o.action)
	j.Reason = run.reason
	if o.from != "" {
		j.Query = map[string]string{"from": o.from}
	}
	draft, err := a.jobs.Draft(ctx, j)
	if err != nil {
		return err
	}
	defer draft.Discard()
	for i := range targets {
		if err := draft.Add(targets[i].device, targets[i].outcome); err != nil {
			return err
		}
	}
	run.job = draft.Job().ID
	p := plan{draft: draft, show: run.tell, ask: run.ask, reserve: run.reserve}
	if o.wait {
		p.wait = time.Duration(o.waitTimeout)
	}
	err = a.carryOut(ctx, p)
	run.giveBack(context.WithoutCancel(ctx))
	return err
}

// commandRun is a wipe or reset that is ready to be asked about.
type commandRun struct {
	*acting
	action   fleet.Action
	reason   string
	targets  []commandTarget
	job      string
	reserved int // of the hourly allowance
}

// planned are the targets that something will be sent to.
func (r *commandRun) planned() []*commandTarget {
	var planned []*commandTarget
	for i := range r.targets {
		if r.targets[i].outcome.Status == journal.Planned {
			planned = append(planned, &r.targets[i])
		}
	}
	return planned
}

// tellPending shows the commands that stand in the way of another one.
func (r *commandRun) tellPending() {
	for i := range r.targets {
		t := &r.targets[i]
		if t.pending == nil {
			continue
		}
		instead := "worksctl devices show " + fleet.Argument(t.device.DeviceID)
		if t.asker != "" {
			instead = "to take it back: " + r.cancelCommand(t.asker)
		}
		r.app.Term.Warnf("%s: %s: nothing is sent to it; %s", t.text(), r.app.pendingText(t.pending), instead)
	}
}

func (r *commandRun) askReason(ctx context.Context) error {
	reason, err := r.required(ctx, "Reason, for the record: ", "a reason is needed")
	r.reason = reason
	return err
}
