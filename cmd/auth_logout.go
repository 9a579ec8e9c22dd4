package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
)

func newAuthLogout(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "Revoke and forget the credential of the profile",
		Long: `Has the auth server end the tokens of the profile in force, then forgets its
secrets and its access token, whatever the server answers. The profile stays:
"auth login" fills it again, and "profile remove" removes it.

The key of a service account is not revoked by that: if it may have been seen
by others, end it in the developer console.`,
		Example: `  # The sandbox keeps nothing
  worksctl auth logout --profile sandbox`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := refuseFlags(c, "columns", "no-headers", "jq"); err != nil {
				return err
			}
			settings, err := app.Settings()
			if err != nil {
				return err
			}
			switch {
			case settings.Sandbox:
				app.Term.Infof("profile %s needs no sign-in, so there is nothing to forget", settings.Name)
				return nil
			case settings.Storage == config.StorageEnvironment:
				return exit.Usagef("NOTHING_KEPT", "name a profile with --profile, or unset the variables",
					"the credential comes from the environment (WORKSCTL_TOKEN, WORKSCTL_CLIENT_ID and so on), so there is nothing to forget")
			}
			if err := app.signOut(c.Context(), settings, func() error { return nil }); err != nil {
				return err
			}
			app.Term.Infof("signed out of profile %s", settings.Name)
			return nil
		},
	}
}

// signOut ends the tokens of a profile on the auth server as far as it can, and
// forgets its secrets whatever the server answers; then does what is to be done
// before another process may sign in again. What has to be asked is asked before
// others have to wait.
func (app *App) signOut(ctx context.Context, s config.Settings, then func() error) error {
	store, err := app.store(s.Storage)
	if err != nil {
		return err
	}
	_, err = app.unlock(ctx, s)
	opened := err == nil
	if err != nil && !errors.Is(err, credential.ErrNotFound) {
		if err := app.forgetAllTheSame(ctx, s, err); err != nil {
			return err
		}
		app.tellNotRevoked(s, err)
	}
	unlock, err := app.lockSignIn(ctx, s.Name)
	if err != nil {
		return err
	}
	err = func() error {
		defer unlock()
		if opened {
			if err := app.revoke(ctx, s); ctx.Err() != nil {
				return context.Cause(ctx)
			} else if err != nil {
				app.tellNotRevoked(s, err)
			}
		}
		if err := store.Delete(ctx, s.Name); err != nil {
			return withoutHint(err)
		}
		return then()
	}()
	if err != nil {
		return err
	}
	// Only the file's name counts here, so any secret will do: a credential that
	// can't be read has its token forgotten too.
	return app.tokenCache(identityOf(s), []api.Secret{api.NewSecret(none)}).Forget(ctx)
}

func (app *App) tellNotRevoked(s config.Settings, err error) {
	app.Term.Warnf("the tokens of profile %s are forgotten here but not revoked: %v", s.Name, explain(err))
}

// forgetAllTheSame is nil where what kept the tokens from being revoked must not
// keep the secrets from being forgotten. A passphrase that is mistyped or not
// given is no reason to lose them, nor is another profile's name being the same:
// somebody has to say so.
func (app *App) forgetAllTheSame(ctx context.Context, s config.Settings, why error) error {
	e := explain(why)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case e.Exit == exit.Interrupted, errors.Is(why, terminal.ErrNoAnswer):
		return why
	case app.flags.yes:
		return nil
	case !errors.Is(why, credential.ErrPassphrase) && !errors.Is(why, credential.ErrDamaged) && e.Exit != exit.Usage && e.ID != otherCredential:
		return nil
	case !app.Term.Interactive():
		e.Hint = "--yes forgets it without revoking its tokens"
		return e
	}
	app.Term.Notef("%v", e)
	return app.agree(ctx, "Forget the credential of profile "+s.Name+" without revoking its tokens?", "nothing was forgotten")
}

// withoutHint drops what would mend a store to sign in with: here it is to
// forget.
func withoutHint(err error) error {
	if e := exit.As(err); e != nil && e.Exit == exit.SignIn {
		plain := *e
		plain.Hint = ""
		return &plain
	}
	return err
}

// revoke ends the refresh token of a browser sign-in, with all that was made
// from it, or the access token of a service account that is at hand.
func (app *App) revoke(ctx context.Context, s config.Settings) error {
	i, err := app.unlock(ctx, s)
	if errors.Is(err, credential.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	server := app.authServer(s.AuthURL)
	if i.kind == config.SignInWeb {
		refresh, err := i.store.Get(ctx, i.profile, credential.RefreshToken)
		if errors.Is(err, credential.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return server.Revoke(ctx, i.clientID, i.clientSecret, refresh, "refresh_token")
	}
	held, err := app.tokenAtHand(ctx, i)
	if err != nil || held.Reveal() == "" {
		return err
	}
	return server.Revoke(ctx, i.clientID, i.clientSecret, held, "access_token")
}

var errNoToken = errors.New("no token is at hand")

// tokenAtHand is the shared token, or empty: none is got for this.
func (app *App) tokenAtHand(ctx context.Context, i identity) (api.Secret, error) {
	source := auth.NewSource(auth.SourceOptions{
		Fetch: func(context.Context) (auth.Token, error) { return auth.Token{}, errNoToken },
		Cache: app.tokenCache(i, i.secrets()),
		Now:   app.Now,
	})
	held, err := source.Token(ctx)
	if errors.Is(err, errNoToken) {
		return api.Secret{}, nil
	}
	return held, err
}
