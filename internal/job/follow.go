package job

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// Follow asks the back end about every unknown and every accepted item of j,
// which nobody else is sending, and settles what it learns. Wipes and resets
// are looked up as commands; what MDM was asked for shows in the device or the
// domain, a suspension in the member. Of a notice nothing can be asked. What was
// learned before an error stays settled.
func (r *Runner) Follow(ctx context.Context, j journal.Journal) error {
	switch job := j.Job(); {
	case job.Action == fleet.Notify:
		return nil
	case isCommand(job.Action):
		return r.followCommands(ctx, j)
	case job.WholeTenant:
		return r.followTenant(ctx, j)
	case OfMember(job.Action):
		return r.followMembers(ctx, j)
	}
	return r.followDevices(ctx, j)
}

// open are the items that the back end can be asked about.
func open(ctx context.Context, rec journal.Record) iter.Seq2[journal.Item, error] {
	return only(rec.Items(ctx), func(it *journal.Item) bool {
		return it.Status == journal.Sending || it.Status == journal.Accepted || it.Status == journal.Planned && it.Doubtful()
	})
}

func (r *Runner) followCommands(ctx context.Context, j journal.Journal) error {
	items, err := collect(open(ctx, j))
	for i := 0; i < len(items) && err == nil; i++ {
		it := &items[i]
		var c *api.Command
		var byTime bool
		if c, byTime, err = r.command(ctx, soughtOf(j.Job().Action, it)); err != nil {
			break
		}
		err = r.learn(j, it, followed(it, c, byTime))
	}
	return err
}

// followed is what a command says about its item; nil is one that isn't shown.
func followed(it *journal.Item, c *api.Command, byTime bool) journal.Outcome {
	if c != nil {
		return commandOutcome(c, byTime || strings.Contains(it.Detail, matchedByTime))
	}
	o := it.Outcome
	if o.Detail = notShown; o.Status == journal.Accepted {
		o.Detail = noLongerShown
	}
	return o
}

const noLongerShown = "the back end no longer shows this command"

func (r *Runner) followTenant(ctx context.Context, j journal.Journal) error {
	items, err := collect(open(ctx, j))
	if err != nil || len(items) == 0 {
		return err
	}
	o, reached, err := r.tenantOutcome(ctx, j.Job(), &items[0])
	if err != nil || !reached {
		return err
	}
	return r.learn(j, &items[0], o)
}

// followDevices holds no devices: there may be many.
func (r *Runner) followDevices(ctx context.Context, j journal.Journal) error {
	wanted := &roster{}
	var items []int            // by position
	var before []api.MDMStatus // likewise
	for it, err := range open(ctx, j) {
		if err != nil {
			return err
		}
		wanted.add(it.Device.DeviceID)
		items = append(items, it.Index)
		before = append(before, api.MDMStatus(strings.Clone(string(it.Device.MDM.Status))))
	}
	job := j.Job()
	learned := map[journal.Outcome][]int{}
	err := r.survey(ctx, job.Tenant.DomainID, wanted, deviceIDs(open(ctx, j)), func(pos int, d *api.Device) error {
		if o, reached := mdmOutcome(job.Action, before[pos], d); reached && news(j.Outcome(items[pos]), o) {
			learned[o] = append(learned[o], items[pos])
		}
		return nil
	})
	if settling := r.settleAll(j, learned); err == nil {
		err = settling
	}
	return err
}

// learn settles o for an item if it is news.
func (r *Runner) learn(j journal.Journal, it *journal.Item, o journal.Outcome) error {
	o.Time = time.Time{}
	if !news(it.Outcome, o) {
		return nil
	}
	return r.settleAll(j, map[journal.Outcome][]int{o: {it.Index}})
}

// news reports whether o says anything that isn't known.
func news(known, o journal.Outcome) bool {
	return o.Status != known.Status || o.Code != known.Code || o.Detail != known.Detail ||
		o.CommandID != "" && o.CommandID != known.CommandID
}

// ReplanUnknown plans anew what was left in sending (--resend-unknown), after
// [Runner.Follow] has asked about it: what was in fact carried out will then be
// carried out twice. It returns how many items that are.
func (r *Runner) ReplanUnknown(j journal.Journal) (int, error) {
	n := 0
	again := map[journal.Outcome][]int{}
	for i := range j.Len() {
		o := j.Outcome(i)
		if o.Status != journal.Sending {
			continue
		}
		n++
		replanned := journal.Outcome{
			Status: journal.Planned, Detail: "to be sent again: an earlier request may have been carried out",
			Earlier: strings.TrimSpace(o.Earlier + " " + o.Key), Time: o.Time,
		}
		again[replanned] = append(again[replanned], i)
	}
	groups := make([]journal.Settlement, 0, len(again))
	for o, items := range again {
		groups = append(groups, journal.Settlement{Items: items, Outcome: o})
	}
	return n, j.Settle(groups...)
}

// LeaveUnknown takes back what [Runner.ReplanUnknown] planned and no run has
// sent: without --resend-unknown it isn't sent.
func (r *Runner) LeaveUnknown(j journal.Journal) error {
	var items []int
	for i := range j.Len() {
		if o := j.Outcome(i); o.Status == journal.Planned && o.Doubtful() {
			items = append(items, i)
		}
	}
	return r.settleAll(j, map[journal.Outcome][]int{{Status: journal.Planned}: items})
}
