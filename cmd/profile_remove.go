package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
)

func newProfileRemove(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove a profile and its secrets",
		Long: `Signs the profile out, as "auth logout" does, and takes it out of the
configuration file, with the comments inside it. Its jobs stay. It asks first,
and off a terminal needs --yes.`,
		Example: `  # Which names are there?
  worksctl profile list --columns name --no-headers
  worksctl profile remove --help`,
		Args:              oneArg("NAME"),
		ValidArgsFunction: app.completeNames,
		RunE: func(c *cobra.Command, args []string) error {
			if err := refuseFlags(c, "profile", "columns", "no-headers", "jq"); err != nil {
				return err
			}
			return app.removeProfile(c, composed(args[0]))
		},
	}
}

func (app *App) removeProfile(c *cobra.Command, name string) error {
	if name == config.SandboxName {
		return exit.Usagef("RESERVED_PROFILE", "worksctl sandbox reset", "profile %s is built in: it can be begun anew, not removed", name)
	}
	file, err := app.loadConfig()
	if err != nil {
		return err
	}
	if !slices.Contains(file.Names(), name) {
		return app.dropProfile(name) // says what is known
	}
	if err := app.needAnswer(c); err != nil {
		return err
	}
	settings, err := ofFile(file, name)
	if err != nil {
		return err
	}
	ctx := c.Context()
	if err := app.agree(ctx, fmt.Sprintf("Remove profile %s (%s) and its secrets?", name, settings.APIURL), "nothing was removed"); err != nil {
		return err
	}
	if settings.SignIn == config.SignInToken || settings.ClientID == "" {
		return app.dropProfile(name)
	}
	err = app.signOut(ctx, settings, func() error { return app.dropProfile(name) })
	if errors.Is(err, credential.ErrUnavailable) { // there is nothing where nothing can be
		app.Term.Warnf("the secrets of profile %s could not be looked for: %v", name, err)
		return app.dropProfile(name)
	}
	return err
}

// dropProfile takes a profile out of the configuration file.
func (app *App) dropProfile(name string) error {
	wasCurrent := false
	err := config.Edit(app.LookupEnv, func(e *config.Editor) (err error) {
		wasCurrent, err = e.Remove(name)
		return err
	})
	if err != nil {
		return err
	}
	app.Term.Infof("profile %s is removed", name)
	if wasCurrent {
		app.Term.Infof("no profile is current now: worksctl profile use NAME chooses one")
	}
	return nil
}

// agree asks for yes unless --yes was given. instead says what a no means.
func (app *App) agree(ctx context.Context, question, instead string) error {
	if app.flags.yes {
		return nil
	}
	yes, err := app.Term.Confirm(ctx, question)
	switch {
	case errors.Is(err, terminal.ErrNoAnswer):
		return exit.Refusedf("DECLINED", "", "no answer: %s", instead)
	case err != nil:
		return err
	case !yes:
		return exit.Refusedf("DECLINED", "", "declined: %s", instead)
	}
	return nil
}
