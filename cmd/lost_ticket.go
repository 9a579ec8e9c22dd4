package cmd

import (
	"context"
	"io"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// printTicket writes what was done as text to paste into a ticket, one part for
// each device of the job, of which there is one.
func (l *lostCase) printTicket(ctx context.Context, rec journal.Record) error {
	_, held := rec.Holder()
	for it, err := range rec.Items(ctx) {
		if err != nil {
			return err
		}
		text := fleet.FormatCard(l.ticket(rec.Job(), &it, held), nil)
		if _, err := io.WriteString(l.app.Term.Out, text); err != nil {
			return err
		}
	}
	return nil
}

func (l *lostCase) ticket(j journal.Job, it *journal.Item, held bool) []fleet.Field {
	d, status := &it.Device, journal.Shown(it.Outcome, held)
	orNone := func(text string) string {
		if text == "" {
			return "none"
		}
		return text
	}
	state := string(status)
	if it.Detail != "" {
		state += ": " + it.Detail
	}
	fields := []fleet.Field{
		{Label: "Time", Value: j.CreatedTime.In(l.app.Location).Format(time.RFC3339)},
		{Label: "By", Value: "worksctl, " + l.where()},
		{Label: "Ticket", Value: l.options.ticket},
		{Label: "Member", Value: memberText(&d.User) + ", user id " + d.User.UserID},
		{Label: "Device", Value: d.Model + ", device id " + d.DeviceID},
		{Label: "Serial", Value: orNone(string(d.SerialNumber))},
		{Label: "Requested", Value: string(j.Action) + ", " + stepText(j.Action)},
		{Label: "Job", Value: j.ID},
		{Label: "Command", Value: orNone(it.CommandID)},
		{Label: "State", Value: state},
		{Label: "Meaning", Value: meaning(status, d)},
		{Label: "To verify", Value: "worksctl jobs verify " + j.ID + l.profileFlag()},
	}
	if status == journal.Accepted || status == journal.Unknown || status == journal.Planned {
		fields = append(fields, fleet.Field{Label: "To take back", Value: l.cancelCommand(j.ID)})
	}
	return fields
}

// printFound writes what was found of a member about whose devices nothing can
// be done, as text to paste into a ticket.
func (l *lostCase) printFound(m lostMember, devices []lostDevice) error {
	head := []fleet.Field{
		{Label: "Time", Value: l.app.fleetNow().In(l.app.Location).Format(time.RFC3339)},
		{Label: "By", Value: "worksctl, " + l.where()},
	}
	if l.options.ticket != "" {
		head = append(head, fleet.Field{Label: "Ticket", Value: l.options.ticket})
	}
	text := fleet.FormatCard(append(head,
		fleet.Field{Label: "Member", Value: m.text() + ", user id " + m.UserID},
		fleet.Field{Label: "State", Value: "nothing can be done about any of these devices now: nothing was sent"}), nil)
	for i := range devices {
		text += "\n" + fleet.FormatCard(l.card(&devices[i], "Device ID", "Model", "Serial number", "Last access"), nil)
	}
	_, err := io.WriteString(l.app.Term.Out, text)
	return err
}

// meaning says what a status tells about the device, and what to do.
func meaning(s journal.Status, d *api.Device) string {
	switch s {
	case journal.Accepted:
		return "not done yet: it happens when the device is next online, and never while it stays off"
	case journal.Done:
		return "the device says that it is done"
	case journal.Failed:
		return "it was NOT done: see the state"
	case journal.Unknown, journal.Sending:
		return "nobody knows yet whether the request arrived: verify before anything else is done"
	case journal.Planned:
		return "it was NOT sent"
	}
	return "nothing was sent to " + fleet.Brief(d)
}
