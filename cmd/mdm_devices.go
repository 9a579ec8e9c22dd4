package cmd

import (
	"context"
	"math"
	"slices"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// switchDevices enables or disables MDM on devices that arguments or a file
// name. One that is impossible or not there refuses the whole run.
func (a *acting) switchDevices(ctx context.Context, j journal.Job, from string, args []string) error {
	targets, err := a.targets(ctx, &commandOptions{from: from, max: math.MaxInt}, distinct(args))
	if err != nil {
		return err
	}
	judge := a.judging()
	for i := range targets {
		t := &targets[i]
		if t.refused() {
			continue
		}
		v, err := judge(ctx, j.Action, t.device)
		if err != nil {
			return err
		}
		t.outcome, t.remedy = planned(v), v.Remedy
	}
	if slices.ContainsFunc(targets, commandTarget.refused) {
		return a.refuse(ctx, j.Action, targets)
	}
	draft, err := a.jobs.Draft(ctx, j)
	if err != nil {
		return err
	}
	defer draft.Discard()
	var chosen []api.Device
	for i := range targets {
		t := &targets[i]
		if err := draft.Add(t.device, t.outcome); err != nil {
			return err
		}
		if t.outcome.Status == journal.Planned {
			chosen = append(chosen, *t.device)
		}
	}
	lost, err := a.lostCommands(ctx, j.Action, chosen)
	if err != nil {
		return err
	}
	return a.carryOut(ctx, plan{
		draft: draft,
		show:  func() { a.showDevices(j.Action, chosen, lost) },
		ask: func(ctx context.Context) error {
			if j.Action == fleet.DisableMDM {
				return a.confirm(ctx, "End it?")
			}
			return a.confirm(ctx, "Ask them?")
		},
	})
}

// lostCommands are the wipes and resets that will never reach their devices
// when these are no longer managed.
func (a *acting) lostCommands(ctx context.Context, action fleet.Action, chosen []api.Device) ([]api.Command, error) {
	if action != fleet.DisableMDM || len(chosen) == 0 {
		return nil, nil
	}
	ids := map[string]bool{}
	for i := range chosen {
		ids[chosen[i].DeviceID] = true
	}
	var lost []api.Command
	for c, err := range a.client.Commands.All(ctx, api.CommandQuery{Status: api.CommandRequested, Count: fewCommands}, nil) {
		if err != nil {
			return nil, err
		}
		if c.Status == api.CommandRequested && ids[c.DeviceID] {
			lost = append(lost, c)
		}
	}
	return lost, nil
}

// showDevices shows what is about to happen; of that, those who aren't asked are
// warned of what will be lost.
func (a *acting) showDevices(action fleet.Action, chosen []api.Device, lost []api.Command) {
	const shown = 20
	const undelivered = "device %s: %s; it will not be delivered"
	if a.app.flags.yes || !a.app.Term.Interactive() {
		for i := range lost {
			a.app.Term.Warnf(undelivered, lost[i].DeviceID, a.app.pendingText(&lost[i]))
		}
		return
	}
	what := "Ask the members to register %s for remote management (%s)"
	if action == fleet.DisableMDM {
		what = "End remote management of %s, which can then no longer be wiped or reset (%s)"
	}
	a.say(what, countOf(len(chosen)), a.where())
	for i := range chosen[:min(shown, len(chosen))] {
		a.say("  %s, %s", fleet.Brief(&chosen[i]), chosen[i].DeviceID)
	}
	if more := len(chosen) - shown; more > 0 {
		a.say("  and %d more", more)
	}
	for i := range lost {
		a.say("  Mind: "+undelivered, lost[i].DeviceID, a.app.pendingText(&lost[i]))
	}
}
