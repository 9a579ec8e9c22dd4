package cmd

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

const codeDeclined = "DECLINED" // of declined

// keepTicket keeps what was done as text to paste into a ticket, one part for
// each item of the job, of which there is one.
func (l *lostCase) keepTicket(ctx context.Context, rec journal.Record) error {
	_, held := rec.Holder()
	for it, err := range rec.Items(ctx) {
		if err != nil {
			return err
		}
		l.tickets = append(l.tickets, fleet.FormatCard(l.ticket(rec.Job(), &it, held), nil))
	}
	return nil
}

// finish prints the text for the ticket, of every step, and returns what the
// exit code is to be; stopped is what ended the guide, or nil.
func (l *lostCase) finish(m lostMember, devices []lostDevice, stopped error) error {
	text := strings.Join(l.tickets, "\n")
	if !anyStep(devices) {
		if text == "" {
			text = l.found(m)
		}
		text += l.rest(devices)
	}
	if len(l.tickets) == 0 && anyStep(devices) {
		return l.outcome(stopped)
	}
	if _, err := io.WriteString(l.app.Term.Out, text); err != nil {
		return errors.Join(stopped, err)
	}
	return l.outcome(stopped)
}

// outcome makes one error of what ended the guide and of the steps that failed.
// To stop after a step is no failure.
func (l *lostCase) outcome(stopped error) error {
	if len(l.tickets) > 0 && stopped != nil {
		e := *explain(stopped)
		e.Message = strings.Replace(e.Message, "nothing was sent", "nothing more was sent", 1)
		if stopped = &e; e.ID == codeDeclined {
			l.say("%s", e.Message)
			stopped = nil
		}
	}
	err := errors.Join(stopped, l.failed)
	if err == nil || len(l.done) == 0 {
		return err
	}
	e := *explain(err)
	e.Exit = exit.Worst(exit.CodeOf(err), exit.Partial)
	return &e
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
	}
	if job.OfMember(j.Action) {
		fields = append(fields,
			fleet.Field{Label: "Requested", Value: string(j.Action) + ", " + accountText(j.Action)},
			fleet.Field{Label: "Job", Value: j.ID},
			fleet.Field{Label: "State", Value: state},
			fleet.Field{Label: "Meaning", Value: memberMeaning(j.Action, status)})
		if j.Action == job.Suspend && (status == journal.Done || status == journal.Unknown) {
			fields = append(fields, fleet.Field{Label: "To take back", Value: stepCommand(job.Unsuspend, d.User.UserID, l.profileFlag())})
		}
		return fields
	}
	fields = append(fields,
		fleet.Field{Label: "Device", Value: d.Model + ", device id " + d.DeviceID},
		fleet.Field{Label: "Serial", Value: orNone(string(d.SerialNumber))},
		fleet.Field{Label: "Requested", Value: string(j.Action) + ", " + stepText(j.Action)},
		fleet.Field{Label: "Job", Value: j.ID},
		fleet.Field{Label: "Command", Value: orNone(it.CommandID)},
		fleet.Field{Label: "State", Value: state},
		fleet.Field{Label: "Meaning", Value: meaning(status, d)},
		fleet.Field{Label: "To verify", Value: "worksctl jobs verify " + j.ID + l.profileFlag()})
	if status == journal.Accepted || status == journal.Unknown || status == journal.Planned {
		fields = append(fields, fleet.Field{Label: "To take back", Value: l.cancelCommand(j.ID)})
	}
	return fields
}

// found is what was found of a member to whom nothing was done, as text to paste
// into a ticket.
func (l *lostCase) found(m lostMember) string {
	fields := []fleet.Field{
		{Label: "Time", Value: l.app.fleetNow().In(l.app.Location).Format(time.RFC3339)},
		{Label: "By", Value: "worksctl, " + l.where()},
	}
	if l.options.ticket != "" {
		fields = append(fields, fleet.Field{Label: "Ticket", Value: l.options.ticket})
	}
	fields = append(fields,
		fleet.Field{Label: "Member", Value: m.text() + ", user id " + cmp.Or(m.UserID, "not known")},
		fleet.Field{Label: "State", Value: "nothing was sent"})
	switch why := l.missingSteps(m); {
	case l.noAccount != "":
		fields = append(fields, fleet.Field{Label: "No sign-out", Value: l.noAccount})
	case why != "":
		fields = append(fields, fleet.Field{Label: "Not possible", Value: why})
	}
	return fleet.FormatCard(fields, nil)
}

// rest says of devices about which nothing can be done from here why not, and
// what only the admin console can do.
func (l *lostCase) rest(devices []lostDevice) string {
	text := ""
	for i := range devices {
		text += "\n" + fleet.FormatCard(l.card(&devices[i], "Device ID", "Model", "Serial number", "Last access"), nil)
	}
	if !l.offersDevices() {
		text += "\n" + fleet.FormatCard(onlyConsole(), nil)
	}
	return text
}

// memberMeaning says what a status tells about the member.
func memberMeaning(a fleet.Action, s journal.Status) string {
	switch {
	case s == journal.Accepted:
		return "within 5 minutes no device is signed in; who knows the password can sign in again"
	case s == journal.Done:
		return "the member has no access until unsuspended"
	case s == journal.Unknown && a == job.SignOut, s == journal.Sending && a == job.SignOut:
		return "nobody knows whether the request arrived: sign out again, which does no harm"
	case s == journal.Unknown, s == journal.Sending:
		return "nobody knows whether the request arrived: worksctl members show tells"
	case s == journal.Skipped && a == job.Suspend:
		return "the member was suspended already, not by this step: no access until unsuspended"
	}
	return "it was NOT done: see the state"
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
