package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/worksctl/worksctl/internal/atomicfile"
	"github.com/worksctl/worksctl/internal/filelock"
	"github.com/worksctl/worksctl/pkg/api"
)

// lockWait is for another process to renew. It is longer than a renewal takes,
// unless the process was stopped while it held the lock.
const lockWait = 2 * time.Minute

// Cache is where the processes of one identity share their access token: a file
// in a folder of the state, encrypted with a key that follows from the
// credential, so that only those can read it who could sign in themselves. A nil
// Cache shares nothing.
type Cache struct {
	path  string
	seal  sealer
	limit time.Duration // lockWait, but in tests
}

// NewCache returns the cache of an identity below folder, which is made with mode
// 0700 when first written to. identity names what the token depends on, such as
// the addresses, the client id, the account and the scopes. secrets are those of
// the credential that stay when a token is renewed: a refresh token may not.
// Without any secret there is nothing to encrypt with, and the cache is nil.
func NewCache(folder string, secrets []api.Secret, identity ...string) *Cache {
	name, err := json.Marshal(identity) // no two identities have the same text
	if err != nil {
		return nil
	}
	seal, ok := newSealer(secrets, name)
	if !ok {
		return nil
	}
	sum := sha256.Sum256(name)
	return &Cache{path: filepath.Join(folder, hex.EncodeToString(sum[:16])+".json"), seal: seal, limit: lockWait}
}

// Forget removes the token from the cache, as signing out does: after a renewal
// that is under way in another process. None there is no error.
func (c *Cache) Forget(ctx context.Context) error {
	if c == nil {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(c.path)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	unlock, err := c.lock(ctx)
	if err != nil {
		return fmt.Errorf("forgetting the access token: %w", err)
	}
	defer unlock()
	if err := os.Remove(c.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// shared is a token in the cache.
type shared struct {
	Access  string    `json:"access"`
	Scope   string    `json:"scope"`
	Expires time.Time `json:"expires"`
	RenewAt time.Time `json:"renewAt"`
}

// read returns the shared token. One that can't be read or was made with another
// credential is as good as none.
func (c *Cache) read() (k kept, ok bool) {
	if c == nil {
		return kept{}, false
	}
	data, err := readToken(c.path)
	if err != nil {
		return kept{}, false
	}
	var s shared
	plain, err := c.seal.open(data)
	if err != nil || json.Unmarshal(plain, &s) != nil || s.Access == "" {
		return kept{}, false
	}
	return kept{Token{Access: api.NewSecret(s.Access), Scope: s.Scope, Expires: s.Expires}, s.RenewAt}, true
}

// write shares a token.
func (c *Cache) write(k kept) error {
	if c == nil {
		return nil
	}
	plain, err := json.Marshal(shared{k.Access.Reveal(), k.Scope, k.Expires, k.renewAt})
	if err != nil {
		return err
	}
	if err := ownFolder(filepath.Dir(c.path)); err != nil {
		return err
	}
	return atomicfile.WriteFile(c.path, c.seal.close(plain), 0o600)
}

// readToken reads the file of a cache. Whatever else lies there is not opened: a
// pipe would keep us waiting.
func readToken(path string) ([]byte, error) {
	const most = 64 << 10
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, errors.New("not a token of ours")
	}
	return os.ReadFile(path) //nolint:gosec // a file of our own folder
}

// ownFolder makes the folder of the caches, or takes it back from others who
// could put something into it.
func ownFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o022 == 0 {
		return err
	}
	return os.Chmod(path, 0o700) //nolint:gosec // a folder
}

var errLockHeld = errors.New("another process has been renewing the token for too long")

// lock makes this the only one, of all processes, that renews.
func (c *Cache) lock(ctx context.Context) (unlock func(), err error) {
	if c == nil {
		return func() {}, nil
	}
	if err := ownFolder(filepath.Dir(c.path)); err != nil {
		return nil, err
	}
	unlock, err = filelock.Take(ctx, c.path+".lock", c.limit)
	if errors.Is(err, filelock.ErrBusy) {
		err = errLockHeld
	}
	return unlock, err
}
