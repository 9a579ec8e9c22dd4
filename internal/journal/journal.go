package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// disk is the file of a journal or a draft: an [*os.File], but in the tests of
// what is flushed when.
type disk interface {
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Stat() (fs.FileInfo, error)
	Close() error
	Name() string
}

// journal is a file that this process alone writes to.
type journal struct {
	dir  *Dir
	file disk
	lock *flock.Flock

	mu     sync.RWMutex
	rec    record
	failed error // why nothing can be written any more
}

func newJournal(d *Dir, file disk, lock *flock.Flock, c *contents) *journal {
	return &journal{dir: d, file: file, lock: lock, rec: record{path: file.Name(), contents: c, held: true}}
}

func (j *journal) Job() Job { return j.rec.Job() }

func (j *journal) Len() int { return j.rec.Len() }

func (j *journal) Outcome(i int) Outcome {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.rec.Outcome(i)
}

func (j *journal) Holder() (Holder, bool) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.rec.Holder()
}

func (j *journal) Items(ctx context.Context) iter.Seq2[Item, error] {
	return readItems(ctx, j.rec.path, j.Len(), j.Outcome)
}

func (j *journal) Sending(items []int, key string, at time.Time) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, i := range items {
		if i >= 0 && i < len(j.rec.items) && j.rec.items[i].Status != Planned {
			return j.fault(fmt.Errorf("item %d is %s and can't be sent", i, j.rec.items[i].Status))
		}
	}
	return j.note([]Settlement{{Items: items, Outcome: Outcome{Status: Sending, Key: key, Time: at}}})
}

func (j *journal) Settle(groups ...Settlement) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.note(groups)
}

// note checks all groups, writes them as one line, and then has them hold.
func (j *journal) note(groups []Settlement) error {
	seen := map[int]bool{}
	var lines []settlement
	for _, g := range groups {
		if len(g.Items) == 0 {
			continue
		}
		if err := j.rec.items.check(g.Items, g.Outcome.Status); err != nil {
			return j.fault(err)
		}
		for _, i := range g.Items {
			if seen[i] {
				return j.fault(fmt.Errorf("item %d is named twice", i))
			}
			seen[i] = true
		}
		lines = append(lines, settlement{Outcome: g.Outcome, Of: g.Items})
	}
	var err error
	switch len(lines) {
	case 0:
		return nil
	case 1:
		err = j.append(lines[0])
	default:
		err = j.append(outcomesLine{Outcomes: lines})
	}
	if err != nil {
		return err
	}
	for _, l := range lines {
		j.rec.items.apply(l.Of, l.Outcome)
	}
	return nil
}

// append writes one line and flushes it. When that fails, the line is taken
// back, so that the next one doesn't stick to a part of it.
func (j *journal) append(v any) error {
	if j.failed != nil {
		return notWritten(j.rec.path, j.failed)
	}
	line, err := appendLine(nil, v)
	if err != nil {
		return notWritten(j.rec.path, err)
	}
	if _, err := j.file.WriteAt(line, j.rec.end); err != nil {
		if cut := j.file.Truncate(j.rec.end); cut != nil {
			j.failed = cut
		}
		return notWritten(j.rec.path, err)
	}
	if err := j.file.Sync(); err != nil {
		j.failed = err // what is on disk now nobody knows: a later flush may pass over it
		_ = j.file.Truncate(j.rec.end)
		return notWritten(j.rec.path, err)
	}
	j.rec.end += int64(len(line))
	return nil
}

func (j *journal) CancelAsked() bool {
	_, err := os.Stat(j.cancelPath())
	return err == nil
}

// Close takes the request to cancel away once it is carried out: nothing is
// left that could be sent.
func (j *journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.rec.held {
		return nil
	}
	j.rec.held, j.failed = false, os.ErrClosed
	if !j.anyPlanned() {
		_ = os.Remove(j.cancelPath()) // mostly there is none; one that stays does no harm
	}
	return errors.Join(j.file.Close(), j.lock.Unlock())
}

func (j *journal) anyPlanned() bool {
	for _, o := range j.rec.items {
		if o.Status == Planned {
			return true
		}
	}
	return false
}

func (j *journal) cancelPath() string { return j.dir.file(j.rec.job.ID, cancelSuffix) }

// fault words a mistake of the caller.
func (j *journal) fault(err error) error {
	return fmt.Errorf("job %s: %w", j.rec.job.ID, err)
}
