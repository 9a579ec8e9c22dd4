package cmd

import (
	"context"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// deviceMDM is a row of `mdm status DEVICE`: docs/schema/mdm-devices.schema.json.
type deviceMDM struct {
	DeviceID  string        `json:"deviceId"`
	User      api.User      `json:"user"`
	Model     string        `json:"model"`
	MDM       api.MDM       `json:"mdm"`
	Domain    api.TenantMDM `json:"domain"`
	Verdicts  []verdict     `json:"verdicts"` // on mdm-enable and mdm-disable
	lastWords []string      // the verdicts for a person, in the same order
}

func deviceMDMColumns() []output.Column[deviceMDM] {
	return []output.Column[deviceMDM]{
		{Key: "device_id", Title: "device id", Exact: true, Value: func(d deviceMDM) string { return d.DeviceID }},
		{Key: "user_name", Title: "user", Flex: 8, Value: func(d deviceMDM) string { return d.User.UserName }},
		{Key: "model", Title: "model", Flex: 8, Value: func(d deviceMDM) string { return d.Model }},
		{Key: "mdm_status", Title: "mdm", Value: func(d deviceMDM) string { return string(d.MDM.Status) }, Human: func(d deviceMDM) string { return strings.ToLower(string(d.MDM.Status)) }},
		{Key: "mdm_provider", Title: "provider", Value: func(d deviceMDM) string { return string(d.MDM.Provider) }, Human: func(d deviceMDM) string { return strings.ToLower(string(d.MDM.Provider)) }},
		{Key: "enable", Title: "enable", Flex: 10, Value: func(d deviceMDM) string { return d.lastWords[0] }},
		{Key: "disable", Title: "disable", Flex: 10, Value: func(d deviceMDM) string { return d.lastWords[1] }},
	}
}

func (app *App) showDevicesMDM(ctx context.Context, names []string) error {
	format, err := app.outputFormat(false)
	if err != nil {
		return err
	}
	columns := deviceMDMColumns()
	sink, err := newSink(ctx, app, format, columns, columns, output.EncodeJSON[deviceMDM])
	if err != nil {
		return err
	}
	defer func() { _ = output.Abort(sink) }() // after Close it does nothing
	a, err := app.newActing(format)
	if err != nil {
		return err
	}
	tenants, err := app.mdmTenants()
	if err != nil {
		return err
	}
	for t, err := range a.named(ctx, names) {
		switch {
		case err != nil:
			return err
		case t.device == nil:
			return exit.Failedf("NOT_FOUND", "worksctl devices search TEXT", "no device %q", t.name)
		}
		row, err := tenants.statusOf(ctx, t.device)
		if err != nil {
			return err
		}
		if err := sink.Write(row); err != nil {
			return err
		}
	}
	if err := sink.Close(); err != nil {
		return err
	}
	tellHidden(app, sink)
	return nil
}

func (m *mdmTenants) statusOf(ctx context.Context, d *api.Device) (deviceMDM, error) {
	t, err := m.of(ctx, d.DomainID)
	if err != nil {
		return deviceMDM{}, err
	}
	row := deviceMDM{DeviceID: d.DeviceID, User: d.User, Model: d.Model, MDM: d.MDM, Domain: *t}
	for _, action := range []fleet.Action{fleet.EnableMDM, fleet.DisableMDM} {
		v := fleet.Judge(action, d, ruledBy(t))
		row.Verdicts = append(row.Verdicts, verdictOf(action, v))
		row.lastWords = append(row.lastWords, verdictWords(v))
	}
	return row, nil
}
