package cmd

import (
	"context"
	"fmt"
	"iter"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// refuse names every target that keeps the run from being sent: as results on
// stdout, or to a person as cards.
func (a *acting) refuse(ctx context.Context, action fleet.Action, targets []commandTarget) error {
	var refused []*commandTarget
	for i := range targets {
		if targets[i].refused() {
			refused = append(refused, &targets[i])
		}
	}
	if a.format == output.Table && a.app.Term.Interactive() {
		for _, t := range refused {
			a.showRefused(t)
		}
	} else if err := a.app.printResults(ctx, a.format, jobResults{
		job: a.newJob(action), draft: true,
		counts: journal.Counts{journal.Refused: len(refused)}, items: refusedItems(refused),
	}); err != nil {
		return err
	}
	if first := refused[0]; len(targets) == 1 {
		return exit.Refusedf(first.outcome.Code, first.remedy, "%s can't be %s: %s", first.text(), pastOf(action), first.outcome.Detail)
	}
	return exit.Refusedf("TARGETS_REFUSED", "leave them out, or see what each of them needs",
		"%d of %s can't be %s: nothing was sent", len(refused), countOf(len(targets)), pastOf(action))
}

func refusedItems(refused []*commandTarget) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		for i, t := range refused {
			it := journal.Item{Index: i, Device: api.Device{DeviceID: t.name}, Outcome: t.outcome}
			if t.device != nil {
				it.Device = *t.device
			}
			if t.remedy != "" {
				it.Detail = fmt.Sprintf("%s (%s)", it.Detail, t.remedy)
			}
			if !yield(it, nil) {
				return
			}
		}
	}
}

// showRefused is the card of a target with the reason and the remedy below.
func (a *acting) showRefused(t *commandTarget) {
	fields := []fleet.Field{{Label: "Device", Value: t.name}}
	if t.device != nil {
		fields = fleet.Card(t.device, a.app.talkView())
	}
	fields = append(fields, fleet.Field{Label: "Refused", Value: t.outcome.Detail})
	if t.remedy != "" {
		fields = append(fields, fleet.Field{Label: "Instead", Value: t.remedy})
	}
	a.app.showCard(fields)
}

// talkView is how times are shown in talk, wherever stdout goes.
func (app *App) talkView() fleet.View { return fleet.View{Location: app.Location, Now: app.fleetNow()} }

func pastOf(action fleet.Action) string {
	switch action {
	case fleet.Wipe:
		return "wiped"
	case fleet.EnableMDM:
		return "asked to register"
	case fleet.DisableMDM:
		return "released from MDM"
	}
	return string(action)
}
