package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
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

// openSandbox opens the sandbox of the state folder. The first time, a fleet
// is made as o says.
func (app *App) openSandbox(o seed.Options) (*sandbox.Backend, error) {
	path, err := app.sandboxPath()
	if err != nil {
		return nil, err
	}
	return sandbox.Open(sandbox.Options{Store: sandbox.NewBoltStore(path), Now: app.Now, Seed: o})
}

// control asks the sandbox's own controls, which no profile and no token
// guards.
func control(ctx context.Context, backend *sandbox.Backend, method, path string, in, out any) error {
	transport, closer := sandbox.Transport(backend)
	defer closer.Close()
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://localhost"+sandbox.AdminPath+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		var refusal struct{ Description string }
		_ = json.NewDecoder(resp.Body).Decode(&refusal) // without it the status must do
		return exit.Failedf("SANDBOX", "", "the sandbox refused: %s %s", resp.Status, refusal.Description)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}
