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
	"github.com/worksctl/worksctl/pkg/output"
)

// lostFromFile shows what a file knows of a member's devices. It asks no server
// and so offers nothing to do: what is done is done elsewhere, and it says where.
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
	file, err := app.openFile(c.Context(), selection{from: o.from, file: options})
	if err != nil {
		return err
	}
	var devices []api.Device
	for d, err := range fromFile(c.Context(), file, &counts{}) {
		if err != nil {
			return err
		}
		devices = append(devices, d)
	}
	l := &lostCase{acting: &acting{app: app, format: format}, options: o, text: text, known: devices}
	members, err := l.members(c.Context())
	if err != nil {
		return err
	}
	if human {
		return l.showKnown(members)
	}
	p := lostPlan{Member: l.text, Ambiguous: len(members) > 1, Candidates: members, Devices: []lostPlanDevice{}}
	if !p.Ambiguous {
		for _, d := range l.knownOf(members[0]) {
			p.Devices = append(p.Devices, l.planOf(&lostDevice{device: d, wipe: fromFileVerdict(), reset: fromFileVerdict()}))
		}
	}
	return printObject(c.Context(), app, format, p, "", output.EncodeJSON[lostPlan])
}

// fromFileVerdict is what can be said about wiping a device of a file.
func fromFileVerdict() fleet.Verdict {
	return fleet.Verdict{
		Outcome: fleet.Impossible, Code: "FROM_FILE",
		Reason: "a file doesn't tell whether the device is managed now",
		Remedy: "sign the member out everywhere: worksctl members sign-out; delete the app's data in the console",
	}
}

// knownOf are the devices of a member, newest first.
func (l *lostCase) knownOf(m lostMember) []api.Device {
	devices := slices.DeleteFunc(slices.Clone(l.known), func(d api.Device) bool {
		return memberKey(&d.User) != memberKey(&api.User{UserID: m.UserID, Email: m.Email, UserName: m.UserName})
	})
	if newest, err := fleet.ParseSort("-last-access"); err == nil {
		newest.Apply(devices)
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
		text += fleet.FormatCard(fleet.Card(&d, l.app.view()), l.app.Term.OutStyle().Dim)
	}
	if _, err := io.WriteString(l.app.Term.Out, text); err != nil {
		return err
	}
	v := fromFileVerdict()
	l.say("Nothing was done: %s. To act: %s.", v.Reason, v.Remedy)
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
