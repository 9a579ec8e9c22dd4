package credential

import (
	"errors"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/worksctl/worksctl/internal/exit"
)

// system is go-keyring, called only where that can start nothing.
type system struct{}

func (system) Get(service, user string) (string, error) {
	if err := reachable(); err != nil {
		return "", err
	}
	return gokeyring.Get(service, user)
}

func (system) Set(service, user, secret string) error {
	if err := reachable(); err != nil {
		return err
	}
	return gokeyring.Set(service, user, secret)
}

func (system) Delete(service, user string) error {
	if err := reachable(); err != nil {
		return err
	}
	return gokeyring.Delete(service, user)
}

// explain turns what a keyring says into what a person can act on. An error
// that is worded already stays as it is.
func (k *keyring) explain(profile string, err error) error {
	if err == nil || exit.As(err) != nil {
		return err
	}
	file := login(profile) + " --storage file"
	kind := kindOf(err)
	switch {
	case errors.Is(kind, ErrLocked):
		return refuse("KEYRING_LOCKED", file, ErrLocked, err,
			"the keyring is locked: unlock it in your desktop session and try again; where nobody can, %s", elsewhere)
	case errors.Is(kind, ErrUnavailable):
		return refuse("NO_KEYRING", file, ErrUnavailable, err, "there is no keyring here (%v): %s", err, elsewhere)
	case errors.Is(kind, ErrNoAnswer):
		return refuse("KEYRING_NO_ANSWER", file, ErrNoAnswer, err, "the keyring does not answer (%v): restart it, or %s", err, elsewhere)
	default:
		return refuse("KEYRING_FAILED", file, err, nil, "the keyring failed: %v: try again, or %s", err, elsewhere)
	}
}

func kindOf(err error) error {
	if errors.Is(err, gokeyring.ErrUnsupportedPlatform) {
		return ErrUnavailable
	}
	return systemKind(err)
}

func tooLarge(profile string, item Item) error {
	return exit.SignInf("SECRET_TOO_LARGE", login(profile)+" --storage file",
		"profile %s: the %s is too large for a keyring, which holds %d bytes: keep it in an encrypted file with --storage file", profile, item, maxSize)
}
