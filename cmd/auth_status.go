package cmd

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func newAuthStatus(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show as whom the profile is signed in, and whether that works",
		Long: `Shows where the credential of the profile in force is kept, as whom it signs in,
which scopes it asks for and was granted, and when the access token ends. It
gets a token if there is none at hand; a ready token is tried on the back end.

A credential that can't be used is exit code 3. Where that could not be found
out, since a server can't be reached, the exit code is 1: signing in again would
not help.`,
		Example: `  worksctl auth status --profile sandbox
  worksctl auth status --profile sandbox -o json --jq .usable`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			format, err := app.objectFormat(c)
			if err != nil {
				return err
			}
			settings, err := app.Settings()
			if err != nil {
				return err
			}
			status, err := app.signInStatus(c.Context(), settings)
			if c.Context().Err() != nil {
				return err
			}
			printed := printObject(c.Context(), app, format, status, status.card(app), output.EncodeJSON[signInStatus])
			return errors.Join(err, printed)
		},
	}
}

// signInStatus is what `auth status` and `auth login` print:
// docs/schema/auth-status.schema.json.
type signInStatus struct {
	Profile         string     `json:"profile"`
	APIURL          *string    `json:"apiUrl"`
	AuthURL         *string    `json:"authUrl"`
	DomainID        *int32     `json:"domainId"`
	SignIn          string     `json:"signIn"`  // service-account, web, token, or none
	Storage         string     `json:"storage"` // keyring, file, environment, or none
	ClientID        *string    `json:"clientId"`
	ServiceAccount  *string    `json:"serviceAccount"`
	Member          *string    `json:"member"`          // e-mail of the person who signed in; nil where the server doesn't tell
	RequestedScopes []string   `json:"requestedScopes"` // [] where nothing is asked for
	Scopes          []string   `json:"scopes"`          // as granted; [] where not known
	Expires         *time.Time `json:"expiresTime"`     // of the access token
	Usable          *bool      `json:"usable"`          // nil where that could not be found out
	Problem         *string    `json:"problem"`
}

// passphraseNeeded is the code of an error where nobody can be asked for it.
const passphraseNeeded = "PASSPHRASE_NEEDED"

// none is how the sandbox signs in and where it keeps that.
const none = "none"

// describe is what is known of a sign-in without any request.
func describe(s config.Settings) signInStatus {
	if s.Sandbox {
		return signInStatus{Profile: s.Name, SignIn: none, Storage: none, RequestedScopes: []string{}, Scopes: []string{}, Usable: new(true)}
	}
	status := signInStatus{
		Profile: s.Name, APIURL: orNull(s.APIURL), AuthURL: orNull(s.AuthURL), DomainID: orNull(s.DomainID),
		SignIn: string(s.SignIn), Storage: string(s.Storage), RequestedScopes: []string{}, Scopes: []string{},
	}
	if s.SignIn != config.SignInToken {
		i := identityOf(s)
		status.ClientID, status.ServiceAccount, status.RequestedScopes = orNull(i.clientID), orNull(i.account), i.scopes
	}
	return status
}

// signInStatus tries the sign-in. The status says the same as the error.
func (app *App) signInStatus(ctx context.Context, s config.Settings) (signInStatus, error) {
	status := describe(s)
	if s.Sandbox {
		return status, nil
	}
	t, err := app.provenToken(ctx)
	if err == nil {
		app.granted(ctx, &status, t)
		return status, nil
	}
	e := explain(err)
	status.Problem = orNull(e.Error())
	if e.ID == passphraseNeeded { // nobody can give it here: it can't be used
		e.Exit, err = exit.SignIn, e
	}
	if e.Exit == exit.SignIn {
		status.Usable = new(false)
	}
	return status, err
}

// granted takes what a token says, and whose it is. One without scopes has all
// that were asked for (RFC 6749, section 5.1).
func (app *App) granted(ctx context.Context, s *signInStatus, t auth.Token) {
	s.Usable, s.Scopes = new(true), s.RequestedScopes
	if t.Scope != "" {
		s.Scopes = strings.Fields(t.Scope)
	}
	if !t.Expires.IsZero() {
		end := t.Expires.Truncate(time.Second)
		s.Expires = &end
	}
	s.Member = orNull(app.whoIs(ctx, s, t.Access))
}

// whoIs is the e-mail of the member whom a token of a browser sign-in stands
// for: GET /users/me. It is empty without a scope for that.
func (app *App) whoIs(ctx context.Context, s *signInStatus, token api.Secret) string {
	reads := func(scope string) bool {
		return slices.Contains([]string{"user.read", "user", "directory.read", "directory"}, scope)
	}
	if s.SignIn != string(config.SignInWeb) || !slices.ContainsFunc(s.Scopes, reads) {
		return ""
	}
	options := app.apiOptions(*s.APIURL)
	options.Tokens = api.StaticToken(token)
	client, err := api.New(options)
	if err != nil {
		return ""
	}
	m, err := client.Users.Get(ctx, "me")
	if err != nil {
		return ""
	}
	return m.Email
}

// tryToken returns a token that works. The auth server says so of one that it
// gives, a back end of a ready one. What a back end refuses otherwise is nothing
// against the token.
func (app *App) tryToken(ctx context.Context) (auth.Token, error) {
	t, err := app.provenToken(ctx)
	if e, ok := errors.AsType[*api.Error](err); ok && !errors.Is(e, api.ErrUnauthorized) {
		err = nil
	}
	return t, err
}

// provenToken is tryToken, but for that a ready token is proven only by a back
// end that lets it in, whatever it may do there.
func (app *App) provenToken(ctx context.Context) (auth.Token, error) {
	all, err := app.Tokens()
	if err != nil {
		return auth.Token{}, err
	}
	if t, ok := all.(*tokens); ok {
		source, err := t.open(ctx)
		if err != nil {
			return auth.Token{}, err
		}
		return source.Current(ctx)
	}
	client, err := app.Client()
	if err != nil {
		return auth.Token{}, err
	}
	_, err = oneDevice(ctx, client, 0)
	if errors.Is(err, api.ErrNoDeviceAPI) {
		b := backEnd{client: client}
		b.published(ctx, config.Settings{})
		err = b.err
	}
	if e, ok := errors.AsType[*api.Error](err); ok && e.Status == http.StatusForbidden {
		err = nil
	}
	return auth.Token{}, err
}

func (s *signInStatus) card(app *App) string {
	fields := []fleet.Field{{Label: "Profile", Value: s.Profile}}
	if s.SignIn == none {
		return fleet.FormatCard(append(fields, fleet.Field{Label: "Sign-in", Value: "none is needed"}), nil)
	}
	fields = append(fields, whereFields(s.APIURL, s.AuthURL, s.DomainID, s.SignIn, s.Storage)...)
	if s.ClientID != nil {
		fields = append(fields, fleet.Field{Label: "Client ID", Value: *s.ClientID})
	}
	if s.ServiceAccount != nil {
		fields = append(fields, fleet.Field{Label: "Account", Value: *s.ServiceAccount})
	}
	if s.SignIn == string(config.SignInWeb) {
		fields = append(fields, fleet.Field{Label: "Member", Value: cmp.Or(orEmpty(s.Member), "not known: --scope user.read lets it be told")})
	}
	scopes, expires, usable := strings.Join(s.Scopes, " "), "not known", "not known"
	if scopes == "" {
		scopes = "not known"
	}
	if asked := strings.Join(s.RequestedScopes, " "); asked != "" && asked != scopes {
		scopes += " (asked for: " + asked + ")"
	}
	if s.Expires != nil {
		expires = app.shownText(s.Expires.Format(time.RFC3339))
	}
	if s.Usable != nil {
		usable = "no"
		if *s.Usable {
			usable = "yes"
		}
	}
	return fleet.FormatCard(append(fields,
		fleet.Field{Label: "Scopes", Value: scopes},
		fleet.Field{Label: "Token ends", Value: expires},
		fleet.Field{Label: "Usable", Value: usable},
	), nil)
}

// whereFields say where, how and with what a profile signs in.
func whereFields(apiURL, authURL *string, domainID *int32, signIn, storage string) []fleet.Field {
	domain := "every domain"
	if domainID != nil {
		domain = strconv.Itoa(int(*domainID))
	}
	return []fleet.Field{
		{Label: "API", Value: orEmpty(apiURL)},
		{Label: "Auth server", Value: orEmpty(authURL)},
		{Label: "Domain", Value: domain},
		{Label: "Sign-in", Value: signInWords(config.SignIn(signIn))},
		{Label: "Kept in", Value: storageWords(config.Storage(storage))},
	}
}

func signInWords(s config.SignIn) string {
	switch s {
	case config.SignInServiceAccount:
		return "service account"
	case config.SignInWeb:
		return "a person, with a browser"
	default:
		return "a ready access token"
	}
}

func storageWords(s config.Storage) string {
	switch s {
	case config.StorageKeyring:
		return "the keyring of the operating system"
	case config.StorageFile:
		return "an encrypted file in the state folder"
	default:
		return "the environment"
	}
}
