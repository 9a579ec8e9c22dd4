package credential

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"

	"github.com/worksctl/worksctl/pkg/api"
)

// Every command that signs in runs scrypt once. With 2^16 (and age's r=8, p=1) it
// takes 64 MiB and 0.17 s on a core of a server, so about half a second on a
// small machine, where a cron job must not run out of memory either; each step
// more doubles both. age's own 2^18 is for files that are opened now and then.
// More than that is taken for damage, since a header could ask for gigabytes.
const (
	workFactor    = 16
	maxWorkFactor = 18
)

// seal encrypts secrets with a passphrase, as an age file of JSON.
func seal(items map[Item]api.Secret, passphrase api.Secret, work int) ([]byte, error) {
	plain := map[Item]string{} // a Secret marshals as redacted
	for item, secret := range items {
		plain[item] = secret.Reveal()
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return nil, fmt.Errorf("encrypting a credential: %w", err)
	}
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, fmt.Errorf("encrypting a credential: %w", err)
	}
	recipient.SetWorkFactor(work)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("encrypting a credential: %w", err)
	}
	return sealed.Bytes(), nil
}

// unseal returns [ErrPassphrase] or [ErrDamaged]. Damage to the few bytes that
// the passphrase itself opens can't be told from a wrong passphrase.
func unseal(sealed []byte, passphrase api.Secret) (map[Item]api.Secret, error) {
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return nil, ErrPassphrase
	}
	identity.SetMaxWorkFactor(maxWorkFactor)
	r, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if other, ok := errors.AsType[*age.NoIdentityMatchError](err); ok && len(other.StanzaTypes) == 1 && other.StanzaTypes[0] == "scrypt" {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, ErrDamaged
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, ErrDamaged
	}
	var plain map[Item]string
	if json.Unmarshal(text, &plain) != nil {
		return nil, ErrDamaged // the error would quote the text
	}
	items := make(map[Item]api.Secret, len(plain))
	for item, secret := range plain {
		items[item] = api.NewSecret(secret)
	}
	return items, nil
}
