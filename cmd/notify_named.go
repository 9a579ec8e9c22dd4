package cmd

import (
	"context"
	"fmt"
	"iter"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// addNamed adds devices that arguments or a file name. An argument that names
// no device ends the run before anything is sent; a row of a file whose device
// is gone becomes a refused item, since lists grow old. What the filters
// exclude is left out and counted; with --outdated an app that is up to date
// is a skipped item, since somebody named it.
func (a *acting) addNamed(ctx context.Context, targets iter.Seq2[namedDevice, error], sel selection, o *notifyOptions, p notices) error {
	filter, outdated, err := a.splitOutdated(ctx, o)
	if err != nil {
		return err
	}
	var broken error
	var unfit []journal.Item
	excluded := 0
	devices := func(yield func(api.Device, error) bool) {
		for t, err := range targets {
			switch {
			case err != nil:
				yield(api.Device{}, err)
				return
			case t.device == nil && t.place == "":
				yield(api.Device{}, exit.Failedf("NOT_FOUND", "worksctl devices search TEXT", "no device %q: nothing was sent", t.name))
				return
			case t.device == nil:
				unfit = append(unfit, refusedItem(api.Device{DeviceID: t.name}, "DEVICE_NOT_EXIST", t.place+": no device has this id"))
				continue
			}
			if reason := a.app.otherDomain(a.settings, t.device); reason != "" {
				unfit = append(unfit, refusedItem(*t.device, "OTHER_DOMAIN", reason))
				continue
			}
			if fits, _ := filter.Match(t.device); !fits {
				excluded++
			}
			if !yield(*t.device, nil) {
				return
			}
		}
	}
	selected := 0
	for d, err := range fleet.Select(devices, filter, sel.sort, 0, nil) {
		if err != nil {
			broken = err
			break
		}
		o := outdated(&d)
		if err := p.add(ctx, &d, o); err != nil {
			return err
		}
		if o.Status == "" {
			selected++
		}
		if selected == sel.limit && sel.limit > 0 { // what is up to date doesn't count
			break
		}
	}
	if broken != nil {
		return unfinished(ctx, broken, "")
	}
	for i := range unfit {
		if err := p.add(ctx, &unfit[i].Device, unfit[i].Outcome); err != nil {
			return err
		}
	}
	if excluded > 0 { // what --limit cuts off, was meant to be
		a.app.Term.Warnf("%s of those named left out by the filters", countOf(excluded))
	}
	return nil
}

func refusedItem(d api.Device, code, detail string) journal.Item {
	return journal.Item{Device: d, Outcome: journal.Outcome{Status: journal.Refused, Code: code, Detail: detail}}
}

// splitOutdated takes --outdated out of the filters: devices that were named
// are judged by it one by one.
func (a *acting) splitOutdated(ctx context.Context, o *notifyOptions) (fleet.Filter, func(*api.Device) journal.Outcome, error) {
	in := o.filter
	in.Outdated = false
	filter, err := fleet.ParseFilter(in, a.app.fleetNow())
	if err != nil || !o.filter.Outdated {
		return filter, func(*api.Device) journal.Outcome { return journal.Outcome{} }, err
	}
	only, err := fleet.ParseFilter(fleet.FilterInput{Outdated: true}, a.app.fleetNow())
	if err != nil {
		return filter, nil, err
	}
	if len(o.bot.versions) > 0 {
		only = only.WithLatest(o.bot.versions)
	} else if only, err = a.app.withLatest(ctx, only); err != nil {
		return filter, nil, err
	}
	return filter, func(d *api.Device) journal.Outcome {
		ok, unreadable := only.Match(d)
		switch {
		case unreadable:
			return journal.Outcome{Status: journal.Skipped, Code: "VERSION_UNREADABLE", Detail: fmt.Sprintf("version %q can't be compared", d.App.Version)}
		case !ok:
			return journal.Outcome{Status: journal.Skipped, Code: "UP_TO_DATE", Detail: job.NoNewer(d.App.Version)}
		}
		return journal.Outcome{}
	}, nil
}
