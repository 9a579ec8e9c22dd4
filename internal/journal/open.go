package journal

import (
	"context"
	"os"

	"github.com/gofrs/flock"
)

// Open takes the lock, cuts off a last line that was not written whole, and
// notes in the journal that this process holds it.
func (d *Dir) Open(ctx context.Context, id string) (Journal, error) {
	file, err := d.open(id, os.O_RDWR) // before the lock: an unknown id leaves no file
	if err != nil {
		return nil, err
	}
	lock, err := d.hold(ctx, id)
	if err == nil && lock == nil {
		err = &HeldError{ID: id, Holder: holderOf(file)}
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	j, err := d.resume(file, lock)
	if err != nil {
		_ = file.Close()
		_ = lock.Unlock()
		return nil, err
	}
	return j, nil
}

func (d *Dir) resume(file *os.File, lock *flock.Flock) (*journal, error) {
	c, err := scan(file.Name(), file)
	if err != nil {
		return nil, err
	}
	if err := file.Truncate(c.end); err != nil {
		return nil, notWritten(file.Name(), err)
	}
	c.holder = d.self()
	j := newJournal(d, file, lock, c)
	return j, j.append(runLine{Run: c.holder})
}

// self is this process as a holder.
func (d *Dir) self() Holder {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return Holder{PID: os.Getpid(), Host: host, Since: d.now()}
}

// holderOf says who took hold of a journal last, nobody if it can't be read.
func holderOf(file *os.File) Holder {
	c, err := scan(file.Name(), file)
	if err != nil {
		return Holder{}
	}
	return c.holder
}
