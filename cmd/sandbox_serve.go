package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/output"
)

func newSandboxServe(app *App) *cobra.Command {
	var addr string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the sandbox on a loopback port",
		Long: `Serves the sandbox over HTTP until it is interrupted, for other programs that
speak the contract (docs/openapi.yaml). It listens on loopback addresses only,
since it lets anybody in who reaches it.

It prints the variables by which another worksctl reaches it. POST requests
below /sandbox/ control it: see docs/sandbox.md.`,
		Example:           `  worksctl sandbox serve --addr 127.0.0.1:8765`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			format, err := app.objectFormat(c)
			if err != nil {
				return err
			}
			return app.serveSandbox(c.Context(), format, addr)
		},
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8765", "loopback address and port; port 0 is any free one")
	fixedValues(c, "addr", "127.0.0.1:8765", "127.0.0.1:0")
	return c
}

func (app *App) serveSandbox(ctx context.Context, format output.Format, addr string) error {
	listener, err := sandbox.Listen(ctx, addr)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // Serve has closed it already
	backend, err := app.openSandbox()
	if err != nil {
		return err
	}
	token, err := backend.AccessToken(ctx)
	if err != nil {
		return err
	}
	base := "http://" + listener.Addr().String()
	to := connection{base + sandbox.APIPath, base + sandbox.AuthPath, token}
	text := fmt.Sprintf("export WORKSCTL_API_URL=%s\nexport WORKSCTL_AUTH_URL=%s\nexport WORKSCTL_TOKEN=%s\n",
		to.APIURL, to.AuthURL, to.Token)
	if err := printObject(ctx, app, format, to, text, output.EncodeJSON[connection]); err != nil {
		return err
	}
	app.Term.Infof("serving until Ctrl-C")
	if err := sandbox.Serve(ctx, listener, backend); err != nil {
		return err
	}
	app.Term.Infof("") // the shell's prompt would stand behind ^C
	// Being stopped is how a server ends, and nothing to call an error; the exit
	// code still tells the signal.
	return &exit.Error{Exit: exit.CodeOf(context.Cause(ctx))}
}

// connection is how another program reaches a sandbox.
type connection struct {
	APIURL  string `json:"apiUrl"`
	AuthURL string `json:"authUrl"`
	Token   string `json:"token"`
}
