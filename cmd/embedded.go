package cmd

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// embed puts the sandbox in the place of network and sign-in. Its requests
// travel over memory, so nothing can leave the process.
func (app *App) embed(options *api.Options) error {
	backend, err := app.openSandbox()
	if err != nil {
		return err
	}
	info, err := backend.Info(context.Background())
	if err != nil {
		return err
	}
	app.ahead, app.seeded = info.Time.Sub(app.Now()), info.SeededAt
	transport, closer := sandbox.Transport(backend)
	app.closers = append(app.closers, closer)
	options.BaseURL = "http://localhost" + sandbox.APIPath
	options.Transport = transport
	options.Tokens = &sandboxTokens{backend: backend}
	return nil
}

// sandboxTokens are the tokens of the sandbox's built-in client.
type sandboxTokens struct {
	backend *sandbox.Backend
	mu      sync.Mutex
	held    string
}

// Token returns the token in hand, or the first one.
func (s *sandboxTokens) Token(ctx context.Context) (api.Secret, error) {
	return s.Renew(ctx, api.NewSecret(""))
}

// Renew returns a token other than the refused one.
func (s *sandboxTokens) Renew(ctx context.Context, refused api.Secret) (api.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == refused.Reveal() {
		var err error
		if s.held, err = s.backend.AccessToken(ctx); err != nil {
			return api.Secret{}, err
		}
	}
	return api.NewSecret(s.held), nil
}

// sandboxPath is the sandbox's own file in the state folder.
func (app *App) sandboxPath() (string, error) {
	dir, err := config.StateDir(app.LookupEnv)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "sandbox.db"), nil
}
