package cmd

import (
	"cmp"
	"context"
	"strings"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// lostPlan is what lost prints where nobody is guided:
// docs/schema/lost-plan.schema.json.
type lostPlan struct {
	Member     string       `json:"member"`    // as asked for
	Profile    *string      `json:"profile"`   // null for what a file tells
	Ambiguous  bool         `json:"ambiguous"` // several candidates: no devices
	Candidates []lostMember `json:"candidates"`
	// DeviceAPI is null where no server was asked.
	DeviceAPI    *bool            `json:"deviceApi"`
	Steps        []lostStep       `json:"steps"`        // of the member, least harm first
	NoSteps      *string          `json:"noSteps"`      // why some are missing
	Devices      []lostPlanDevice `json:"devices"`      // newest first
	ConsoleSteps []consoleStep    `json:"consoleSteps"` // that only the admin console can do
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
		Member: l.text, Ambiguous: len(members) > 1, Candidates: members,
		Steps: []lostStep{}, Devices: []lostPlanDevice{}, ConsoleSteps: []consoleStep{},
	}
	if asked := l.options.from == ""; asked {
		has := !l.noDeviceAPI
		p.Profile, p.DeviceAPI = &l.settings.Name, &has
	}
	if !p.Ambiguous {
		devices, err := l.devices(ctx, members[0])
		if err != nil {
			return err
		}
		for i := range devices {
			p.Devices = append(p.Devices, l.planOf(&devices[i]))
		}
		if l.options.from == "" {
			if err := l.readAccount(ctx, members[0]); err != nil {
				return err
			}
		}
		p.Steps, p.NoSteps = l.planSteps(members[0]), orNull(l.missingSteps(members[0]))
		if !l.offersDevices() {
			p.ConsoleSteps = consoleSteps()
		}
	}
	return printObject(ctx, l.app, l.format, p, "", output.EncodeJSON[lostPlan])
}

// planSteps are the member's steps. What only a file tells of a member leaves
// open whether they can be done.
func (l *lostCase) planSteps(m lostMember) []lostStep {
	steps, name := l.accountSteps(), l.accountName(m)
	if l.account != nil {
		name = l.account.UserID
	} else if l.options.from != "" && l.unnamed(m) == "" {
		steps = []accountStep{{action: job.SignOut}, {action: job.Suspend}}
	}
	plan := []lostStep{}
	for _, s := range steps {
		if s.not == "" {
			plan = append(plan, lostStep{Action: s.action, Effect: accountText(s.action), Command: stepCommand(s.action, name, l.stepFlags())})
		}
	}
	return plan
}

// missingSteps says why some of the member's steps aren't offered.
func (l *lostCase) missingSteps(m lostMember) string {
	if why := l.unnamed(m); l.options.from != "" && l.account == nil && why != "" {
		return why
	}
	var why []string
	for _, s := range l.accountSteps() {
		if s.not != "" {
			why = append(why, string(s.action)+": "+s.not)
		}
	}
	return cmp.Or(l.noAccount, strings.Join(why, "; "))
}

// stepFlags are those that a step is typed with.
func (l *lostCase) stepFlags() string {
	return l.profileFlag() + " --reason " + fleet.ShellQuote(lostReason(cmp.Or(l.options.ticket, "NUMBER")))
}

func (l *lostCase) planOf(d *lostDevice) lostPlanDevice {
	p := lostPlanDevice{
		Device: d.device, Wipe: verdictJSON(d.wipe), Reset: verdictJSON(d.reset),
		UnsettledJob: orNull(d.unsettled), Steps: []lostStep{},
	}
	if c := d.pending; c != nil {
		p.PendingCommand = &pendingCommand{c.CommandID, c.Type, c.Status, c.RequestedTime}
	}
	for _, step := range d.steps() {
		p.Steps = append(p.Steps, lostStep{
			Action: step, Effect: stepText(step),
			Command: stepCommand(step, d.device.DeviceID, l.stepFlags()),
		})
	}
	return p
}

// stepCommand is what to type for a step. An id that begins as a flag does comes
// after the end of the flags.
func stepCommand(step fleet.Action, id, flags string) string {
	verb := "worksctl " + string(step)
	if job.OfMember(step) {
		verb = "worksctl members " + string(step)
	}
	if strings.HasPrefix(id, "-") {
		return verb + flags + " " + fleet.Argument(id)
	}
	return verb + " " + fleet.ShellQuote(id) + flags
}

func verdictJSON(v fleet.Verdict) lostVerdict {
	return lostVerdict{Outcome: v.Outcome, Code: orNull(v.Code), Reason: orNull(v.Reason), Remedy: orNull(v.Remedy)}
}

// profileFlag names the profile in a command that is typed later, elsewhere
// perhaps.
func (a *acting) profileFlag() string {
	name := cmp.Or(a.settings.Name, a.app.flags.profile) // of a file, no settings are read
	if name == config.EnvName || name == "" {
		return ""
	}
	return " --profile " + fleet.ShellQuote(name)
}
