package cmd

import (
	"cmp"
	"context"
	"io"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// lostFromFile guides by what a file knows of a member's devices. The member's
// own steps ask the server of the profile; without a profile, or where nobody is
// guided, no server is asked and it only says what to type.
func (app *App) lostFromFile(c *cobra.Command, o *lostOptions, text string) error {
	options, err := o.file.options(app, c, o.from, "")
	if err != nil {
		return err
	}
	format, err := app.outputFormat(true)
	if err != nil {
		return err
	}
	human := app.Term.Interactive() && app.flags.output == "" && !o.dryRun
	if !human {
		if format, err = planFormat(format, app.flags.output != ""); err != nil {
			return err
		}
	}
	members := []string{fleet.KeyUserName, fleet.KeyUserID, fleet.KeyUserEmail}
	file, err := app.openFile(c.Context(), selection{from: o.from, file: options, looksIn: members})
	if err != nil {
		return err
	}
	devices, n, err := wholeFile(c.Context(), file)
	if err == nil {
		err = refuseHidden(file, inputName(o.from))
	}
	if err != nil {
		return err
	}
	app.tell(n)
	l := &lostCase{acting: &acting{app: app, format: format}, options: o, text: text, known: devices, console: file.Console() != nil}
	_, l.logins, _ = file.BareLogins()
	found, err := l.members(c.Context())
	switch {
	case err != nil:
		return err
	case !human:
		return l.printPlan(c.Context(), found)
	}
	a, err := app.newActing(format)
	if e := exit.As(err); e != nil && e.ID == "NO_PROFILE" && app.flags.profile == "" {
		return l.showKnown(found)
	}
	if err != nil {
		return err
	}
	if app.flags.yes {
		return exit.Usagef("FLAG_NOT_HERE", "leave --yes out, or use worksctl members sign-out", "lost asks before it acts, whatever --yes says")
	}
	l.acting = a
	return l.guide(c.Context(), found)
}

// fromFileVerdict is what can be said about wiping a device of a file.
func fromFileVerdict() fleet.Verdict {
	return fleet.Verdict{
		Outcome: fleet.Impossible, Code: "FROM_FILE",
		Reason: "a file doesn't tell whether the device is managed now",
		Remedy: "sign the member out; delete the app's data in the admin console",
	}
}

// knownOf are the devices of a member in the file, newest first.
func (l *lostCase) knownOf(m lostMember) []lostDevice {
	rows := slices.DeleteFunc(slices.Clone(l.known), func(d api.Device) bool {
		return memberKey(&d.User) != memberKey(&api.User{UserID: m.UserID, Email: m.Email, UserName: m.UserName})
	})
	if newest, err := fleet.ParseSort("-last-access"); err == nil {
		newest.Apply(rows)
	}
	devices := make([]lostDevice, len(rows))
	for i := range rows {
		devices[i] = lostDevice{device: rows[i], wipe: fromFileVerdict(), reset: fromFileVerdict()}
	}
	return devices
}

// showKnown prints the cards of the member's devices.
func (l *lostCase) showKnown(members []lostMember) error {
	if len(members) > 1 {
		for _, m := range members {
			l.say("  %s, %s", m.text(), countOf(m.Devices))
		}
		return exit.Refusedf("AMBIGUOUS_MEMBER", "name one by the whole e-mail", "%d members of the file match %q", len(members), l.text)
	}
	text := ""
	for _, d := range l.knownOf(members[0]) {
		if text != "" {
			text += "\n"
		}
		text += fleet.FormatCard(fleet.FileCard(&d.device, l.app.view()), l.app.Term.OutStyle().Dim)
	}
	if _, err := io.WriteString(l.app.Term.Out, text); err != nil {
		return err
	}
	steps := l.planSteps(members[0])
	if len(steps) == 0 {
		l.say("Nothing was done: %s", l.missingSteps(members[0]))
	} else {
		l.say("Nothing was done: no profile says which server to ask. After worksctl auth login:")
	}
	for _, step := range steps {
		l.say("  %s", step.Command)
	}
	l.app.showCard(onlyConsole())
	return nil
}

// memberKey tells members apart: by id, or where a file has none by the e-mail,
// or else by the name.
func memberKey(u *api.User) string { return cmp.Or(u.UserID, u.Email, u.UserName) }

// searchKnown is search among the devices of a file.
func (l *lostCase) searchKnown(_ context.Context, filter fleet.Filter) iter.Seq2[api.Device, error] {
	return func(yield func(api.Device, error) bool) {
		for _, d := range l.known {
			if ok, _ := filter.Match(&d); ok && !yield(d, nil) {
				return
			}
		}
	}
}
