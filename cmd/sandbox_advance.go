package cmd

import (
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func newSandboxAdvance(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "advance DURATION",
		Short: "Let time pass in the sandbox",
		Long: `Sets the sandbox's clock forward and lets happen what happens meanwhile: devices come
online, commands are delivered, members register devices or update apps.`,
		Example: `  worksctl sandbox advance 2d`,
		Args:    oneArg("DURATION"),
		RunE: func(c *cobra.Command, args []string) error {
			d, err := parseDuration(args[0])
			if err != nil {
				return exit.Usagef("BAD_DURATION", "worksctl sandbox advance 2d", "DURATION %q: %v", args[0], err)
			}
			backend, err := app.openSandbox(seed.Options{})
			if err != nil {
				return err
			}
			var clock struct {
				Time time.Time `json:"time"`
			}
			if err := control(c.Context(), backend, http.MethodPost, "/clock", map[string]string{"advance": d.String()}, &clock); err != nil {
				return err
			}
			return printObject(c.Context(), app, clock, "the sandbox's clock says "+clock.Time.Format(time.RFC3339)+"\n")
		},
	}
}
