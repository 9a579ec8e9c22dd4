package journal

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"iter"
	"os"

	"github.com/gofrs/flock"

	"github.com/worksctl/worksctl/pkg/api"
)

// draft is a hidden file beside the journals. Its id is taken, and locked, from
// the beginning.
type draft struct {
	dir   *Dir
	job   Job
	lock  *flock.Flock
	file  disk
	buf   *bufio.Writer
	sum   hash.Hash
	items outcomes
	line  []byte
	done  bool // committed or discarded
}

// Draft also removes what processes that were killed left of theirs a day ago
// or earlier.
func (d *Dir) Draft(ctx context.Context, job Job) (Draft, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := d.makeFolder(); err != nil {
		return nil, err
	}
	d.sweep(ctx)
	lock, err := d.takeID(ctx, &job)
	if err != nil {
		return nil, err
	}
	dr := &draft{dir: d, job: job, lock: lock, sum: sha256.New()}
	path := d.hidden(job.ID)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // in the state folder
	if err != nil {
		dr.Discard()
		return nil, notWritten(path, err)
	}
	dr.file, dr.buf = file, bufio.NewWriterSize(file, 64<<10)
	if err := dr.append(jobLine{Job: &job}); err != nil {
		dr.Discard()
		return nil, err
	}
	return dr, nil
}

// takeID gives job an id that no other has, and locks it.
func (d *Dir) takeID(ctx context.Context, job *Job) (*flock.Flock, error) {
	const most = 100 // far more than ever needed among 32⁴ for each second
	for range most {
		id := newID(job)
		if _, err := os.Lstat(d.journal(id)); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		lock, err := d.claim(ctx, id)
		if errors.Is(err, fs.ErrExist) || err == nil && lock == nil {
			continue
		}
		if err != nil {
			return nil, notWritten(d.folder, err)
		}
		job.ID = id
		return lock, nil
	}
	return nil, notWritten(d.folder, errors.New("no job id is free"))
}

func (d *draft) Job() Job { return d.job }

func (d *draft) Add(device *api.Device, o Outcome) error {
	switch o.Status {
	case "":
		o.Status = Planned
	case Planned, Skipped, Refused:
	default:
		return fmt.Errorf("job %s: a device can't begin as %s", d.job.ID, o.Status)
	}
	line, err := appendItem(d.line[:0], len(d.items), device, &o)
	if err != nil {
		return notWritten(d.path(), err)
	}
	d.line = line
	if err := d.write(line); err != nil {
		return err
	}
	shared := &o
	if n := len(d.items); n > 0 && *d.items[n-1] == o {
		shared = d.items[n-1]
	}
	d.items = append(d.items, shared)
	return nil
}

func (d *draft) Items(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if err := d.flush(); err != nil {
			yield(Item{}, err)
			return
		}
		readItems(ctx, d.path(), len(d.items), func(i int) Outcome { return *d.items[i] })(yield)
	}
}

// Commit closes the list, says who holds it, and renames the file. The id being
// taken, no other journal can be in its place.
func (d *draft) Commit(ctx context.Context) (_ Journal, err error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	c := &contents{job: d.job, items: d.items, holder: d.dir.self()}
	if err := d.append(closingLine{Items: len(d.items), SHA256: hex.EncodeToString(d.sum.Sum(nil))}); err != nil {
		return nil, err
	}
	if err := d.append(runLine{Run: c.holder}); err != nil {
		return nil, err
	}
	if c.end, err = d.finish(); err != nil {
		return nil, err
	}
	if err := rename(d.path(), d.dir.journal(d.job.ID)); err != nil {
		return nil, notWritten(d.dir.journal(d.job.ID), err)
	}
	file, err := d.dir.open(d.job.ID, os.O_WRONLY)
	if err != nil {
		return nil, err
	}
	d.done = true
	return newJournal(d.dir, file, d.lock, c), nil
}

// finish flushes the file to disk and closes it.
func (d *draft) finish() (size int64, err error) {
	if err := d.flush(); err != nil {
		return 0, err
	}
	info, err := d.file.Stat()
	if err == nil {
		size, err = info.Size(), d.file.Sync()
	}
	if err == nil {
		err = d.file.Close()
	}
	if err != nil {
		return 0, notWritten(d.path(), err)
	}
	return size, nil
}

func (d *draft) Discard() {
	if d.done {
		return
	}
	d.done = true
	if d.file != nil {
		_ = d.file.Close() // closed already when Commit failed after it
	}
	d.dir.drop(d.job.ID, d.lock)
}

func (d *draft) path() string { return d.dir.hidden(d.job.ID) }

func (d *draft) append(v any) error {
	line, err := appendLine(nil, v)
	if err != nil {
		return notWritten(d.path(), err)
	}
	return d.write(line)
}

func (d *draft) write(line []byte) error {
	if d.done {
		return notWritten(d.path(), os.ErrClosed)
	}
	d.sum.Write(line)
	if _, err := d.buf.Write(line); err != nil {
		return notWritten(d.path(), err)
	}
	return nil
}

func (d *draft) flush() error {
	if d.done {
		return notWritten(d.path(), os.ErrClosed)
	}
	if err := d.buf.Flush(); err != nil {
		return notWritten(d.path(), err)
	}
	return nil
}
