package cmd

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/pkg/api"
)

// try signs in. Nothing has been kept before.
func (l *login) try(ctx context.Context) (auth.Token, error) {
	i, err := l.identity()
	if err != nil {
		return auth.Token{}, err
	}
	server := l.app.authServer(i.authURL)
	if i.kind == config.SignInServiceAccount {
		return server.ServiceAccount(ctx, i.serviceAccount())
	}
	t, err := auth.SignInWeb(ctx, server, auth.WebOptions{
		ClientID: i.clientID, ClientSecret: i.clientSecret, Scopes: i.scopes, Open: l.app.openBrowser, Port: l.o.port,
	})
	if err == nil && t.Refresh.Reveal() == "" {
		err = &api.BackendError{Op: "sign in with the browser", Reason: "the auth server gave no refresh token"}
	}
	return t, err
}

// keep keeps profile and secrets, and reports whether the profile has become the
// current one.
func (l *login) keep(ctx context.Context, t auth.Token) (current bool, err error) {
	i, err := l.identity()
	if err != nil {
		return false, err
	}
	bound := bindingOf(l.settings())
	bound.Session = rand.Text()
	i.session = bound.Session
	secrets := map[credential.Item]api.Secret{credential.ClientSecret: i.clientSecret}
	if secrets[credential.Binding], err = bound.secret(); err != nil {
		return false, err
	}
	if i.kind == config.SignInWeb {
		secrets[credential.RefreshToken] = t.Refresh
	} else {
		secrets[credential.PrivateKey] = api.NewSecret(base64.StdEncoding.EncodeToString(i.privateKey))
	}
	endFormer := l.former(ctx) // it may ask for a passphrase, while nobody waits
	if current, err = l.write(ctx, i.store, secrets); err != nil {
		return false, err
	}
	// These wait for a renewal under way, which waits for write.
	if err := endFormer(); err != nil {
		l.app.Term.Warnf("the sign-in with a browser that profile %s had is not revoked: %v", l.profile.Name, explain(err))
	}
	if l.before.ClientID != "" { // the former token: one for other scopes lies elsewhere
		was := l.app.tokenCache(identityOf(settingsOf(l.before)), []api.Secret{api.NewSecret(none)})
		if err := was.Forget(ctx); err != nil {
			return current, err
		}
	}
	return current, l.app.source(i).Keep(ctx, t)
}

// write puts the profile into the configuration file, then the secrets into the
// store: if it is broken off between the two, they don't fit together, and
// nothing is sent.
func (l *login) write(ctx context.Context, store credential.Store, secrets map[credential.Item]api.Secret) (current bool, err error) {
	unlock, err := l.app.lockSignIn(ctx, l.profile.Name)
	if err != nil {
		return false, err
	}
	defer unlock()
	err = config.Edit(l.app.LookupEnv, func(e *config.Editor) error {
		file, err := e.File()
		if err != nil {
			return err
		}
		if err := e.Put(l.profile); err != nil {
			return err
		}
		if current = file.Current == ""; current {
			return e.Use(l.profile.Name)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	if err := store.Set(ctx, l.profile.Name, secrets); err != nil {
		return false, errors.Join(err, config.Edit(l.app.LookupEnv, l.putBack))
	}
	l.tidy(ctx, store)
	return current, nil
}

// putBack gives the profile back what it was.
func (l *login) putBack(e *config.Editor) error {
	if l.before.Name == "" {
		_, err := e.Remove(l.profile.Name)
		return err
	}
	return e.Put(l.before)
}

// former returns what ends the sign-in with a browser that this one takes the
// place of. Its secrets are read now, before others take their place.
func (l *login) former(ctx context.Context) (end func() error) {
	was := settingsOf(l.before)
	if was.ClientID == "" || was.SignIn != config.SignInWeb || l.client(bindingOf(was)) {
		return func() error { return nil }
	}
	i, err := l.app.unlock(ctx, was)
	var refresh api.Secret
	if err == nil {
		refresh, err = i.store.Get(ctx, was.Name, credential.RefreshToken)
	}
	return func() error {
		switch {
		case errors.Is(err, credential.ErrNotFound): // signed out
			return nil
		case err != nil:
			return err
		}
		return l.app.authServer(was.AuthURL).Revoke(ctx, i.clientID, i.clientSecret, refresh, "refresh_token")
	}
}

// tidy forgets the secrets of the other kind of sign-in, and those in the store
// where they were kept before.
func (l *login) tidy(ctx context.Context, store credential.Store) {
	other := credential.RefreshToken
	if l.profile.SignIn == config.SignInWeb {
		other = credential.PrivateKey
	}
	if err := store.Delete(ctx, l.profile.Name, other); err != nil {
		l.app.Term.Warnf("the %s of profile %s may still be in %s: %v", other, l.profile.Name, storageWords(l.profile.Storage), err)
	}
	was := l.before.Storage
	if l.before.ClientID == "" || was == l.profile.Storage { // nobody had signed in, or it was here
		return
	}
	old, err := l.app.store(was)
	if err == nil {
		err = old.Delete(ctx, l.profile.Name)
	}
	if err != nil {
		l.app.Term.Warnf("the secrets of profile %s may still be in %s too: %v", l.profile.Name, storageWords(was), err)
	}
}
