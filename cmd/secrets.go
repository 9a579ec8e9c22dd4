package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// A keyring may have a dialog open at a terminal. Off it nobody will answer.
const (
	keyringLimit         = 3 * time.Second
	keyringLimitAttended = 60 * time.Second
)

// maxSecretFile is far above any key or secret.
const maxSecretFile = 64 << 10

// store is where the secrets of profiles are kept.
func (app *App) store(s config.Storage) (credential.Store, error) {
	if s == config.StorageFile {
		return app.fileStore()
	}
	limit := keyringLimit
	if app.Term.Interactive() {
		limit = keyringLimitAttended
	}
	return credential.NewKeyring(limit), nil
}

// openFileStore is called once, so that a passphrase is asked for once.
func (app *App) openFileStore() (credential.Store, error) {
	dir, err := config.StateDir(app.LookupEnv)
	if err != nil {
		return nil, err
	}
	return credential.NewFile(filepath.Join(dir, "credentials"), app.passphrase), nil
}

// minPassphrase is the length of a passphrase that a person may choose: the file
// may be copied, and then guessed at for as long as anybody likes.
const minPassphrase = 8

// passphrase opens the encrypted files: from the environment, else from a prompt.
func (app *App) passphrase(ctx context.Context, q credential.Question) (credential.Passphrase, error) {
	if given, err := app.passphraseGiven(); err != nil || given.From != "" {
		return given, err
	}
	if !app.Term.Interactive() {
		return credential.Passphrase{}, exit.Usagef(passphraseNeeded, "set "+config.EnvPassphraseFile+" to the name of a file that holds it",
			"the encrypted file needs its passphrase, and there is no terminal to ask at: set %s or %s", config.EnvPassphraseFile, config.EnvPassphrase)
	}
	if q.New {
		return app.newPassphrase(ctx, q.Profile)
	}
	if q.Again {
		app.Term.Notef("that passphrase is wrong")
	}
	text, err := app.Term.AskSecret(ctx, "Passphrase of the encrypted file of profile "+q.Profile+": ")
	return credential.Passphrase{Text: text}, err
}

// newPassphrase has a person choose one.
func (app *App) newPassphrase(ctx context.Context, profile string) (credential.Passphrase, error) {
	for {
		first, err := app.Term.AskSecret(ctx, "Choose a passphrase for the encrypted file of profile "+profile+": ")
		if err != nil {
			return credential.Passphrase{}, err
		}
		if utf8.RuneCountInString(first.Reveal()) < minPassphrase {
			app.Term.Notef("a passphrase has %d characters or more", minPassphrase)
			continue
		}
		again, err := app.Term.AskSecret(ctx, "The same again: ")
		if err != nil || first.Reveal() == again.Reveal() {
			return credential.Passphrase{Text: again}, err
		}
		app.Term.Notef("the two differ")
	}
}

// passphraseGiven is that of the environment, or empty.
func (app *App) passphraseGiven() (given credential.Passphrase, err error) {
	text, _ := app.LookupEnv(config.EnvPassphrase)
	file, _ := app.LookupEnv(config.EnvPassphraseFile)
	switch {
	case text != "" && file != "":
		return given, exit.Usagef("AMBIGUOUS_CREDENTIAL", "", "%s and %s are both set: unset one", config.EnvPassphrase, config.EnvPassphraseFile)
	case text != "":
		return credential.Passphrase{Text: api.NewSecret(text), From: config.EnvPassphrase}, nil
	case file == "":
		return given, nil
	}
	data, err := readSmallFile(file)
	if err != nil {
		return given, exit.SignInf("NO_PASSPHRASE", "", "%s: %v", config.EnvPassphraseFile, err)
	}
	// The line's end that an editor puts there is no part of it; blanks may be.
	text = strings.TrimSuffix(strings.TrimSuffix(withoutMark(string(data)), "\n"), "\r")
	if text == "" {
		return given, exit.SignInf("NO_PASSPHRASE", "", "%s: %s is empty", config.EnvPassphraseFile, file)
	}
	return credential.Passphrase{Text: api.NewSecret(text), From: config.EnvPassphraseFile}, nil
}

// withoutMark takes off the byte order mark that some editors of Windows put
// before UTF-8 text.
func withoutMark(text string) string { return strings.TrimPrefix(text, "\ufeff") }

// readSecretFile reads a client secret.
func readSecretFile(path string) (api.Secret, error) {
	data, err := readSmallFile(path)
	if err != nil {
		return api.Secret{}, err
	}
	secret, err := parseSecret(string(data))
	if err != nil {
		return secret, fmt.Errorf("%s %w", path, err)
	}
	return secret, nil
}

// parseSecret takes a client secret without the blanks around it.
func parseSecret(text string) (api.Secret, error) {
	text = strings.TrimSpace(withoutMark(text))
	switch {
	case text == "":
		return api.Secret{}, errors.New("is empty")
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return api.Secret{}, errors.New("holds no client secret: it must be one word of visible ASCII characters")
	}
	return api.NewSecret(text), nil
}

// readKeyFile reads a private key as PKCS#8 DER.
func readKeyFile(path string) ([]byte, error) {
	data, err := readSmallFile(path)
	if err != nil {
		return nil, err
	}
	der, err := auth.ParsePrivateKey(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return der, nil
}

// readSmallFile reads a file that holds one secret.
func readSmallFile(path string) ([]byte, error) { return readFileUpTo(path, maxSecretFile) }

// readFileUpTo says of a file that can't be read why, and nothing of what it
// holds.
func readFileUpTo(path string, most int64) (data []byte, err error) {
	file, err := os.Open(path) //nolint:gosec // the user names it
	if err == nil {
		defer func() { _ = file.Close() }()
		data, err = readUpTo(file, most)
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, nil
}

func readUpTo(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("larger than %d KiB", most>>10)
	}
	return data, err
}
