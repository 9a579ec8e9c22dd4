// Package credential keeps the secrets of profiles: in the keyring of the
// operating system, in a file encrypted with a passphrase, or in memory for
// tests. Nothing is ever kept in plain text, and no store stands in for another
// in silence.
package credential

import (
	"context"
	"errors"

	"github.com/worksctl/worksctl/pkg/api"
)

// Item names one secret of a profile. Each is kept by itself, since some
// keyrings hold no more than 2,560 bytes in one.
type Item string

// The items. A private key is PKCS#8 DER, in base64 (standard, padded): other
// text is refused.
const (
	ClientSecret Item = "client-secret"
	PrivateKey   Item = "private-key"
	RefreshToken Item = "refresh-token"
	Binding      Item = "binding" // what the secrets were given for: no secret itself
)

// Items are all items that a profile may have.
func Items() []Item { return []Item{ClientSecret, PrivateKey, RefreshToken, Binding} }

// Store keeps secrets. Package credentialtest has the contract that every
// store has to fulfill.
type Store interface {
	// Name is what the store is called to a person, for example "the keyring".
	Name() string
	// Get returns a secret, or an error that is [ErrNotFound].
	Get(ctx context.Context, profile string, item Item) (api.Secret, error)
	// Set keeps secrets of a profile, whole or not at all as far as the store can;
	// items that are not named stay. An empty secret is refused.
	Set(ctx context.Context, profile string, secrets map[Item]api.Secret) error
	// Delete forgets those secrets of a profile, all of them where none is named.
	// None there is no error.
	Delete(ctx context.Context, profile string, items ...Item) error
}

// The sentinels of stores. What a person reads comes with an [exit.Error]
// around them that says what to do.
var (
	ErrNotFound    = errors.New("no such secret is kept")
	ErrLocked      = errors.New("the store is locked")
	ErrUnavailable = errors.New("there is no such store here")
	ErrNoAnswer    = errors.New("the store does not answer")
	ErrPassphrase  = errors.New("the passphrase is wrong")
	ErrDamaged     = errors.New("what is kept is damaged")
)
