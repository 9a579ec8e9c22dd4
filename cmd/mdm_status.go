package cmd

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func newMDMStatus(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "status [DEVICE...]",
		Short: "Show how MDM is used, by the tenant or on devices",
		Long: `Shows the domain's MDM mode and how many mobile devices are registered, pending
and unregistered. With DEVICE it shows these devices instead, and whether MDM
can be enabled or disabled on them.`,
		Example: `  worksctl mdm status --profile sandbox
  worksctl mdm status 0037a4aa-c10f-4f67-9a0d-6e96cfb61d8f --profile sandbox -o json`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return app.showDevicesMDM(c.Context(), args)
			}
			return app.showTenantMDM(c)
		},
	}
}

// tenantMDM is `mdm status`: docs/schema/mdm.schema.json.
type tenantMDM struct {
	api.TenantMDM
	Devices mdmCounts `json:"devices"`
}

func (app *App) showTenantMDM(c *cobra.Command) error {
	if _, err := app.Settings(); err != nil {
		return err
	}
	format, err := app.tenantFormat(c)
	if err != nil {
		return err
	}
	tenants, err := app.mdmTenants()
	if err != nil {
		return err
	}
	settings, err := app.Settings()
	if err != nil {
		return err
	}
	ctx := c.Context()
	t, err := tenants.of(ctx, settings.DomainID)
	if err != nil {
		return err
	}
	status := tenantMDM{TenantMDM: *t}
	if status.Devices, err = app.countMDM(ctx, t.DomainID); err != nil {
		return err
	}
	return printObject(ctx, app, format, status, status.card(), output.EncodeJSON[tenantMDM])
}

// tenantFormat is the format of one object that a profile stands behind.
func (app *App) tenantFormat(c *cobra.Command) (output.Format, error) {
	if err := refuseFlags(c, "columns", "no-headers"); err != nil {
		return "", err
	}
	format, err := app.outputFormat(false)
	switch {
	case err != nil:
		return "", err
	case format == output.CSV && app.flags.output == "": // the profile's default is for listings
		format = output.Table
	case format == output.CSV:
		return "", exit.Usagef("BAD_FORMAT", "-o json", "-o csv is for listings, and %q without a DEVICE prints one object", c.CommandPath())
	}
	if err := app.flags.fit(format); err != nil {
		return "", err
	}
	return format, nil
}

func (t *tenantMDM) card() string {
	external := "no"
	if t.ExternalMDM {
		external = "in use: it excludes NAVER WORKS MDM"
	}
	return fleet.FormatCard([]fleet.Field{
		{Label: "Domain", Value: strconv.Itoa(int(t.DomainID))},
		{Label: "NAVER WORKS MDM", Value: modeWords(t.Mode)},
		{Label: "Third-party MDM", Value: external},
		{Label: "Registered", Value: countOf(t.Devices.Registered)},
		{Label: "Pending", Value: countOf(t.Devices.Pending)},
		{Label: "Unregistered", Value: countOf(t.Devices.Unregistered)},
		{Label: "Under third party", Value: countOf(t.Devices.External)},
	}, nil)
}
