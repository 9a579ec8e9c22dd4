package cmd

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// acting is what a command that acts works with: where it acts, the jobs and
// records of the state folder, and the form of its results.
type acting struct {
	app      *App
	format   output.Format
	settings config.Settings
	client   *api.Client
	tenant   journal.Tenant
	jobs     journal.Store
	records  *ledger.Dir
	dryRun   bool

	// report, unless nil, prints what became of a job instead of its results.
	report func(context.Context, journal.Record) error
}

// addDryRun gives c the flag that every command which acts has.
func addDryRun(c *cobra.Command, dryRun *bool) {
	c.Flags().BoolVar(dryRun, "dry-run", false, "show what would be done, and send nothing")
}

// startActing checks what can be checked before any request: the form of the
// results, that somebody can answer, and the profile.
func (app *App) startActing(c *cobra.Command, dryRun bool) (*acting, error) {
	format, err := app.outputFormat(false)
	if err != nil {
		return nil, err
	}
	if err := app.checkResults(format); err != nil {
		return nil, err
	}
	if !dryRun {
		if err := app.needAnswer(c); err != nil {
			return nil, err
		}
	}
	a, err := app.newActing(format)
	if err != nil {
		return nil, err
	}
	a.dryRun = dryRun
	return a, nil
}

// newActing opens nothing yet and makes no request.
func (app *App) newActing(format output.Format) (*acting, error) {
	a := &acting{app: app, format: format}
	var err error
	if a.settings, err = app.Settings(); err != nil {
		return nil, err
	}
	if a.client, err = app.Client(); err != nil {
		return nil, err
	}
	outliveReaders()
	a.tenant = app.tenant(a.settings)
	a.jobs, a.records, err = app.records()
	return a, err
}

// needAnswer refuses to begin what asks a question that nobody can answer.
func (app *App) needAnswer(c *cobra.Command) error {
	if app.flags.yes || app.Term.Interactive() {
		return nil
	}
	hint := "add --yes to go on without a question"
	if c.Flags().Lookup("dry-run") != nil {
		hint += ", or --dry-run to see what would be done"
	}
	why := "there is no terminal to answer at"
	if app.Term.ErrTTY && !app.Term.InTTY {
		why = "standard input is not a terminal"
	}
	if app.flags.noInput {
		why = "--no-input forbids the question"
	}
	return exit.Usagef("ANSWER_NEEDED", hint, "%q asks before it acts, and %s", c.CommandPath(), why)
}

// tenant is where a profile acts. Each fleet of the sandbox is a tenant of its
// own: what was done to the one before a reset says nothing about it.
func (app *App) tenant(s config.Settings) journal.Tenant {
	address := canonical(s.APIURL)
	if s.Sandbox {
		address = config.SandboxName + " of " + app.seeded.UTC().Format(time.RFC3339)
	}
	return journal.NewTenant(address, s.DomainID, s.Name)
}

// canonical spells an address in one way, whatever case and dots it was given
// in: jobs and records are found by it.
func canonical(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Host = strings.ToLower(u.Host)
	if port := u.Port(); port == "443" && u.Scheme == "https" || port == "80" && u.Scheme == "http" {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	return u.JoinPath().String()
}

// records are the jobs of the state folder and what is remembered across them.
func (app *App) records() (journal.Store, *ledger.Dir, error) {
	dir, err := config.StateDir(app.LookupEnv)
	if err != nil {
		return nil, nil, err
	}
	return journal.NewDir(filepath.Join(dir, "jobs"), app.Now), ledger.NewDir(filepath.Join(dir, "records")), nil
}

// runner carries out jobs and shows how far they came.
func (a *acting) runner(p *terminal.Progress) *job.Runner {
	return &job.Runner{
		Client:  a.client,
		Notices: a.records.Notices(),
		Now:     a.app.fleetNow,
		Sleep:   a.app.pause,
		Progress: func(settled int, perMinute float64) {
			p.SetRate(perMinute, api.MaxNotify)
			p.Add(settled)
		},
	}
}

// pause waits between two requests, or until ctx ends.
func (app *App) pause(ctx context.Context, d time.Duration) error {
	if app.sleep != nil {
		return app.sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// newJob describes a job of this profile, from now.
func (a *acting) newJob(action fleet.Action) journal.Job {
	return journal.Job{
		Action:      action,
		Profile:     a.settings.Name,
		Tenant:      a.tenant,
		CreatedTime: a.app.fleetNow().In(a.app.Location),
		Version:     a.app.Build.complete().Version,
	}
}
