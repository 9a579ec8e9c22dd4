package cmd

import "github.com/spf13/cobra"

func newDevicesList(app *App) *cobra.Command {
	o := &listingOptions{}
	c := &cobra.Command{
		Use:   "list",
		Short: "List devices",
		Long: `Lists the devices that all filters given agree on; without a filter, every
device of the organization. What the back end filters is checked again here.

Rows come in the back end's order unless --sort is given. There is no limit
unless --limit is given.`,
		Example: `  # The ten devices used most recently
  worksctl devices list --profile sandbox --sort=-last-access --limit 10

  # Phones not seen for half a year, as CSV
  worksctl devices list --profile sandbox --type mobile --inactive 6m -o csv

  # How many apps are older than the latest version
  worksctl devices list --profile sandbox --outdated --count

  # Only what a script needs
  worksctl devices list --profile sandbox --os android -o json --jq '.[].deviceId'`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			return app.runListing(c, o)
		},
	}
	o.addFlags(c)
	return c
}
