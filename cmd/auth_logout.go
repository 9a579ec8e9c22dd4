package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
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
			if err := app.signOut(c.Context(), settings); err != nil {
				return err
			}
			app.Term.Infof("signed out of profile %s", settings.Name)
			return nil
		},
	}
}

// signOut ends the tokens of a profile on the auth server as far as it can, and
// forgets its secrets in any case.
func (app *App) signOut(ctx context.Context, s config.Settings) error {
	store, err := app.store(s.Storage)
	if err != nil {
		return err
	}
	if err := app.revoke(ctx, s); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		app.Term.Warnf("the tokens of profile %s are forgotten here but not revoked: %v", s.Name, explain(err))
	}
	// Only the file's name counts here, so any secret will do: a credential that
	// can't be read has its token forgotten too.
	forgotten := app.tokenCache(identityOf(s), []api.Secret{api.NewSecret(none)}).Forget()
	return errors.Join(store.Delete(ctx, s.Name), forgotten)
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
