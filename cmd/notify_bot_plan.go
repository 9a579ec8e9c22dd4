package cmd

import (
	"context"
	"slices"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/pkg/api"
)

// botPlan puts the draft of a bot's messages together: all devices of a member
// in a row, whose message is made as it will be sent.
type botPlan struct {
	*acting
	draft    journal.Draft
	cooldown time.Duration
	file     *deviceFile // that the devices come from, or nil
	asked    bool        // the server was, for devices or versions

	items []journal.Item // whose members can be written to
	lost  []journal.Item // the others

	// what is shown before the question
	summary noticeSummary
	reached int
	first   *firstMessage
}

// firstMessage is the message to the first member.
type firstMessage struct {
	to      api.User
	message api.Message
}

func (p *botPlan) add(_ context.Context, d *api.Device, o journal.Outcome) error {
	if o.Status == "" {
		o = journal.Outcome{Status: journal.Planned}
		if p.file == nil { // a message needs no list; of a server's device, an unknown one is a fault
			o = planned(fleet.Judge(fleet.Notify, d, fleet.Tenant{}))
		}
	}
	it := journal.Item{Device: *d, Outcome: o}
	fault := job.MemberFault(d.User)
	if fault == "" {
		p.items = append(p.items, it)
		return nil
	}
	if o.Status == journal.Planned {
		it = refusedItem(*d, "NO_MEMBER", "the device "+fault)
	}
	p.lost = append(p.lost, it)
	return nil
}

// finish writes the draft.
func (p *botPlan) finish(ctx context.Context) error {
	r := newRoll()
	if p.file != nil {
		r = p.file.roll // it knows the rows that filters leave out, too
	} else {
		for i := range p.items {
			r.add(&p.items[i].Device)
		}
	}
	members := p.gather(r)
	var marks []string
	for _, m := range members {
		marks = append(marks, marksOf(m.items[0].Device.User, m.devices)...)
	}
	standing, err := p.standing(ctx, p.draft, p.cooldown, marks, nil)
	if err != nil {
		return err
	}
	shared := r.shared()
	for _, m := range members {
		m.leaveOut(standing)
		job.SetBeside(m.items, slices.DeleteFunc(slices.Clone(m.devices), func(id string) bool { return shared[id] }))
		if err := p.write(m.items); err != nil {
			return err
		}
	}
	for i := range p.lost {
		if err := p.addItem(&p.lost[i]); err != nil {
			return err
		}
	}
	return nil
}

// gather gives each member of r their items, and returns those who have any, in
// the order of their first one.
func (p *botPlan) gather(r *roll) []*listed {
	var members []*listed
	for _, it := range p.items {
		m := r.member(it.Device.User)
		u, unclear := r.user(m)
		if unclear != "" {
			if it.Status == journal.Planned {
				it = refusedItem(it.Device, "MEMBER_UNCLEAR", unclear)
			}
			p.lost = append(p.lost, it)
			continue
		}
		complete(&it.Device.User, u)
		if len(m.items) == 0 {
			members = append(members, m)
		}
		m.items = append(m.items, it)
	}
	return members
}

// leaveOut settles a member against whom an earlier notice stands, to them or to
// any of their devices.
func (m *listed) leaveOut(standing map[string]ledger.Notice) {
	for _, mark := range marksOf(m.items[0].Device.User, m.devices) {
		n, stands := standing[mark]
		if !stands {
			continue
		}
		for i := range m.items {
			if m.items[i].Status == journal.Planned {
				m.items[i].Outcome = job.Notified(n)
			}
		}
		return
	}
}

// write adds the items of one member, whose message must come out right.
func (p *botPlan) write(items []journal.Item) error {
	var devices []api.Device
	for i := range items {
		if items[i].Status == journal.Planned {
			devices = append(devices, items[i].Device)
		}
		if err := p.addItem(&items[i]); err != nil {
			return err
		}
	}
	if len(devices) == 0 {
		return nil
	}
	about := p.draft.Job().Bot.Message
	m, err := about.Render(devices)
	if e := exit.As(err); e != nil && e.Exit == exit.Usage && p.asked {
		failed := *e
		failed.Exit = exit.Failed // a request was made
		return &failed
	}
	if err != nil {
		return err
	}
	p.reached++
	if p.first == nil {
		p.first = &firstMessage{devices[0].User, m}
	}
	return nil
}

func (p *botPlan) addItem(it *journal.Item) error {
	p.summary.add(&it.Device, it.Outcome, false)
	return p.draft.Add(&it.Device, it.Outcome)
}
