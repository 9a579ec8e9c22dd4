package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
)

func newMDMDisable(app *App) *cobra.Command {
	o := &mdmOptions{}
	c := &cobra.Command{
		Use:   "disable (DEVICE... | --tenant)",
		Short: "End remote management of devices, or switch MDM off",
		Long: `Ends remote management of devices: they can no longer be wiped or reset, and a
wipe or reset that has not reached them yet is canceled. A DEVICE is a device
id.

With --tenant it switches NAVER WORKS MDM off for the whole domain. It shows
first how many devices and members that concerns.`,
		Example: `  # Which devices could no longer be wiped?
  worksctl mdm disable --tenant --profile sandbox --dry-run

  # A device that is not registered is left alone
  worksctl mdm disable 0037a4aa-c10f-4f67-9a0d-6e96cfb61d8f --profile sandbox --yes`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			return app.switchMDM(c, o, fleet.DisableMDM, args)
		},
	}
	o.add(c)
	return c
}
