package ledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// wipes has a bucket for each tenant, with an entry for each wipe or reset: its
// time and a number as the key, so that they stand in their order, and its job.
type wipes struct{ f *File }

// hour is what the allowance is for.
const hour = time.Hour

func (w wipes) Reserve(ctx context.Context, tenant, job string, n int, now time.Time, limit int) error {
	return w.update(ctx, tenant, job, func(b *bbolt.Bucket) error {
		var used []time.Time // those to come count too: the clock was set back
		c := b.Cursor()
		for k, _ := c.Seek(wipeKey(now.Add(-hour+1), 0)); k != nil; k, _ = c.Next() {
			used = append(used, keyTime(k))
		}
		if n > 0 && len(used)+n > limit {
			full := &CapError{Asked: n, Used: len(used), Limit: limit}
			if n <= limit {
				full.Free = used[len(used)+n-limit-1].Add(hour).In(now.Location())
			}
			return full
		}
		for range n {
			number, err := b.NextSequence()
			if err != nil {
				return err
			}
			if err := b.Put(wipeKey(now, number), []byte(job)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w wipes) Release(ctx context.Context, tenant, job string, n int) error {
	return w.update(ctx, tenant, job, func(b *bbolt.Bucket) error {
		var back [][]byte
		c := b.Cursor()
		for k, v := c.Last(); k != nil && len(back) < n; k, v = c.Prev() {
			if string(v) == job {
				back = append(back, k)
			}
		}
		for _, k := range back {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w wipes) update(ctx context.Context, tenant, job string, change func(*bbolt.Bucket) error) error {
	if tenant == "" || job == "" {
		return fmt.Errorf("counting wipes of job %q at %q: both must be named", job, tenant)
	}
	return w.f.update(ctx, "wipes", tenant, change)
}

// wipeKey sorts as times do, those before 1970 too.
func wipeKey(t time.Time, number uint64) []byte {
	key := binary.BigEndian.AppendUint64(nil, uint64(t.UnixNano())^1<<63)
	return binary.BigEndian.AppendUint64(key, number)
}

func keyTime(key []byte) time.Time {
	return time.Unix(0, int64(binary.BigEndian.Uint64(key)^1<<63)) //nolint:gosec // see wipeKey
}
