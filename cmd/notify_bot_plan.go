package cmd

import (
	"context"
	"slices"
	"time"

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

	members map[string][]journal.Item // by member
	order   []string                  // of the members
	lost    []journal.Item            // without a member

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
		o = planned(fleet.Judge(fleet.Notify, d, fleet.Tenant{}))
	}
	it := journal.Item{Device: *d, Outcome: o}
	member := job.MemberKey(d.User)
	switch {
	case member == "" && o.Status == journal.Planned:
		p.lost = append(p.lost, refusedItem(*d, "NO_MEMBER", "the device has no member with an id or e-mail: nobody can get a message"))
		return nil
	case member == "":
		p.lost = append(p.lost, it)
		return nil
	}
	if p.members == nil {
		p.members = map[string][]journal.Item{}
	}
	if p.members[member] == nil {
		p.order = append(p.order, member)
	}
	same := func(other journal.Item) bool { return other.Device == *d }
	if d.DeviceID != "" || !slices.ContainsFunc(p.members[member], same) { // a row of a file that stands there twice
		p.members[member] = append(p.members[member], it)
	}
	return nil
}

// finish writes the draft.
func (p *botPlan) finish(ctx context.Context) error {
	p.unite()
	standing, err := p.standing(ctx, p.draft, p.cooldown, p.marks())
	if err != nil {
		return err
	}
	for _, member := range p.order {
		items := p.members[member]
		leaveOut(items, standing)
		if err := p.write(items); err != nil {
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

// unite gives a member whom some rows know by e-mail only the id that others
// have beside it: else they would get two messages.
func (p *botPlan) unite() {
	ids := map[string]string{} // the member of an e-mail
	for _, member := range p.order {
		for _, it := range p.members[member] {
			u := it.Device.User
			if mail := job.MemberKey(api.User{Email: u.Email}); u.UserID != "" && mail != "" && mail != member {
				ids[mail] = member
			}
		}
	}
	p.order = slices.DeleteFunc(p.order, func(mail string) bool {
		member, known := ids[mail]
		if !known {
			return false
		}
		user := p.members[member][0].Device.User
		for _, it := range p.members[mail] {
			it.Device.User.UserID = user.UserID
			p.members[member] = append(p.members[member], it)
		}
		delete(p.members, mail)
		return true
	})
}

// marks are the names under which the record of notices knows what is planned.
func (p *botPlan) marks() []string {
	var marks []string
	for _, member := range p.order {
		for _, it := range p.members[member] {
			marks = append(marks, marksOf(&it.Device)...)
		}
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

func marksOf(d *api.Device) []string {
	marks := job.MemberMarks(d.User)
	if d.DeviceID != "" {
		marks = append(marks, d.DeviceID)
	}
	return marks
}

// leaveOut settles what an earlier notice stands against.
func leaveOut(items []journal.Item, standing map[string]ledger.Notice) {
	for i := range items {
		for _, mark := range marksOf(&items[i].Device) {
			if n, stands := standing[mark]; stands && items[i].Status == journal.Planned {
				items[i].Outcome = job.Notified(n)
			}
		}
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
