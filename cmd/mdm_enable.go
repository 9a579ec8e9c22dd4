package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
)

func newMDMEnable(app *App) *cobra.Command {
	o := &mdmOptions{}
	c := &cobra.Command{
		Use:   "enable (DEVICE... | --tenant --mode MODE)",
		Short: "Ask members to register devices, or switch MDM on",
		Long: `Asks the members who use devices to register them for remote management. A
device is pending until its member does so. A DEVICE is a device id.

With --tenant it switches NAVER WORKS MDM on for the whole domain: optional lets
members register their devices, required keeps the app from being used on any
device that is not registered. It shows first whom that concerns.`,
		Example: `  worksctl mdm enable 0037a4aa-c10f-4f67-9a0d-6e96cfb61d8f --profile sandbox --yes

  # Whom would it lock out?
  worksctl mdm enable --tenant --mode required --profile sandbox --dry-run`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			return app.switchMDM(c, o, fleet.EnableMDM, args)
		},
	}
	o.add(c)
	c.Flags().StringVar(&o.mode, "mode", "", "with --tenant: optional or required")
	fixedValues(c, "mode", "optional", "required")
	return c
}
