package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/filelock"
)

// signInWait is longer than the auth server may take to answer.
const signInWait = 2 * time.Minute

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
	unlock, err = filelock.Take(ctx, filepath.Join(folder, hex.EncodeToString(sum[:16])+".lock"), signInWait)
	switch {
	case ctx.Err() != nil && err != nil:
		return nil, err
	case errors.Is(err, filelock.ErrBusy):
		return nil, exit.Failedf("SIGN_IN_BUSY", "", "another process has been signing profile %s in or out for %s: try again when that has ended", profile, signInWait)
	case err != nil:
		return nil, unusableState(err)
	}
	return unlock, nil
}

func unusableState(err error) error {
	return exit.Failedf("STATE_FOLDER", "set "+config.EnvStateDir+" to a folder that can be written to", "the state folder can't be used: %v", err)
}
