package cmd

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
)

// lostDevice is a device of the member, with what can be done about it.
type lostDevice struct {
	device      api.Device
	wipe, reset fleet.Verdict
	pending     *api.Command // of the back end
	unsettled   string       // id of a job with a wipe or reset that is not settled
}

// steps are the actions that are possible now, least harm first.
func (d *lostDevice) steps() []fleet.Action {
	var steps []fleet.Action
	if d.pending != nil || d.unsettled != "" {
		return nil
	}
	if d.wipe.Outcome == fleet.Possible {
		steps = append(steps, fleet.Wipe)
	}
	if d.reset.Outcome == fleet.Possible {
		steps = append(steps, fleet.Reset)
	}
	return steps
}

// devices lists all devices of a member, newest first, and judges each. It asks
// again by the user id: a part of the name may not be on every row.
func (l *lostCase) devices(ctx context.Context, m lostMember) ([]lostDevice, error) {
	text := m.UserID
	if text == "" {
		text = l.text
	}
	var rows []api.Device
	for d, err := range l.search(ctx, text) {
		if err != nil {
			return nil, unfinished(ctx, err, "")
		}
		if d.User.UserID == m.UserID {
			rows = append(rows, d)
		}
	}
	newest, err := fleet.ParseSort("-last-access")
	if err != nil {
		return nil, err
	}
	newest.Apply(rows)
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].DeviceID
	}
	unsettled, err := job.Unsettled(ctx, l.jobs, l.tenant, ids, l.app.fleetNow())
	if err != nil {
		return nil, err
	}
	judge := l.judging()
	devices := make([]lostDevice, len(rows))
	for i, row := range rows {
		d := &devices[i]
		*d = lostDevice{device: row, unsettled: unsettled[row.DeviceID]}
		if d.wipe, err = judge(ctx, fleet.Wipe, &row); err != nil {
			return nil, err
		}
		if d.reset, err = judge(ctx, fleet.Reset, &row); err != nil {
			return nil, err
		}
		if row.Type != api.TypeMobile { // only these have commands (R22)
			continue
		}
		if d.pending, err = l.runner(nil).Pending(ctx, row.DeviceID); err != nil {
			return nil, err
		}
	}
	return devices, nil
}

// chooseDevice shows the devices and returns the one meant; nil for none, also
// where nothing can be done about any.
func (l *lostCase) chooseDevice(ctx context.Context, m lostMember, devices []lostDevice) (*lostDevice, error) {
	l.say("%s: %s, newest first (%s)", m.text(), countOf(len(devices)), l.where())
	possible := false
	for i := range devices {
		l.say("%d", i+1)
		l.app.showCard(l.card(&devices[i]))
		possible = possible || len(devices[i].steps()) > 0
	}
	if !possible {
		l.say("Nothing can be done about any of them now: nothing was sent.")
		return nil, nil
	}
	for {
		i, err := l.choose(ctx, "Which device is lost?", len(devices))
		if err != nil || i < 0 {
			return nil, err
		}
		if len(devices[i].steps()) > 0 {
			return &devices[i], nil
		}
		l.say("Nothing can be done about that one now: see above.")
	}
}

// card is the device's with the verdicts below.
func (l *lostCase) card(d *lostDevice) []fleet.Field {
	shown := []string{"Device ID", "Model", "Serial number", "List", "OS", "MDM", "Last access"}
	fields := slices.DeleteFunc(fleet.Card(&d.device, l.app.talkView()), func(f fleet.Field) bool {
		return !slices.Contains(shown, f.Label)
	})
	fields = append(fields,
		fleet.Field{Label: "Delete app data", Value: verdictText(d.wipe)},
		fleet.Field{Label: "Factory reset", Value: verdictText(d.reset)})
	for _, remedy := range distinct([]string{d.wipe.Remedy, d.reset.Remedy}) {
		if remedy != "" {
			fields = append(fields, fleet.Field{Label: "Instead", Value: remedy})
		}
	}
	if d.pending != nil {
		fields = append(fields, fleet.Field{Label: "Pending", Value: l.app.pendingText(d.pending)})
	}
	if d.unsettled != "" {
		fields = append(fields, fleet.Field{Label: "Not settled", Value: "worksctl jobs resume " + d.unsettled})
	}
	return fields
}

func verdictText(v fleet.Verdict) string {
	if v.Outcome == fleet.Possible {
		return "possible"
	}
	return "not possible: " + v.Reason
}

// chooseStep offers what is possible, least harm first; empty for nothing.
func (l *lostCase) chooseStep(ctx context.Context, d *lostDevice) (fleet.Action, error) {
	steps := d.steps()
	l.say("What can be done about %s, the least harm first:", fleet.Brief(&d.device))
	for i, step := range steps {
		l.say("  %d  %s", i+1, stepText(step))
	}
	i, err := l.choose(ctx, "Which step?", len(steps))
	if err != nil || i < 0 {
		return "", err
	}
	return steps[i], nil
}

// stepText says what a step does, in one line (R17, R18).
func stepText(a fleet.Action) string {
	if a == fleet.Reset {
		return "factory reset: everything on the phone is deleted, private apps and files too"
	}
	return "delete app data: the NAVER WORKS app's data of the account signed in now; private files stay"
}

// number asks for a number. Nothing, also at the end of the input, is 0; what is
// no number is -1.
func (l *lostCase) number(ctx context.Context, question string) (int, error) {
	text, err := l.app.Term.Ask(ctx, question)
	switch {
	case errors.Is(err, terminal.ErrNoAnswer) || err == nil && blank(text):
		return 0, nil
	case err != nil:
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return -1, nil
	}
	return n, nil
}
