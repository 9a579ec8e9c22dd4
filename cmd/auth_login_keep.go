package cmd

import (
	"context"
	"encoding/base64"
	"errors"
	"os/exec"
	"runtime"
	"slices"
	"strings"

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

// openBrowser shows a link, and opens it where a person sits at a desktop.
func (app *App) openBrowser(ctx context.Context, url string) error {
	app.Term.Notef("Open this page in a browser on this machine to sign in:")
	app.Term.Notef("%s", url)
	program := []string{}
	display, _ := app.LookupEnv("DISPLAY")
	wayland, _ := app.LookupEnv("WAYLAND_DISPLAY")
	switch {
	case !app.Term.Interactive():
	case runtime.GOOS == "windows":
		program = []string{"rundll32", "url.dll,FileProtocolHandler"}
	case runtime.GOOS == "darwin":
		program = []string{"open"}
	case display != "" || wayland != "":
		program = []string{"xdg-open"}
	}
	if len(program) == 0 {
		return nil
	}
	// Some return only when the browser is closed, and ending those would close it.
	browser := exec.CommandContext(context.WithoutCancel(ctx), program[0], append(program[1:], url)...)                  //nolint:gosec // the programs above
	browser.Env = slices.DeleteFunc(browser.Environ(), func(v string) bool { return strings.HasPrefix(v, "WORKSCTL_") }) // secrets among them
	if browser.Start() == nil {                                                                                          // the link is shown: a browser that does not open is no failure
		go func() { _ = browser.Wait() }()
	}
	return nil
}

var errOnlyTried = errors.New("only tried")

// keep keeps secrets and profile, and reports whether the profile has become the
// current one. That the file can be changed is found before the secrets are kept.
func (l *login) keep(ctx context.Context, t auth.Token) (current bool, err error) {
	i, err := l.identity()
	if err != nil {
		return false, err
	}
	edit := func(e *config.Editor) error {
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
	}
	var fault error
	err = config.Edit(l.app.LookupEnv, func(e *config.Editor) error {
		fault = edit(e)
		return errOnlyTried
	})
	if fault != nil || !errors.Is(err, errOnlyTried) {
		return false, errors.Join(fault, withoutTrial(err))
	}
	secrets := map[credential.Item]api.Secret{credential.ClientSecret: i.clientSecret}
	if i.kind == config.SignInWeb {
		secrets[credential.RefreshToken] = t.Refresh
	} else {
		secrets[credential.PrivateKey] = api.NewSecret(base64.StdEncoding.EncodeToString(i.privateKey))
	}
	if err := i.store.Set(ctx, i.profile, secrets); err != nil {
		return false, err
	}
	if err := config.Edit(l.app.LookupEnv, edit); err != nil {
		return false, err
	}
	l.leaveOldStore(ctx)
	return current, l.app.source(i).Keep(ctx, t)
}

// withoutTrial is why a trial could not be made, or nil.
func withoutTrial(err error) error {
	if errors.Is(err, errOnlyTried) {
		return nil
	}
	return err
}

// leaveOldStore forgets the secrets where they were kept before.
func (l *login) leaveOldStore(ctx context.Context) {
	if l.before.ClientID == "" { // nobody had signed in
		return
	}
	was := l.before.Storage
	if was == "" {
		was = config.StorageKeyring
	}
	if was == l.profile.Storage {
		return
	}
	store, err := l.app.store(was)
	if err == nil {
		err = store.Delete(ctx, l.profile.Name)
	}
	if err != nil {
		l.app.Term.Warnf("the secrets of profile %s may still be in %s too: %v", l.profile.Name, storageWords(was), err)
	}
}
