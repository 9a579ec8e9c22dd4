package cmd

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/output"
)

func newSandboxAdvance(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "advance DURATION",
		Short: "Let time pass in the sandbox",
		Long: `Sets the sandbox's clock forward and lets happen what happens meanwhile:
devices come online, commands are delivered, members register devices or update
apps.`,
		Example:           `  worksctl sandbox advance 2d`,
		Args:              oneArg("DURATION"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			format, err := app.objectFormat(c)
			if err != nil {
				return err
			}
			d, err := parseDuration(args[0])
			if err != nil {
				return exit.Usagef("BAD_DURATION", "worksctl sandbox advance 2d", "DURATION %q: %v", args[0], err)
			}
			backend, err := app.openSandbox()
			if err != nil {
				return err
			}
			now, err := backend.Advance(c.Context(), d)
			if err != nil {
				return err
			}
			info, err := app.sandboxInfo(c.Context(), backend)
			if err != nil {
				return err
			}
			text := "the sandbox's clock says " + now.Format(time.RFC3339) + "\n"
			return printObject(c.Context(), app, format, info, text, output.EncodeJSON[sandboxInfo])
		},
	}
}
