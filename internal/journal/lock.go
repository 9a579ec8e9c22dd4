package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/worksctl/worksctl/internal/exit"
)

const (
	exclusiveWait = 10 * time.Second       // for another process to leave [Store.Exclusive]
	holdWait      = 100 * time.Millisecond // for those who only look whether a job is held
	lockRetry     = 5 * time.Millisecond
)

// Exclusive locks a file in the folder.
func (d *Dir) Exclusive(ctx context.Context) (release func(), err error) {
	if err := d.makeFolder(); err != nil {
		return nil, err
	}
	path := filepath.Join(d.folder, lockSuffix)
	lock := flock.New(path)
	ok, err := tryFor(ctx, lock, exclusiveWait)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, exit.Failedf("JOBS_BUSY", "wait for the other worksctl process to end and try again",
			"%s is held by another process for over %s", path, exclusiveWait)
	}
	return func() { _ = lock.Unlock() }, nil
}

// hold takes the lock of a job, or returns nil where another process has it.
// The lock is a file of its own and stays when let go: where locks are
// mandatory, nobody could read a locked journal, and a lock file that is removed
// can be locked twice.
func (d *Dir) hold(ctx context.Context, id string) (*flock.Flock, error) {
	lock := flock.New(d.file(id, lockSuffix))
	ok, err := tryFor(ctx, lock, holdWait)
	if err != nil || !ok {
		return nil, err
	}
	return lock, nil
}

// held looks whether some process holds a job. It shares the lock for a moment,
// which [Dir.hold] waits out, and makes no file.
func (d *Dir) held(id string) (bool, error) {
	path := d.file(id, lockSuffix)
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryRLock()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, notRead(path, err)
	}
	if ok {
		_ = lock.Unlock()
	}
	return !ok, nil
}

// claim makes an id this process's own: its lock file must be new.
func (d *Dir) claim(ctx context.Context, id string) (*flock.Flock, error) {
	file, err := os.OpenFile(d.file(id, lockSuffix), os.O_CREATE|os.O_EXCL|os.O_RDONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	return d.hold(ctx, id)
}

func (d *Dir) makeFolder() error {
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		return notWritten(d.folder, err)
	}
	return nil
}

// tryFor tries to take lock until limit has passed, at least once.
func tryFor(ctx context.Context, lock *flock.Flock, limit time.Duration) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ok, err := lock.TryLockContext(limited, lockRetry)
	switch {
	case ctx.Err() != nil:
		_ = lock.Unlock()
		return false, context.Cause(ctx)
	case limited.Err() != nil && !ok:
		return false, nil
	case err != nil:
		return false, notWritten(lock.Path(), err)
	}
	return ok, nil
}
