package cmd

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// Env is all that the process hands to worksctl: nothing below it reads
// arguments, environment, streams or the clock of the process by itself.
type Env struct {
	Args      []string // without the program's name
	In        io.Reader
	Out, Err  io.Writer
	LookupEnv func(string) (string, bool)
	Now       func() time.Time
	Location  *time.Location // of the times that a person is shown
	Build     Build
	// Width makes Out count as a terminal of so many columns; 0 asks Out itself.
	Width int
	// Sleep waits between attempts of a request; nil waits on a timer.
	Sleep func(context.Context, time.Duration) error
}

// App is what commands use. Its functions are lazy and each does its work
// once, so that help, version and completion touch no file and no network.
type App struct {
	Term      *terminal.Term
	Now       func() time.Time
	Location  *time.Location
	LookupEnv func(string) (string, bool)
	Build     Build

	Settings func() (config.Settings, error) // the profile in force
	Tokens   func() (api.TokenSource, error) // of that profile
	Client   func() (*api.Client, error)     // signed in to that profile

	fileStore func() (credential.Store, error) // the encrypted files

	flags   globalFlags
	format  output.Format // in force, once it is known
	ahead   time.Duration // of the sandbox's clock, once it is open
	seeded  time.Time     // when the sandbox's fleet was made, likewise
	sleep   func(context.Context, time.Duration) error
	closers []io.Closer
}

func newApp(env Env) *App {
	app := &App{
		Term:     terminal.New(env.In, env.Out, env.Err, env.LookupEnv),
		Now:      env.Now,
		Location: env.Location,
		LookupEnv: func(name string) (string, bool) {
			value, ok := env.LookupEnv(name)
			if name == config.EnvProfile {
				value = composed(value)
			}
			return value, ok
		},
		Build: env.Build,
		sleep: env.Sleep,
	}
	if env.Width > 0 {
		app.Term.OutTTY, app.Term.Width = true, env.Width
	}
	app.Settings = sync.OnceValues(app.loadSettings)
	app.Tokens = sync.OnceValues(app.newTokens)
	app.Client = sync.OnceValues(app.connect)
	app.fileStore = sync.OnceValues(app.openFileStore)
	return app
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

// globalFlags are the flags that every command has.
type globalFlags struct {
	profile   string
	output    string
	columns   []string
	noHeaders bool
	jq        string
	timeout   duration
	yes       bool
	noInput   bool
	quiet     bool
	verbose   bool
	color     string
}
