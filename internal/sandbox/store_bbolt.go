package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/worksctl/worksctl/internal/exit"
)

const (
	boltWait  = 5 * time.Second      // for another process's transaction to end
	boltRetry = 2 * time.Millisecond // bbolt's own retry of 50 ms starves busy processes
)

// busyID names the error of a store that another process holds.
const busyID = "SANDBOX_BUSY"

// NewBoltStore returns a store in the file at path, which is made together
// with its folder when first written to. The file is open only during a
// transaction, so that several processes can use it at the same time; one that
// cannot have it within 5 seconds gets an error with exit code 1.
func NewBoltStore(path string) Store {
	return &boltStore{path: path, patience: boltWait}
}

// boltStore has a lock of its own beside the file's, which works between two
// handles of one process too but is polled and knows no order.
type boltStore struct {
	path     string
	patience time.Duration
	mu       sync.RWMutex
}

func (s *boltStore) View(ctx context.Context, f func(Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	// A file without content has been made, but not yet written, by a process
	// that is about to.
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return f(emptyTx{})
	}
	if err != nil {
		return fmt.Errorf("open the sandbox's data: %w", err)
	}
	return s.with(ctx, true, func(db *bbolt.DB) error {
		return db.View(func(tx *bbolt.Tx) error {
			// Reading beyond the end would crash. Before this transaction the file
			// may have grown, and a smaller one may have replaced it meanwhile.
			now, err := os.Stat(s.path) //nolint:gosec // the path is the user's choice
			if err == nil && max(info.Size(), now.Size()) < tx.Size() {
				return errDamaged(fmt.Errorf("open %s: the file was cut off", s.path))
			}
			return f(&boltTx{tx: tx})
		})
	})
}

func (s *boltStore) Update(ctx context.Context, f func(Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.makeFolder(); err != nil {
		return err
	}
	return s.with(ctx, false, func(db *bbolt.DB) error {
		return db.Update(func(tx *bbolt.Tx) error {
			return f(&boltTx{tx: tx, buckets: map[Bucket]*bbolt.Bucket{}})
		})
	})
}

// Replace never opens the old file, which may be no database: it fills another
// one beside and renames it. Who holds the old one until then was before it.
func (s *boltStore) Replace(ctx context.Context, f func(Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.makeFolder(); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+".new")
	if err != nil {
		return fmt.Errorf("make the sandbox's data: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // unless it was renamed
	if err := file.Close(); err != nil {
		return err
	}
	if err := NewBoltStore(file.Name()).Update(ctx, f); err != nil {
		return err
	}
	if ctx.Err() != nil { // interrupted: the old data stay
		return context.Cause(ctx)
	}
	if err := os.Rename(file.Name(), s.path); err != nil {
		return fmt.Errorf("replace the sandbox's data: %w", err)
	}
	return nil
}

func (s *boltStore) makeFolder() error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil { //nolint:gosec // the path is the user's choice
		return fmt.Errorf("make the sandbox's folder: %w", err)
	}
	return nil
}

// with closes the file also when f panics: the HTTP server goes on then.
func (s *boltStore) with(ctx context.Context, readOnly bool, f func(*bbolt.DB) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	db, err := s.open(ctx, readOnly)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f(db)
}

func (s *boltStore) open(ctx context.Context, readOnly bool) (*bbolt.DB, error) {
	patience := time.NewTimer(s.patience)
	defer patience.Stop()
	retry := time.NewTicker(boltRetry)
	defer retry.Stop()
	for {
		db, err := bbolt.Open(s.path, 0o600, options(readOnly))
		if err == nil {
			return db, nil
		}
		if _, system := errors.AsType[syscall.Errno](err); system {
			return nil, fmt.Errorf("open the sandbox's data %s: %w", s.path, err)
		}
		if !errors.Is(err, bbolterrors.ErrTimeout) {
			return nil, errDamaged(fmt.Errorf("open %s: %w", s.path, err))
		}
		select {
		case <-retry.C:
		case <-patience.C:
			return nil, exit.Failedf(busyID, "wait for the other worksctl process to end and try again",
				"the sandbox's data %s is held by another process for over %s", s.path, s.patience)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// options let bbolt try the lock exactly once, by a timeout shorter than its
// retry, and reserve address space for the writing of a fleet of a million,
// without which it copies everything written so far each time that the file
// grows. On Windows the file itself would get that large.
func options(readOnly bool) *bbolt.Options {
	o := &bbolt.Options{Timeout: 1, ReadOnly: readOnly}
	if !readOnly && strconv.IntSize == 64 && runtime.GOOS != "windows" {
		o.InitialMmapSize = 1 << 30
	}
	return o
}

type boltTx struct {
	tx      *bbolt.Tx
	buckets map[Bucket]*bbolt.Bucket // of an update; nil in a view
}

func (t *boltTx) read(name Bucket) *bbolt.Bucket {
	if b := t.buckets[name]; b != nil {
		return b
	}
	return t.tx.Bucket([]byte(name))
}

func (t *boltTx) write(name Bucket) (*bbolt.Bucket, error) {
	if t.buckets == nil {
		return nil, errReadOnly
	}
	if b := t.buckets[name]; b != nil {
		return b, nil
	}
	b, err := t.tx.CreateBucketIfNotExists([]byte(name))
	if err != nil {
		return nil, err
	}
	b.FillPercent = 0.9 // keys of a bulk load come in order
	t.buckets[name] = b
	return b, nil
}

func (t *boltTx) Get(name Bucket, key string) []byte {
	if b := t.read(name); b != nil {
		return b.Get([]byte(key))
	}
	return nil
}

func (t *boltTx) Put(name Bucket, key string, value []byte) error {
	b, err := t.write(name)
	if err != nil {
		return err
	}
	if key == "" {
		return errNoKey
	}
	return b.Put([]byte(key), value)
}

func (t *boltTx) Delete(name Bucket, key string) error {
	b, err := t.write(name)
	if err != nil {
		return err
	}
	return b.Delete([]byte(key))
}

func (t *boltTx) Clear(name Bucket) error {
	if t.buckets == nil {
		return errReadOnly
	}
	delete(t.buckets, name)
	if t.tx.Bucket([]byte(name)) == nil {
		return nil
	}
	return t.tx.DeleteBucket([]byte(name))
}

func (t *boltTx) Ascend(name Bucket, from string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		b := t.read(name)
		if b == nil {
			return
		}
		c := b.Cursor()
		for k, v := c.Seek([]byte(from)); k != nil; k, v = c.Next() {
			if !yield(string(k), v) {
				return
			}
		}
	}
}

func (t *boltTx) Descend(name Bucket, below string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		b := t.read(name)
		if b == nil {
			return
		}
		c := b.Cursor()
		k, v := c.Last()
		if below != "" {
			if at, _ := c.Seek([]byte(below)); at != nil {
				k, v = c.Prev()
			} else {
				k, v = c.Last()
			}
		}
		for ; k != nil; k, v = c.Prev() {
			if !yield(string(k), v) {
				return
			}
		}
	}
}
