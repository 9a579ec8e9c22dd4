package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
)

func newProfileUse(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "use NAME",
		Short: "Choose the profile that is used where none is named",
		Long: `Makes a profile the current one: it is used where neither --profile nor
WORKSCTL_PROFILE names another. The rest of the configuration file stays as it
is written, comments included.`,
		Example: `  # Which names are there?
  worksctl profile list --columns name --no-headers
  worksctl profile use --help`,
		Args:              oneArg("NAME"),
		ValidArgsFunction: app.completeNames,
		RunE: func(c *cobra.Command, args []string) error {
			if err := refuseFlags(c, "profile", "columns", "no-headers", "jq"); err != nil {
				return err
			}
			if err := config.Edit(app.LookupEnv, func(e *config.Editor) error { return e.Use(composed(args[0])) }); err != nil {
				return err
			}
			app.Term.Infof("%s is the current profile now", composed(args[0]))
			return nil
		},
	}
}
