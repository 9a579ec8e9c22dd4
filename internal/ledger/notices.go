package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// notices has a bucket for each address, with an entry for each device.
type notices struct{ f *File }

// entry is the latest notice to a device, and the one before it by another job.
type entry struct {
	Time time.Time `json:"time"`
	Job  string    `json:"job"`
	Sure bool      `json:"sure,omitempty"`
	Prev *entry    `json:"prev,omitempty"`
}

func (n notices) Reserve(ctx context.Context, r Reservation, ids []string) (map[string]Notice, error) {
	against := map[string]Notice{}
	err := n.update(ctx, r, func(b *bbolt.Bucket) error {
		for _, id := range ids {
			prev, err := read(b, id)
			if err != nil {
				return err
			}
			switch {
			case prev == nil:
			case prev.Job == r.Job:
				prev = prev.Prev
			case r.Cooldown > 0 && r.Now.Sub(prev.Time) < r.Cooldown: // also a time to come: the clock was set back
				against[id] = Notice{Job: prev.Job, Time: prev.Time, Sure: prev.Sure}
				continue
			default:
				prev.Prev = nil
			}
			if err := write(b, id, &entry{Time: r.Now, Job: r.Job, Prev: prev}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return against, nil
}

func (n notices) Confirm(ctx context.Context, r Reservation, ids []string) error {
	return n.own(ctx, r, ids, func(b *bbolt.Bucket, id string, e *entry) error {
		e.Sure = true
		return write(b, id, e)
	})
}

func (n notices) Release(ctx context.Context, r Reservation, ids []string) error {
	return n.own(ctx, r, ids, func(b *bbolt.Bucket, id string, e *entry) error {
		if e.Prev == nil {
			return b.Delete([]byte(id))
		}
		return write(b, id, e.Prev)
	})
}

// own changes the entries of ids that are r.Job's. What another job reserved
// since stays.
func (n notices) own(ctx context.Context, r Reservation, ids []string, change func(*bbolt.Bucket, string, *entry) error) error {
	return n.update(ctx, r, func(b *bbolt.Bucket) error {
		for _, id := range ids {
			e, err := read(b, id)
			if err != nil {
				return err
			}
			if e == nil || e.Job != r.Job {
				continue
			}
			if err := change(b, id, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func (n notices) update(ctx context.Context, r Reservation, change func(*bbolt.Bucket) error) error {
	if r.Address == "" || r.Job == "" {
		return fmt.Errorf("recording notices of job %q at %q: both must be named", r.Job, r.Address)
	}
	return n.f.update(ctx, "notices", r.Address, change)
}

func read(b *bbolt.Bucket, id string) (*entry, error) {
	value := b.Get([]byte(id))
	if value == nil {
		return nil, nil
	}
	e := &entry{}
	if err := json.Unmarshal(value, e); err != nil {
		return nil, fmt.Errorf("reading the last notice to device %s: %w", id, err)
	}
	return e, nil
}

func write(b *bbolt.Bucket, id string, e *entry) error {
	value, err := json.Marshal(e)
	if err == nil {
		err = b.Put([]byte(id), value)
	}
	if err != nil {
		return fmt.Errorf("recording a notice to device %q: %w", id, err)
	}
	return nil
}
