package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/pkg/output"
)

func newSandboxReset(app *App) *cobra.Command {
	var o seed.Options
	c := &cobra.Command{
		Use:   "reset",
		Short: "Begin the sandbox anew, with the same or another fleet",
		Long: `Replaces the sandbox's fleet, settings, clock, commands and faults by new ones,
also if its data are damaged. The same --seed gives the same fleet. Nothing but
the sandbox's own data is touched.`,
		Example: `  worksctl sandbox reset

  # A large fleet
  worksctl sandbox reset --devices 20000 --seed 7`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			format, err := app.objectFormat(c)
			if err != nil {
				return err
			}
			if o.Devices < 1 || o.Devices > seed.MaxDevices {
				return exit.Usagef("BAD_DEVICES", "worksctl sandbox reset --devices 1000",
					"--devices %d: must be 1 to %d", o.Devices, seed.MaxDevices)
			}
			options, err := app.sandboxOptions(o)
			if err != nil {
				return err
			}
			backend, err := sandbox.Create(c.Context(), options)
			if err != nil {
				return err
			}
			// It is done: a signal that comes now must not make it look otherwise.
			info, err := app.sandboxInfo(context.WithoutCancel(c.Context()), backend)
			if err != nil {
				return err
			}
			app.Term.Infof("the sandbox has %s", countOf(o.Devices))
			return printObject(c.Context(), app, format, info, "", output.EncodeJSON[sandboxInfo])
		},
	}
	c.Flags().IntVar(&o.Devices, "devices", seed.DefaultDevices, "size of the fleet, up to 1000000")
	c.Flags().Uint64Var(&o.Seed, "seed", seed.DefaultSeed, "number of the fleet: the same number, the same fleet")
	freeText(c, "devices", "seed")
	return c
}
