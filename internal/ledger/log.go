package ledger

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/worksctl/worksctl/internal/atomicfile"
)

const (
	patience = 5 * time.Second      // for another process to let go of a log
	retry    = 2 * time.Millisecond // between looks at its lock
	roomy    = 1 << 20              // bytes; a smaller log is never rewritten
)

// log is a file of JSON lines that processes add to in turn. It is opened for
// each call and never mapped into memory: a disk that is full, or a file that is
// cut under it, is then an error and not the end of the process.
type log struct {
	path, lock string
	of         string // what it records, as its header says
	book       book
	patience   time.Duration
	roomy      int64
	turn       chan struct{} // of the callers within this process

	// What has been read.
	end   int64 // of the last line
	lines int
	sum   uint32 // of all lines
}

// book is what the lines of a log amount to.
type book interface {
	// reset goes back to before the first line.
	reset()
	// read takes in the next line, or says what is wrong with it.
	read(line []byte) error
	// spread tells that most of what lines say doesn't hold any more.
	spread() bool
	// sieve returns what to keep of each line of the log, in their order; nil is
	// nothing. What is kept must amount to the same book, but
	// for what can no longer matter.
	sieve() func(line []byte) (any, error)
}

func newLog(path, of string, b book) *log {
	b.reset()
	return &log{path: path + ".jsonl", lock: path + ".lock", of: of, book: b, patience: patience, roomy: roomy, turn: make(chan struct{}, 1)}
}

// update has decide look at the book, as it stands for all processes, and adds
// the line that it returns; nil adds none. The line is on disk when update
// returns nil.
func (l *log) update(ctx context.Context, decide func() (line any, err error)) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return l.notWritten(err)
	}
	release, err := l.hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	file, err := l.open()
	if err != nil {
		return l.notWritten(err)
	}
	defer file.Close()
	if err := l.catchUp(file); err != nil {
		l.forget()
		return err
	}
	line, err := decide()
	if err != nil || line == nil {
		return err
	}
	if err := l.append(file, line); err != nil {
		l.forget()
		return err
	}
	if l.end > l.roomy && l.book.spread() {
		_ = file.Close()
		_ = l.compact() // or a later call does
	}
	return nil
}

// exists tells whether anything was ever recorded.
func (l *log) exists() bool {
	_, err := os.Lstat(l.path)
	return !errors.Is(err, fs.ErrNotExist)
}

// hold takes the lock. It is a file of its own, since the log is replaced at
// times, and where locks are mandatory nobody could read it.
func (l *log) hold(ctx context.Context) (release func(), err error) {
	limited, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	select {
	case l.turn <- struct{}{}:
	case <-limited.Done():
		return nil, l.gaveUp(ctx)
	}
	lock := flock.New(l.lock)
	ok, err := lock.TryLockContext(limited, retry)
	if ok {
		return func() {
			_ = lock.Unlock()
			<-l.turn
		}, nil
	}
	<-l.turn
	if limited.Err() != nil {
		return nil, l.gaveUp(ctx)
	}
	return nil, l.notWritten(err)
}

// open opens the file. A new one appears with its header: a file without one
// has lost what it held.
func (l *log) open() (*os.File, error) {
	file, err := os.OpenFile(l.path, os.O_RDWR, 0)
	if !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	head, _, err := l.head()
	if err != nil {
		return nil, err
	}
	if err := atomicfile.WriteFile(l.path, head, 0o600); err != nil {
		return nil, err
	}
	folder := filepath.Dir(l.path)
	if err := atomicfile.SyncFolder(filepath.Dir(folder)); err != nil { // folder may be new
		return nil, err
	}
	return os.OpenFile(l.path, os.O_RDWR, 0)
}

// append writes a line in one piece and flushes it. When that fails it is taken
// back, so that nothing of it holds.
func (l *log) append(file *os.File, v any) error {
	line, _, err := seal(nil, l.sum, v)
	if err != nil {
		return l.notWritten(err)
	}
	if _, err = file.WriteAt(line, l.end); err == nil {
		err = file.Sync()
	}
	if err != nil {
		_ = file.Truncate(l.end) // else the next reader cuts it off, or takes it for sent
		return l.notWritten(err)
	}
	return l.take(line)
}
