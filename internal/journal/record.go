package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/go-json-experiment/json"
)

// Read scans the journal without disturbing its holder.
func (d *Dir) Read(ctx context.Context, id string) (Record, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	file, err := d.open(id, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	held, size, err := d.snapshot(id, file)
	if err != nil {
		return nil, err
	}
	c, err := scan(file.Name(), io.LimitReader(file, size))
	if err != nil {
		return nil, err
	}
	return &record{path: file.Name(), contents: c, held: held}, nil
}

// snapshot tells how much of the journal to read so that what was left in
// sending there fits whether somebody holds the job: nobody begins between the
// two looks, within which nothing but the size is taken.
func (d *Dir) snapshot(id string, file disk) (held bool, size int64, err error) {
	if held, err = d.held(id); err != nil {
		return false, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return false, 0, notRead(file.Name(), err)
	}
	if !held {
		held, err = d.held(id)
	}
	return held, info.Size(), err
}

// open opens a journal that exists.
func (d *Dir) open(id string, flag int) (*os.File, error) {
	if !validID(id) {
		return nil, &UnknownJobError{ID: id}
	}
	file, err := os.OpenFile(d.journal(id), flag, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &UnknownJobError{ID: id}
	}
	if err != nil {
		return nil, notRead(d.journal(id), err)
	}
	return file, nil
}

// record is what a journal said when it was read.
type record struct {
	path string
	*contents
	held bool
}

func (r *record) Job() Job { return r.job }

func (r *record) Len() int { return len(r.items) }

func (r *record) Outcome(i int) Outcome { return *r.items[i] }

func (r *record) Holder() (Holder, bool) {
	if !r.held {
		return Holder{}, false
	}
	return r.holder, true
}

func (r *record) Items(ctx context.Context) iter.Seq2[Item, error] {
	return readItems(ctx, r.path, r.Len(), r.Outcome)
}

// readItems reads the first n items of the journal or draft at path.
func readItems(ctx context.Context, path string, n int, outcome func(int) Outcome) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		file, err := os.Open(path) //nolint:gosec // a journal in the state folder
		if err != nil {
			yield(Item{}, notRead(path, err))
			return
		}
		defer file.Close()
		in := newLines(file)
		_, err = in.next() // the job
		for i := 0; i < n && err == nil; i++ {
			item := Item{Index: i, Outcome: outcome(i)}
			if err = in.device(ctx, path, &item); err == nil && !yield(item, nil) {
				return
			}
		}
		if err != nil {
			yield(Item{}, err)
		}
	}
}

// device reads the line of an item.
func (l *lines) device(ctx context.Context, path string, item *Item) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	line, err := l.next()
	if err != nil {
		return notRead(path, fmt.Errorf("item %d: %w", item.Index, err))
	}
	device, _, err := splitItem(line[:len(line)-1], item.Index)
	if err != nil {
		return damaged(path, l.number, err.Error())
	}
	if err := json.Unmarshal(device, &item.Device); err != nil {
		return damaged(path, l.number, fmt.Sprintf("the device of item %d can't be read", item.Index))
	}
	return nil
}
