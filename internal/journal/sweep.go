package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/worksctl/worksctl/internal/atomicfile"
)

// draftAge is how long a draft is left alone that nobody holds any more.
const draftAge = 24 * time.Hour

// sweep removes old drafts of processes that are gone. What can't be removed
// stays: the next one tries again.
func (d *Dir) sweep(ctx context.Context) {
	entries, err := os.ReadDir(d.folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		id, ok := strings.CutSuffix(strings.TrimPrefix(e.Name(), "."), draftSuffix)
		if !ok || !validID(id) {
			continue
		}
		info, err := e.Info()
		if err != nil || d.now().Sub(info.ModTime()) < draftAge {
			continue
		}
		if lock, err := d.hold(ctx, id); err == nil && lock != nil {
			d.drop(id, lock)
		}
	}
}

// drop removes a draft and gives its id up.
func (d *Dir) drop(id string, lock *flock.Flock) {
	_ = os.Remove(d.hidden(id))
	_ = lock.Unlock() // where locks are mandatory, a locked file can't be removed
	if _, err := os.Lstat(d.journal(id)); errors.Is(err, fs.ErrNotExist) {
		_ = os.Remove(lock.Path())
	}
}

// rename puts a flushed file in place so that it is there after a power cut. If
// that isn't sure, it is taken away again.
func rename(from, to string) error {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	if err := atomicfile.SyncFolder(filepath.Dir(to)); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}
