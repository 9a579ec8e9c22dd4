package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func newSandbox(app *App) *cobra.Command {
	return group("sandbox",
		"Serve, reset and inspect the embedded back end",
		`The sandbox is a back end inside worksctl, with a made-up fleet that lives by
the rules of the product. Its data are kept in the state folder between calls.
Any command reaches it with --profile sandbox, without a server, a port or a
sign-in.`,
		`  worksctl sandbox info
  worksctl devices list --profile sandbox --limit 5`,
		newSandboxServe(app),
		newSandboxReset(app),
		newSandboxInfo(app),
		newSandboxAdvance(app),
	)
}

// openSandbox opens the sandbox of the state folder. The first time, the
// default fleet is made.
func (app *App) openSandbox() (*sandbox.Backend, error) {
	options, err := app.sandboxOptions(seed.Options{})
	if err != nil {
		return nil, err
	}
	return sandbox.Open(options)
}

func (app *App) sandboxOptions(o seed.Options) (sandbox.Options, error) {
	path, err := app.sandboxPath()
	return sandbox.Options{Store: sandbox.NewBoltStore(path), Now: app.Now, Seed: o}, err
}
