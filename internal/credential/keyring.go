package credential

import (
	"context"
	"encoding/base64"
	"errors"
	"runtime"
	"slices"
	"time"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/worksctl/worksctl/pkg/api"
)

const (
	service = "worksctl"

	// maxSize is what every keyring takes: Windows refuses more than 2,560 bytes,
	// macOS more than about 3,000. It is the same on every system, so that a
	// credential that works on one works on all.
	maxSize = 2500
)

// backend is a keyring; what it returns may be bytes that are not text.
type backend interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// keyring is the keyring of the operating system. Each secret is an item of its
// own, of service worksctl and user PROFILE/ITEM.
type keyring struct {
	limit   time.Duration
	backend backend
	goos    string
}

// NewKeyring returns the keyring of the operating system: a Secret Service on
// Linux (over D-Bus), the Keychain on macOS, the Credential Manager on Windows.
// A call that takes longer than limit fails with [ErrNoAnswer]. A keyring that
// is locked fails with [ErrLocked] once its dialog is dismissed or can't be
// shown, and a system without one with [ErrUnavailable]. These errors have exit
// code 3, and so has a secret of more than 2,500 bytes.
//
// Set reads back what it wrote, and when one of several secrets can't be set,
// puts those back that it replaced.
func NewKeyring(limit time.Duration) Store {
	return &keyring{limit: limit, backend: system{}, goos: runtime.GOOS}
}

func (k *keyring) Name() string { return "the keyring" }

func (k *keyring) Get(ctx context.Context, profile string, item Item) (api.Secret, error) {
	var secret api.Secret
	err := k.within(ctx, profile, func(context.Context) error {
		packed, err := k.backend.Get(service, user(profile, item))
		if errors.Is(err, gokeyring.ErrNotFound) {
			return notFound(k.Name(), profile, item)
		}
		secret = api.NewSecret(k.unpack(item, packed))
		return err
	})
	if err != nil { // after the limit, secret is still the goroutine's
		return api.Secret{}, err
	}
	return secret, nil
}

func (k *keyring) Set(ctx context.Context, profile string, secrets map[Item]api.Secret) error {
	if err := check(profile, secrets); err != nil {
		return err
	}
	for item, secret := range secrets {
		if size(item, secret) > maxSize {
			return tooLarge(profile, item)
		}
	}
	return k.within(ctx, profile, func(ctx context.Context) error { return k.set(ctx, profile, secrets) })
}

func (k *keyring) Delete(ctx context.Context, profile string, items ...Item) error {
	if len(items) == 0 {
		items = Items()
	}
	return k.within(ctx, profile, func(ctx context.Context) error {
		var failed error
		for _, item := range items {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := k.forget(user(profile, item)); err != nil && failed == nil {
				failed = err
			}
		}
		return failed
	})
}

// set writes the secrets one by one. After the limit nobody waits for it any
// more: then it puts back what it has done.
func (k *keyring) set(ctx context.Context, profile string, secrets map[Item]api.Secret) error {
	var undo []func() error
	for _, item := range Items() {
		secret, ok := secrets[item]
		if !ok {
			continue
		}
		name := user(profile, item)
		old, err := k.backend.Get(service, name)
		switch {
		case errors.Is(err, gokeyring.ErrNotFound):
			undo = append(undo, func() error { return k.forget(name) })
			err = nil
		case err == nil:
			undo = append(undo, func() error { return k.backend.Set(service, name, old) })
		}
		if err == nil {
			err = k.write(name, k.pack(item, secret))
		}
		if err == nil {
			err = ctx.Err()
		}
		if errors.Is(err, gokeyring.ErrSetDataTooBig) {
			err = tooLarge(profile, item)
		}
		if err != nil {
			return k.rollBack(profile, undo, err)
		}
	}
	return nil
}

// write sets an item and reads it back: the tool of macOS reports no failure,
// and some Secret Services change what they don't take for text.
func (k *keyring) write(name, packed string) error {
	if err := k.backend.Set(service, name, packed); err != nil {
		return err
	}
	got, err := k.backend.Get(service, name)
	if err != nil {
		return err
	}
	if got != packed {
		return errors.New("it gave back something else than what was stored")
	}
	return nil
}

func (k *keyring) rollBack(profile string, undo []func() error, why error) error {
	var failed error
	for _, f := range slices.Backward(undo) {
		failed = errors.Join(failed, f())
	}
	if failed == nil {
		return why
	}
	why = k.explain(profile, why)
	return refuse("KEYRING_FAILED", login(profile), errors.Join(why, failed), nil,
		"%s; what it held of profile %s before could not be put back whole: sign in again", why, profile)
}

func (k *keyring) forget(name string) error {
	if err := k.backend.Delete(service, name); err != nil && !errors.Is(err, gokeyring.ErrNotFound) {
		return err
	}
	return nil
}

// within waits for op no longer than the limit. A keyring can't be interrupted:
// what hangs is left behind, and sees by its context that nobody waits.
func (k *keyring) within(ctx context.Context, profile string, op func(context.Context) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	limited, cancel := context.WithTimeout(ctx, k.limit)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			// go-keyring takes the shape of every D-Bus answer for granted.
			if recover() != nil {
				done <- k.explain(profile, errors.New("its answer can't be understood"))
			}
		}()
		done <- k.explain(profile, op(limited))
	}()
	select {
	case err := <-done:
		if limited.Err() == nil || err == nil {
			return err
		}
	case <-limited.Done():
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return refuse("KEYRING_NO_ANSWER", login(profile)+" --storage file", ErrNoAnswer, nil,
		"the keyring has not answered within %s: it may be waiting at a dialog, or hang: answer or restart it, or %s", k.limit, elsewhere)
}

func user(profile string, item Item) string { return profile + "/" + string(item) }

// size is what counts against maxSize: of a private key its DER.
func size(item Item, secret api.Secret) int {
	if item == PrivateKey {
		return len(der(secret.Reveal()))
	}
	return len(secret.Reveal())
}

// pack turns a private key into its DER where size matters: base64 of a key of
// 4,096 bits is 3,164 bytes, its DER 2,373. A Secret Service has no limit, but
// some (KDE's, KeePassXC) take all that go-keyring stores for text and destroy
// bytes that aren't UTF-8 (github.com/zalando/go-keyring/issues/143): there it
// stays base64.
func (k *keyring) pack(item Item, secret api.Secret) string {
	if item == PrivateKey && k.packs() {
		return string(der(secret.Reveal()))
	}
	return secret.Reveal()
}

func (k *keyring) unpack(item Item, packed string) string {
	if item == PrivateKey && k.packs() {
		return base64.StdEncoding.EncodeToString([]byte(packed))
	}
	return packed
}

func (k *keyring) packs() bool { return k.goos == "windows" || k.goos == "darwin" }
