package cmd

import (
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

// fleetNow is the time that the fleet's times count from: the sandbox's clock
// may have been advanced.
func (app *App) fleetNow() time.Time { return app.Now().Add(app.ahead) }
