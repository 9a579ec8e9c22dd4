package cmd

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
)

func newApp(env Env) *App {
	app := &App{
		Term:      terminal.New(env.In, env.Out, env.Err, env.LookupEnv),
		Now:       env.Now,
		Location:  env.Location,
		LookupEnv: env.LookupEnv,
		Build:     env.Build,
		sleep:     env.Sleep,
	}
	if env.Width > 0 {
		app.Term.OutTTY, app.Term.Width = true, env.Width
	}
	app.Settings = sync.OnceValues(app.loadSettings)
	app.Client = sync.OnceValues(app.connect)
	return app
}

// loadSettings resolves the profile in force.
func (app *App) loadSettings() (config.Settings, error) {
	file, warnings, err := config.Load(app.LookupEnv)
	if err != nil {
		return config.Settings{}, err
	}
	settings, more, err := config.Resolve(config.Flags{Profile: app.flags.profile, Output: app.flags.output}, app.LookupEnv, file)
	for _, w := range append(warnings, more...) {
		app.Term.Warnf("%s", w)
	}
	return settings, err
}

// connect builds the client for the profile in force. It makes no request.
func (app *App) connect() (*api.Client, error) {
	settings, err := app.Settings()
	if err != nil {
		return nil, err
	}
	options := api.Options{
		BaseURL:   settings.APIURL,
		Timeout:   time.Duration(app.flags.timeout),
		Now:       app.Now,
		Sleep:     app.sleep,
		UserAgent: "worksctl/" + app.Build.complete().Version,
	}
	if app.flags.verbose {
		options.Trace = func(e api.TraceEvent) { app.Term.Notef("%s", e) }
	}
	if settings.Sandbox {
		if err := app.embed(&options); err != nil {
			return nil, err
		}
		return api.New(options)
	}
	token, err := settings.AccessToken()
	if err != nil {
		return nil, err
	}
	options.Tokens = api.StaticToken(token)
	return api.New(options)
}

// embed puts the sandbox in the place of network and sign-in. Its requests
// travel over memory, so nothing can leave the process.
func (app *App) embed(options *api.Options) error {
	backend, err := app.openSandbox()
	if err != nil {
		return err
	}
	now, err := backend.Time(context.Background())
	if err != nil {
		return err
	}
	app.ahead = now.Sub(app.Now())
	transport, closer := sandbox.Transport(backend)
	app.closers = append(app.closers, closer)
	options.BaseURL = "http://localhost" + sandbox.APIPath
	options.Transport = transport
	options.Tokens = &sandboxTokens{backend: backend}
	return nil
}

// fleetNow is the time that the fleet's times count from: the sandbox's clock
// may have been advanced.
func (app *App) fleetNow() time.Time { return app.Now().Add(app.ahead) }

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

// close ends what the commands opened.
func (app *App) close() error {
	var first error
	for _, c := range app.closers {
		if err := c.Close(); first == nil {
			first = err
		}
	}
	app.closers = nil
	return first
}
