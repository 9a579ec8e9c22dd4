package cmd

import (
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func encodeCard(dst []byte, c *deviceCard) ([]byte, error) {
	dst = c.device.AppendJSON(dst)
	verdicts := make([]verdict, len(c.verdicts))
	for i, action := range cardActions() {
		verdicts[i] = verdictOf(action, c.verdicts[i])
	}
	dst = append(dst[:len(dst)-1], `,"verdicts":`...)
	dst, err := output.EncodeJSON(dst, verdicts)
	if err != nil {
		return nil, err
	}
	dst = append(dst, `,"commands":`...)
	if c.commands == nil {
		return append(dst, "null}"...), nil
	}
	dst, err = output.EncodeJSON(dst, c.commands)
	return append(dst, '}'), err
}

// cardText is the card for a person.
func (app *App) cardText(c *deviceCard) string {
	dim := app.Term.OutStyle().Dim
	var b strings.Builder
	b.WriteString(fleet.FormatCard(fleet.Card(c.device, app.view()), dim))
	var can []fleet.Field
	for i, action := range cardActions() {
		can = append(can, fleet.Field{Label: actionWords(action), Value: verdictWords(c.verdicts[i])})
	}
	b.WriteString("\nWhat can be done now\n" + indented(fleet.FormatCard(can, dim)))
	if len(c.commands) > 0 {
		b.WriteString("\nCommands\n")
	}
	for i := range c.commands {
		b.WriteString("  " + output.Clean(string(c.commands[i].Type)+", "+strings.ToLower(string(c.commands[i].Status))) + "\n")
		b.WriteString(indented(indented(fleet.FormatCard(app.commandFields(&c.commands[i]), dim))))
	}
	if len(c.siblings) > 0 {
		b.WriteString("\nOther devices of this member\n")
	}
	for i := range c.siblings {
		s := &c.siblings[i]
		b.WriteString("  " + output.Clean(s.DeviceID+"  "+s.Model+", last used "+app.shownText(s.LastAccessTime)) + "\n")
	}
	return b.String()
}

func (app *App) commandFields(c *api.Command) []fleet.Field {
	fields := []fleet.Field{{Label: "Requested", Value: app.shownText(c.RequestedTime) + " by " + c.RequestedBy}}
	add := func(label, value string) {
		if value != "" {
			fields = append(fields, fleet.Field{Label: label, Value: value})
		}
	}
	add("Reason", c.Reason)
	add("Delivered", app.shownText(string(c.DeliveredTime)))
	add("Completed", app.shownText(string(c.CompletedTime)))
	if f := c.Failure; f != nil {
		add("Failure", strings.TrimSuffix(f.Code+": "+f.Description, ": "))
	}
	add("Command ID", c.CommandID)
	return fields
}

func actionWords(a fleet.Action) string {
	switch a {
	case fleet.EnableMDM:
		return "mdm enable"
	case fleet.DisableMDM:
		return "mdm disable"
	}
	return string(a)
}

func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String()
}
