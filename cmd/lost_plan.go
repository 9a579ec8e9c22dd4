package cmd

import (
	"context"
	"strings"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// lostPlan is what lost prints where nobody is guided:
// docs/schema/lost-plan.schema.json.
type lostPlan struct {
	Member     string           `json:"member"`    // as asked for
	Profile    *string          `json:"profile"`   // null for what a file tells
	Ambiguous  bool             `json:"ambiguous"` // several candidates: no devices
	Candidates []lostMember     `json:"candidates"`
	Devices    []lostPlanDevice `json:"devices"` // newest first
}

type lostPlanDevice struct {
	Device         api.Device      `json:"device"`
	Wipe           lostVerdict     `json:"wipe"`
	Reset          lostVerdict     `json:"reset"`
	PendingCommand *pendingCommand `json:"pendingCommand"`
	UnsettledJob   *string         `json:"unsettledJob"`
	Steps          []lostStep      `json:"steps"` // least harm first
}

type lostVerdict struct {
	Outcome fleet.Outcome `json:"outcome"`
	Code    *string       `json:"code"`
	Reason  *string       `json:"reason"`
	Remedy  *string       `json:"remedy"`
}

type pendingCommand struct {
	CommandID     string            `json:"commandId"`
	Type          api.CommandType   `json:"type"`
	Status        api.CommandStatus `json:"status"`
	RequestedTime string            `json:"requestedTime"`
}

type lostStep struct {
	Action  fleet.Action `json:"action"`
	Effect  string       `json:"effect"`
	Command string       `json:"command"` // to type
}

// printPlan prints what could be done. Which of several members is meant, it
// leaves open.
func (l *lostCase) printPlan(ctx context.Context, members []lostMember) error {
	p := lostPlan{
		Member: l.text, Profile: &l.settings.Name, Ambiguous: len(members) > 1,
		Candidates: members, Devices: []lostPlanDevice{},
	}
	if !p.Ambiguous {
		devices, err := l.devices(ctx, members[0])
		if err != nil {
			return err
		}
		for i := range devices {
			p.Devices = append(p.Devices, l.planOf(&devices[i]))
		}
	}
	return printObject(ctx, l.app, l.format, p, "", output.EncodeJSON[lostPlan])
}

func (l *lostCase) planOf(d *lostDevice) lostPlanDevice {
	p := lostPlanDevice{
		Device: d.device, Wipe: verdictJSON(d.wipe), Reset: verdictJSON(d.reset),
		UnsettledJob: orNull(d.unsettled), Steps: []lostStep{},
	}
	if c := d.pending; c != nil {
		p.PendingCommand = &pendingCommand{c.CommandID, c.Type, c.Status, c.RequestedTime}
	}
	ticket := l.options.ticket
	if ticket == "" {
		ticket = "NUMBER"
	}
	for _, step := range d.steps() {
		p.Steps = append(p.Steps, lostStep{
			Action: step, Effect: stepText(step),
			Command: stepCommand(step, d.device.DeviceID, l.profileFlag()+" --reason "+fleet.ShellQuote(lostReason(ticket))),
		})
	}
	return p
}

// stepCommand is what to type for a step. An id that begins as a flag does comes
// after the end of the flags.
func stepCommand(step fleet.Action, id, flags string) string {
	if strings.HasPrefix(id, "-") {
		return "worksctl " + string(step) + flags + " -- " + fleet.ShellQuote(id)
	}
	return "worksctl " + string(step) + " " + fleet.ShellQuote(id) + flags
}

func verdictJSON(v fleet.Verdict) lostVerdict {
	return lostVerdict{Outcome: v.Outcome, Code: orNull(v.Code), Reason: orNull(v.Reason), Remedy: orNull(v.Remedy)}
}

// profileFlag names the profile in a command that is typed later, elsewhere
// perhaps.
func (a *acting) profileFlag() string {
	if a.settings.Name == config.EnvName {
		return ""
	}
	return " --profile " + fleet.ShellQuote(a.settings.Name)
}
