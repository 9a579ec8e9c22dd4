package cmd

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/pkg/api"
)

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
	options := app.apiOptions(settings.APIURL)
	if settings.Sandbox {
		if err := app.embed(&options); err != nil {
			return nil, err
		}
		return api.New(options)
	}
	if options.Tokens, err = app.Tokens(); err != nil {
		return nil, err
	}
	return api.New(options)
}

func (app *App) apiOptions(address string) api.Options {
	return api.Options{
		BaseURL:   address,
		Timeout:   time.Duration(app.flags.timeout),
		Now:       app.Now,
		Sleep:     app.sleep,
		UserAgent: "worksctl/" + app.Build.complete().Version,
		Trace:     app.traced,
	}
}

// newTokens are the access tokens of the profile in force. Nothing is read for
// them yet.
func (app *App) newTokens() (api.TokenSource, error) {
	s, err := app.Settings()
	if err != nil {
		return nil, err
	}
	if s.Storage == config.StorageEnvironment && s.SignIn == config.SignInToken {
		return api.StaticToken(s.Token), nil
	}
	return &tokens{app: app, settings: s}, nil
}

// traced shows each request with -v. Without it a person at the terminal is
// told what the client waits for, since its attempts can take minutes.
func (app *App) traced(e api.TraceEvent) {
	switch {
	case app.flags.verbose:
		app.Term.Notef("%s", e)
	case e.Err != nil && e.Method == http.MethodGet && !errors.Is(e.Err, context.Canceled):
		app.Term.Infof("no answer yet: %v", e.Err)
	case e.Status == http.StatusTooManyRequests:
		app.Term.Infof("the server asks to wait: too many requests")
	}
}

// fleetNow is the time that the fleet's times count from: the sandbox's clock
// may have been advanced.
func (app *App) fleetNow() time.Time { return app.Now().Add(app.ahead) }

// host names the back end of the profile in force.
func (app *App) host() string {
	settings, err := app.Settings()
	if err != nil || settings.Sandbox {
		return config.SandboxName
	}
	if u, err := url.Parse(settings.APIURL); err == nil && u.Host != "" {
		return u.Host
	}
	return settings.APIURL
}
