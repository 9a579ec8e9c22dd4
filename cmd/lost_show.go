package cmd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// listDevices shows each device in a line, numbered after before, and below it
// what is under way.
func (l *lostCase) listDevices(devices []lostDevice, before int) {
	lines := make([][]string, len(devices))
	widths := make([]int, 4)
	for i := range devices {
		lines[i] = l.line(&devices[i])
		for n, cell := range lines[i] {
			widths[n] = max(widths[n], output.DisplayWidth(cell))
		}
	}
	digits := len(strconv.Itoa(before + len(devices)))
	var text strings.Builder
	for i, line := range lines {
		var cells []string
		for n, cell := range line {
			if widths[n] > 0 {
				cells = append(cells, cell+strings.Repeat(" ", widths[n]-output.DisplayWidth(cell)))
			}
		}
		fmt.Fprintf(&text, "  %*d  %s\n", digits, before+i+1, strings.TrimRight(strings.Join(cells, "  "), " "))
		for _, f := range l.underWay(&devices[i]) {
			fmt.Fprintf(&text, "  %*s  %s: %s\n", digits, "", f.Label, output.Clean(f.Value))
		}
	}
	l.show(text.String())
}

// line has what tells a device from the member's others, and whether it can be
// wiped.
func (l *lostCase) line(d *lostDevice) []string {
	serial := ""
	switch s := []rune(d.device.SerialNumber); {
	case len(s) > 0:
		serial = "serial …" + string(s[max(0, len(s)-4):])
	case slices.ContainsFunc(l.fields(d), func(f fleet.Field) bool { return f.Label == "Serial number" }):
		serial = "serial hidden"
	}
	cells := []string{d.device.Model, l.lastUsed(d), serial, d.state()}
	for i := range cells {
		cells[i] = output.Clean(cells[i])
	}
	return cells
}

func (l *lostCase) lastUsed(d *lostDevice) string {
	for _, f := range l.fields(d) {
		if f.Label == "Last access" {
			return "used " + f.Value
		}
	}
	return ""
}

// fields are what is known of a device.
func (l *lostCase) fields(d *lostDevice) []fleet.Field {
	if l.options.from != "" {
		return fleet.FileCard(&d.device, l.app.talkView())
	}
	return fleet.Card(&d.device, l.app.talkView())
}

// state says in two words whether a device can be wiped now.
func (d *lostDevice) state() string {
	steps := d.steps()
	switch {
	case d.unsettled != "":
		return "not settled"
	case d.pending != nil:
		return strings.ToLower(string(d.pending.Type)) + " pending"
	case d.wipe.Outcome == fleet.Pointless:
		return "no need to wipe"
	case len(steps) == 0:
		return "can't be wiped"
	}
	return string(steps[0]) + " possible"
}

// underWay tells of the commands that a device was sent.
func (l *lostCase) underWay(d *lostDevice) []fleet.Field {
	var fields []fleet.Field
	switch {
	case d.unsettled != "":
		fields = append(fields, fleet.Field{Label: "Not settled", Value: "a wipe or reset of it is not settled: worksctl jobs resume " + d.unsettled + l.profileFlag()})
	case d.pending != nil && d.pendingJob != "":
		fields = append(fields,
			fleet.Field{Label: "Pending", Value: l.pendingReason(d)},
			fleet.Field{Label: "To take back", Value: l.cancelCommand(d.pendingJob)})
	case d.pending != nil:
		fields = append(fields, fleet.Field{Label: "Pending", Value: l.pendingReason(d) + ", not asked for from here"})
	}
	if c := d.newest; c != nil && c.Status == api.CommandCompleted {
		fields = append(fields, fleet.Field{
			Label: "Done", Value: fmt.Sprintf("a %s was completed at %s", strings.ToLower(string(c.Type)), l.app.clock(string(c.CompletedTime))),
		})
	}
	return fields
}

// card has what is shown of a device, with the verdicts below.
func (l *lostCase) card(d *lostDevice, shown ...string) []fleet.Field {
	fields := slices.DeleteFunc(l.fields(d), func(f fleet.Field) bool {
		return !slices.Contains(shown, f.Label)
	})
	fields = append(fields,
		fleet.Field{Label: "Delete app data", Value: verdictReason(d.wipe)},
		fleet.Field{Label: "Factory reset", Value: verdictReason(d.reset)})
	if d.pending == nil { // else what is under way says so
		for _, remedy := range distinct([]string{d.wipe.Remedy, d.reset.Remedy}) {
			if remedy != "" {
				fields = append(fields, fleet.Field{Label: "Instead", Value: remedy})
			}
		}
	}
	return append(fields, l.underWay(d)...)
}
