package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/worksctl/worksctl/internal/exit"
)

const (
	wait  = 5 * time.Second      // for another process to let go of the file
	retry = 2 * time.Millisecond // bbolt's own retry of 50 ms starves busy processes
)

// File keeps both records in one file, which is open only during a call, so
// that several processes can use it at the same time. A call that cannot have
// it within 5 seconds fails with exit code 1.
type File struct {
	path     string
	patience time.Duration
	turn     chan struct{} // the file's lock is polled and knows no order; this one does
}

// NewFile returns the records in the file at path, which is made with mode
// 0600, and its folder with 0700, at the first call.
func NewFile(path string) *File {
	return &File{path: path, patience: wait, turn: make(chan struct{}, 1)}
}

// Notices returns the record of notices.
func (f *File) Notices() Notices { return notices{f} }

// Wipes returns the count of wipes and resets.
func (f *File) Wipes() Wipes { return wipes{f} }

// update runs change in a transaction on the bucket within of kind. It is on
// disk when update returns; an error of change undoes everything.
func (f *File) update(ctx context.Context, kind, within string, change func(*bbolt.Bucket) error) (err error) {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	limited, cancel := context.WithTimeout(ctx, f.patience)
	defer cancel()
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-limited.Done():
		return f.gaveUp(ctx)
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return fmt.Errorf("make the folder of the records: %w", err)
	}
	db, err := f.open(ctx, limited)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Update(func(tx *bbolt.Tx) error {
		all, err := tx.CreateBucketIfNotExists([]byte(kind))
		if err != nil {
			return err
		}
		b, err := all.CreateBucketIfNotExists([]byte(within))
		if err != nil {
			return err
		}
		return change(b)
	})
}

// open tries the file's lock until limited ends.
func (f *File) open(ctx, limited context.Context) (*bbolt.DB, error) {
	again := time.NewTicker(retry)
	defer again.Stop()
	for {
		// A timeout shorter than bbolt's retry has it try exactly once.
		db, err := bbolt.Open(f.path, 0o600, &bbolt.Options{Timeout: 1})
		if err == nil {
			return db, nil
		}
		if _, system := errors.AsType[syscall.Errno](err); system {
			return nil, fmt.Errorf("open the records %s: %w", f.path, err)
		}
		if !errors.Is(err, bbolterrors.ErrTimeout) {
			return nil, exit.Failedf("RECORDS_DAMAGED", "move the file away; what was notified before it is then forgotten",
				"the record of notices and wipes %s is damaged: %v", f.path, err)
		}
		select {
		case <-again.C:
		case <-limited.Done():
			return nil, f.gaveUp(ctx)
		}
	}
}

func (f *File) gaveUp(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return exit.Failedf("RECORDS_BUSY", "wait for the other worksctl process to end and try again",
		"the record of notices and wipes %s is held by another process for over %s", f.path, f.patience)
}
