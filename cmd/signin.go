package cmd

import (
	"context"
	"encoding/base64"
	"net/url"
	"path/filepath"
	"strings"
	"sync"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// defaultScopes are asked for where none are named: those of the device API,
// and of NAVER WORKS' own auth server, which knows no such scopes, published
// ones.
func defaultScopes(authURL string) []string {
	if published(authURL) {
		return auth.PublishedScopes()
	}
	return []string{"security.device", "security.device.read"}
}

// published reports whether an auth server is NAVER WORKS' own.
func published(authURL string) bool {
	own, _ := url.Parse(config.DefaultAuthURL) // a constant that can be read
	u, err := url.Parse(authURL)
	return err == nil && strings.EqualFold(u.Hostname(), own.Hostname())
}

// identity is as whom a profile signs in, with the secrets that this takes.
type identity struct {
	profile      string
	kind         config.SignIn
	authURL      string
	clientID     string
	account      string // of a service account
	scopes       []string
	clientSecret api.Secret
	privateKey   []byte           // of a service account: PKCS#8 DER
	session      string           // of a stored credential: see binding
	store        credential.Store // where secrets are kept; nil in the environment
}

// identityOf is all of an identity but its secrets.
func identityOf(s config.Settings) identity {
	i := identity{profile: s.Name, kind: s.SignIn, authURL: s.AuthURL, clientID: s.ClientID, account: s.ServiceAccount, scopes: s.Scopes}
	if len(i.scopes) == 0 {
		i.scopes = defaultScopes(i.authURL)
	}
	return i
}

// unlock reads the secrets of the profile in force. Its errors have exit code 3,
// or 2 where a passphrase is needed that nobody can give.
func (app *App) unlock(ctx context.Context, s config.Settings) (identity, error) {
	i := identityOf(s)
	if s.SignIn == config.SignInToken {
		return i, exit.SignInf("NO_CREDENTIAL", loginHint(s.Name), "profile %s takes a ready access token: set %s, or sign in otherwise", s.Name, config.EnvToken)
	}
	if s.Storage == config.StorageEnvironment {
		return i, i.fromEnvironment(s)
	}
	if i.clientID == "" || i.kind == config.SignInServiceAccount && i.account == "" {
		return i, exit.SignInf("NO_CREDENTIAL", loginHint(s.Name), "nobody has signed in to profile %s yet", s.Name)
	}
	var err error
	if i.store, err = app.store(s.Storage); err != nil {
		return i, err
	}
	if i.clientSecret, err = i.store.Get(ctx, s.Name, credential.ClientSecret); err != nil {
		return i, err
	}
	b, err := readBinding(ctx, i.store, s.Name)
	if err == nil {
		err = b.fits(s)
	}
	if i.session = b.Session; err != nil || i.kind != config.SignInServiceAccount {
		return i, err
	}
	key, err := i.store.Get(ctx, s.Name, credential.PrivateKey)
	if err != nil {
		return i, err
	}
	i.privateKey, err = base64.StdEncoding.DecodeString(key.Reveal())
	return i, err
}

func (i *identity) fromEnvironment(s config.Settings) (err error) {
	if i.clientSecret = s.ClientSecret; s.ClientSecretFile != "" {
		if i.clientSecret, err = readSecretFile(s.ClientSecretFile); err != nil {
			return exit.SignInf("NO_CREDENTIAL", "", "%s: %v", config.EnvClientSecretFile, err)
		}
	}
	if i.privateKey, err = readKeyFile(s.PrivateKeyFile); err != nil {
		return exit.SignInf("BAD_PRIVATE_KEY", "", "%s: %v", config.EnvPrivateKeyFile, err)
	}
	return nil
}

func loginHint(profile string) string { return "worksctl auth login --profile " + profile }

// source returns the tokens of an identity.
func (app *App) source(i identity) *auth.Source {
	if _, err := config.StateDir(app.LookupEnv); err != nil {
		app.Term.Warnf("the access token is not shared with other worksctl processes: %v", err)
	}
	return auth.NewSource(auth.SourceOptions{
		Fetch: app.fetch(i),
		Cache: app.tokenCache(i, i.secrets()),
		Now:   app.Now,
		Warn:  func(text string) { app.Term.Warnf("%s", text) },
	})
}

// secrets are those that stay when a token is renewed. With a browser the next
// sign-in may be somebody else's, who must not find this one's token.
func (i *identity) secrets() []api.Secret {
	all := []api.Secret{i.clientSecret, api.NewSecret(string(i.privateKey))}
	if i.kind == config.SignInWeb {
		all = append(all, api.NewSecret(i.session))
	}
	return all
}

// tokenCache is where the processes of an identity share their token. Everything
// that a token depends on is in its name. Of a browser sign-in that is the
// profile too, since the client does not say who signed in.
func (app *App) tokenCache(i identity, secrets []api.Secret) *auth.Cache {
	dir, err := config.StateDir(app.LookupEnv)
	if err != nil {
		return nil
	}
	name := []string{string(i.kind), i.authURL, i.clientID, i.account, strings.Join(i.scopes, " ")}
	if i.kind == config.SignInWeb {
		name = append(name, i.profile)
	}
	return auth.NewCache(filepath.Join(dir, "tokens"), secrets, name...)
}

// fetch asks the auth server for a token.
func (app *App) fetch(i identity) func(context.Context) (auth.Token, error) {
	server := app.authServer(i.authURL)
	if i.kind == config.SignInServiceAccount {
		return func(ctx context.Context) (auth.Token, error) { return server.ServiceAccount(ctx, i.serviceAccount()) }
	}
	r := &refresher{app: app, i: i, server: server}
	return r.fetch
}

func (i *identity) serviceAccount() auth.ServiceAccount {
	return auth.ServiceAccount{ClientID: i.clientID, ClientSecret: i.clientSecret, Account: i.account, PrivateKey: i.privateKey, Scopes: i.scopes}
}

// tokens are the access tokens of a profile. Its secrets are read when the first
// token is needed, so that no keyring asks before there is something to send.
type tokens struct {
	app      *App
	settings config.Settings

	mu     sync.Mutex
	opened bool
	source *auth.Source
	err    error
}

func (t *tokens) open(ctx context.Context) (*auth.Source, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.opened {
		return t.source, t.err
	}
	i, err := t.app.unlock(ctx, t.settings)
	if t.opened, t.err = true, err; err == nil {
		t.source = t.app.source(i)
	}
	return t.source, t.err
}

// Token returns a token that is good for some time yet.
func (t *tokens) Token(ctx context.Context) (api.Secret, error) {
	source, err := t.open(ctx)
	if err != nil {
		return api.Secret{}, err
	}
	return source.Token(ctx)
}

// Renew returns another token than the refused one.
func (t *tokens) Renew(ctx context.Context, refused api.Secret) (api.Secret, error) {
	source, err := t.open(ctx)
	if err != nil {
		return api.Secret{}, err
	}
	return source.Renew(ctx, refused)
}
