package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
)

const (
	signInWait  = 2 * time.Minute // longer than the auth server may take to answer
	signInRetry = 10 * time.Millisecond
)

// lockSignIn lets no other process sign a profile in or out, or use its refresh
// token, until unlock is called: a refresh token may be good for one use only,
// and its successor must not come back into a store that was emptied meanwhile.
func (app *App) lockSignIn(ctx context.Context, profile string) (unlock func(), err error) {
	dir, err := config.StateDir(app.LookupEnv)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(dir, "sign-in")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, unusableState(err)
	}
	sum := sha256.Sum256([]byte(profile))
	lock := flock.New(filepath.Join(folder, hex.EncodeToString(sum[:16])+".lock"), flock.SetPermissions(0o600))
	limited, cancel := context.WithTimeout(ctx, signInWait)
	defer cancel()
	ok, err := lock.TryLockContext(limited, signInRetry)
	switch {
	case ok:
		return func() { _ = lock.Unlock() }, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case limited.Err() != nil:
		return nil, exit.Failedf("SIGN_IN_BUSY", "", "another process has been signing profile %s in or out for %s: try again when that has ended", profile, signInWait)
	}
	return nil, unusableState(err)
}

func unusableState(err error) error {
	return exit.Failedf("STATE_FOLDER", "set "+config.EnvStateDir+" to a folder that can be written to", "the state folder can't be used: %v", err)
}
