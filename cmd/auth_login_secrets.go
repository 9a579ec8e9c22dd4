package cmd

import (
	"context"
	"encoding/base64"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// complete gets what is missing: secrets from files, standard input and the
// environment; the rest by asking at a terminal; and what is left from where the
// profile keeps it.
func (l *login) complete(ctx context.Context) error {
	if err := l.readSecrets(); err != nil {
		return err
	}
	missing, err := l.missing()
	if err != nil {
		return err
	}
	if l.asked = len(missing) > 0 && l.app.Term.Interactive(); l.asked {
		l.greet()
	}
	if len(missing) > 0 {
		if err := l.readKept(ctx); err != nil {
			return err
		}
	}
	if !l.asked {
		if l.clientSecret.Reveal() == "" {
			l.clientSecret = l.keptSecret()
		}
		if l.privateKey == nil {
			l.privateKey = l.keptKey()
		}
		if missing, err = l.missing(); err != nil {
			return err
		}
		if len(missing) > 0 {
			return exit.Usagef("MISSING_SIGN_IN", "worksctl auth login --help", "signing in needs %s: nobody can be asked here", strings.Join(missing, ", "))
		}
	}
	// A store that can't be used is found before anybody types secrets.
	store, err := l.app.store(l.profile.Storage)
	if err != nil {
		return err
	}
	if _, err := store.Get(ctx, l.profile.Name, credential.ClientSecret); err != nil && !errors.Is(err, credential.ErrNotFound) {
		return err
	}
	if l.asked {
		return l.ask(ctx, "")
	}
	return nil
}

// readSecrets reads what flags and environment name.
func (l *login) readSecrets() (err error) {
	if err := l.readClientSecret(); err != nil {
		return err
	}
	if l.profile.SignIn != config.SignInServiceAccount {
		return nil
	}
	path, source := l.app.path(l.o.keyFile), "--private-key-file"
	if path == "" {
		path, _ = l.app.LookupEnv(config.EnvPrivateKeyFile)
		source = config.EnvPrivateKeyFile
	}
	if path == "" {
		return nil
	}
	if l.privateKey, err = readKeyFile(path); err != nil {
		return exit.Usagef("BAD_PRIVATE_KEY", "", "%s %v", source, err)
	}
	return nil
}

func (l *login) readClientSecret() (err error) {
	if l.o.secretFile == "-" {
		if l.app.Term.InTTY {
			return nil // it is asked for, without an echo
		}
		data, err := readUpTo(l.app.Term.In, maxSecretFile)
		if err == nil {
			l.clientSecret, err = parseSecret(string(data))
		}
		if err != nil {
			return exit.Usagef("BAD_SECRET", "", "--client-secret-file -: standard input %v", err)
		}
		return nil
	}
	path, source := l.app.path(l.o.secretFile), "--client-secret-file"
	if path == "" {
		text, _ := l.app.LookupEnv(config.EnvClientSecret)
		path, _ = l.app.LookupEnv(config.EnvClientSecretFile)
		source = config.EnvClientSecretFile
		switch {
		case text != "" && path != "":
			return exit.Usagef("AMBIGUOUS_CREDENTIAL", "", "%s and %s are both set: unset one", config.EnvClientSecret, config.EnvClientSecretFile)
		case text != "":
			if l.clientSecret, err = parseSecret(text); err != nil {
				return exit.Usagef("BAD_SECRET", "", "%s %v", config.EnvClientSecret, err)
			}
			return nil
		case path == "":
			return nil
		}
	}
	if l.clientSecret, err = readSecretFile(path); err != nil {
		return exit.Usagef("BAD_SECRET", "", "%s %v", source, err)
	}
	return nil
}

// path puts the home folder in the place of a leading ~, which no shell does
// within quotes or at a question.
func (app *App) path(name string) string {
	rest, ok := strings.CutPrefix(name, "~/")
	home, _ := app.LookupEnv("HOME")
	if !ok || home == "" {
		return name
	}
	return filepath.Join(home, rest)
}

// unquoted takes off the quotes that a file manager or a shell's habit puts
// around a name.
func unquoted(name string) string {
	for _, quote := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(name, quote); ok && strings.HasSuffix(inner, quote) {
			return strings.TrimSuffix(inner, quote)
		}
	}
	return name
}

// missing names what has to be given or asked for.
func (l *login) missing() ([]string, error) {
	var names []string
	if l.profile.ClientID == "" {
		names = append(names, "--client-id")
	}
	if l.clientSecret.Reveal() == "" {
		names = append(names, "--client-secret-file (or "+config.EnvClientSecret+")")
	}
	if l.profile.SignIn == config.SignInServiceAccount {
		if l.profile.ServiceAccount == "" {
			names = append(names, "--service-account")
		}
		if l.privateKey == nil {
			names = append(names, "--private-key-file (or "+config.EnvPrivateKeyFile+")")
		}
	}
	if l.profile.Storage == config.StorageFile && !l.app.Term.Interactive() {
		given, err := l.app.passphraseGiven()
		if err != nil {
			return nil, err
		}
		if given.From == "" {
			names = append(names, config.EnvPassphraseFile+" (or "+config.EnvPassphrase+")")
		}
	}
	return names, nil
}

// readKept reads what the profile keeps already. Where it moves to another
// store, one that is of no use keeps nobody from that.
func (l *login) readKept(ctx context.Context) error {
	if l.before.ClientID == "" {
		return nil
	}
	store, err := l.app.store(l.before.Storage)
	if err != nil {
		return err
	}
	l.keptFor, err = readBinding(ctx, store, l.profile.Name)
	for _, item := range []credential.Item{credential.ClientSecret, credential.PrivateKey} {
		if err == nil {
			l.kept[item], err = store.Get(ctx, l.profile.Name, item)
		}
		if errors.Is(err, credential.ErrNotFound) {
			err = nil
		}
	}
	if err != nil && l.before.Storage != l.profile.Storage && unusable(err) {
		l.app.Term.Warnf("what is kept in %s is not used: %v", storageWords(l.before.Storage), err)
		return nil
	}
	return err
}

// unusable reports whether a store failed, and not the person before it.
func unusable(err error) bool {
	return slices.ContainsFunc([]error{credential.ErrLocked, credential.ErrUnavailable, credential.ErrNoAnswer, credential.ErrPassphrase, credential.ErrDamaged},
		func(kind error) bool { return errors.Is(err, kind) })
}

// client reports whether this signs in by the client, and at the auth server,
// that secrets were given for: to another one they are never sent.
func (l *login) client(was binding) bool {
	is := bindingOf(l.settings())
	return was.ClientID != "" && was.ClientID == is.ClientID && was.AuthURL == is.AuthURL && was.SignIn == is.SignIn
}

func (l *login) keptSecret() api.Secret {
	if !l.client(l.keptFor) {
		return api.Secret{}
	}
	return l.kept[credential.ClientSecret]
}

// keptKey is nil where there is none for this account.
func (l *login) keptKey() []byte {
	if !l.client(l.keptFor) || l.keptFor.Account != l.profile.ServiceAccount || l.profile.SignIn != config.SignInServiceAccount {
		return nil
	}
	der, err := base64.StdEncoding.DecodeString(l.kept[credential.PrivateKey].Reveal())
	if err != nil || len(der) == 0 {
		return nil
	}
	return der
}
