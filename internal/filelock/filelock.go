// Package filelock takes locks by which the processes of a machine wait for each
// other. The system gives one free when its holder ends.
package filelock

import (
	"context"
	"errors"
	"time"

	"github.com/gofrs/flock"
)

// ErrBusy says that another process, or another caller of this one, has held a
// lock for the whole time that it was waited for.
var ErrBusy = errors.New("another process holds the lock")

// retry is how long to wait between looks at a lock.
const retry = 10 * time.Millisecond

// Take takes the lock at path, and waits for it up to limit. The file is made
// with mode 0600 where there is none, in a folder that has to be there. It
// stays: one that is removed can be locked twice.
//
// Errors are [ErrBusy], the cause of ctx's end, and that of a file that can't be
// opened or locked.
func Take(ctx context.Context, path string, limit time.Duration) (unlock func(), err error) {
	lock := flock.New(path, flock.SetPermissions(0o600))
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ok, err := lock.TryLockContext(limited, retry)
	if ok {
		return func() { _ = lock.Unlock() }, nil
	}
	_ = lock.Unlock() // it is open, though not ours
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case limited.Err() != nil:
		return nil, ErrBusy
	}
	return nil, err
}
