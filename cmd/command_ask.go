package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// tell shows what will be done to which devices, or warns those who aren't
// asked.
func (r *commandRun) tell() {
	if r.app.flags.yes || !r.app.Term.Interactive() {
		r.warn()
		return
	}
	r.show()
}

// ask asks for the word of the device, or for the number of devices.
func (r *commandRun) ask(ctx context.Context) error {
	if err := r.checkCap(ctx); err != nil {
		return err
	}
	return r.askWord(ctx)
}

func (r *commandRun) askWord(ctx context.Context) error {
	planned := r.planned()
	question, word := verbOf(r.action)+" this device?", fleet.Word(planned[0].device)
	if n := len(planned); n > 1 {
		question, word = fmt.Sprintf("%s these %d devices?", verbOf(r.action), n), strconv.Itoa(n)
	}
	return r.confirmWord(ctx, question, word)
}

// show tells what will be done to which devices, and what that means.
func (r *commandRun) show() {
	planned := r.planned()
	if len(planned) == 1 {
		r.app.showCard(fleet.Card(planned[0].device, r.app.talkView()))
	}
	r.say("%s %s (%s)", verbOf(r.action), countOf(len(planned)), r.where())
	if len(planned) > 1 {
		r.list(planned)
	}
	for _, line := range effects(r.action) {
		r.say("  %s", line)
	}
	if r.reason != "" {
		r.say("  Reason: %s", r.reason)
	}
	for _, line := range r.warnings() {
		r.say("  Mind: %s", line)
	}
}

// list shows several devices, a line each.
func (r *commandRun) list(planned []*commandTarget) {
	digits := len(strconv.Itoa(len(planned)))
	for i, t := range planned {
		r.acting.show(fmt.Sprintf("  %*d  %s, %s, ends in %s\n", digits, i+1,
			output.Clean(fleet.Brief(t.device)), output.Clean(t.device.DeviceID), output.Clean(fleet.Word(t.device))))
	}
}

// show writes lines that are aligned and clean already.
func (a *acting) show(lines string) {
	_, _ = a.app.Term.Talk().Write([]byte(lines)) // talk that nobody can hear is no error
}

// warn tells those who aren't asked what makes one look twice.
func (r *commandRun) warn() {
	for _, line := range r.warnings() {
		r.app.Term.Warnf("%s", line)
	}
}

// effects say in plain words what goes, and how the two differ.
func effects(a fleet.Action) []string {
	what := []string{
		"The NAVER WORKS app is initialized and the files it downloaded are deleted,",
		"for the account signed in now only. Private apps and files stay: this is no",
		"factory reset.",
	}
	if a == fleet.Reset { // R18
		what = []string{
			"The whole device goes back to factory defaults: every app and file on it is",
			"deleted, private photos and apps too. To delete only the NAVER WORKS app's",
			"data, use wipe.",
		}
	}
	return append(what, // R19, R20
		"It can't be undone.",
		"It happens when the device is next online; until then it is pending.")
}

// warnings name the other rows that one may have meant, or that a reset
// concerns too.
func (r *commandRun) warnings() []string {
	var lines []string
	for _, t := range r.planned() {
		for i := range t.relatives.Newer {
			d := &t.relatives.Newer[i]
			lines = append(lines, fmt.Sprintf("%s has another %s, used more recently: %s, %s",
				memberText(&d.User), d.Model, d.DeviceID, r.app.clock(d.LastAccessTime)))
		}
		if r.action != fleet.Reset {
			continue
		}
		for i := range t.relatives.SameHardware {
			d := &t.relatives.SameHardware[i]
			lines = append(lines, fmt.Sprintf("the same device is listed as %s of %s too: what they have on it goes as well",
				d.DeviceID, memberText(&d.User)))
		}
	}
	return lines
}

func verbOf(a fleet.Action) string {
	if a == fleet.Reset {
		return "Reset"
	}
	return "Wipe"
}

// memberText names a member so that namesakes can be told apart.
func memberText(u *api.User) string {
	switch {
	case u.UserName == "" && u.Email == "":
		return u.UserID
	case u.UserName == "":
		return u.Email
	case u.Email == "":
		return u.UserName
	}
	return fmt.Sprintf("%s <%s>", u.UserName, u.Email)
}

// required asks for a text; none is a way to decline, which without says in
// words.
func (a *acting) required(ctx context.Context, question, without string) (string, error) {
	text, err := a.app.Term.Ask(ctx, question)
	switch {
	case errors.Is(err, terminal.ErrNoAnswer):
		return "", declined("no answer")
	case err != nil:
		return "", unsent(ctx, err)
	case blank(text):
		return "", declined(without)
	case output.Clean(text) != text:
		return "", exit.Refusedf("BAD_ANSWER", "", "the answer holds characters that can't be seen: nothing was sent")
	}
	return text, nil
}

// unsent says of a question that a signal broke off that nothing was done.
func unsent(ctx context.Context, err error) error {
	cause := exit.As(context.Cause(ctx))
	if cause == nil {
		return err
	}
	return &exit.Error{Exit: cause.Exit, ID: cause.ID, Message: cause.Message + ": nothing was sent"}
}
