package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
)

func newDevicesSearch(app *App) *cobra.Command {
	o := &listingOptions{}
	c := &cobra.Command{
		Use:   "search [TEXT]",
		Short: "Search devices by user, model, Vendor ID or serial number",
		Long: `Searches devices whose user name, e-mail, model, Vendor ID or serial number
contains TEXT, whatever the letter case and however accents and Hangul are
composed. All filters of "devices list" narrow the search further; with one of
them TEXT may be left out. To see every device, use "devices list".`,
		Example: `  # By model
  worksctl devices search "Galaxy" --profile sandbox

  # By a member's name, however its letters are composed
  worksctl devices search 김민수 --profile sandbox --type mobile`,
		Args:              searchArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.filter.Keyword = args[0]
			}
			if err := o.refuseEverything(app); err != nil {
				return err
			}
			return app.runListing(c, o)
		},
	}
	o.addFlags(c)
	return c
}

// refuseEverything refuses a search for nothing: `search $WHO` with an unset
// variable would list every device.
func (o *listingOptions) refuseEverything(app *App) error {
	filter, err := fleet.ParseFilter(o.filter, app.Now())
	if err != nil || filter.Selects() {
		return err
	}
	return exit.Usagef("NOTHING_TO_SEARCH", listEverything, "search needs TEXT or a filter")
}

const listEverything = "to see every device: worksctl devices list"

// searchArgs refuses an empty TEXT, which is a script's unset variable more
// often than a wish to see every device, and words that were not quoted.
func searchArgs(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 1 && strings.TrimSpace(args[0]) == "":
		return exit.Usagef("EMPTY_TEXT", listEverything, "TEXT is empty")
	case len(args) > 1:
		return exit.Usagef("TOO_MANY_ARGUMENTS", `worksctl devices search "`+strings.Join(args, " ")+`"`,
			"%q takes one TEXT, not %d", c.CommandPath(), len(args))
	}
	return nil
}
