package job

import (
	"context"
	"errors"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
)

// The pauses between two looks of [Runner.Wait].
const (
	firstPause = 2 * time.Second
	longPause  = 15 * time.Second
)

// Wait looks at a job, and follows it whenever no other process holds it, until
// no item is planned, being sent, or accepted and not carried out yet. It
// returns nil then, and also when limit has passed.
func (r *Runner) Wait(ctx context.Context, s journal.Store, id string, limit time.Duration) error {
	end := r.Now().Add(limit)
	for pause := firstPause; ; pause = min(pause*3/2, longPause) {
		over, err := r.look(ctx, s, id)
		if err != nil || over {
			return err
		}
		left := end.Sub(r.Now())
		if left <= 0 {
			return nil
		}
		if err := r.Sleep(ctx, min(pause, left)); err != nil {
			return err
		}
	}
}

// look follows a job once and reports whether it has come to its end. It holds
// the job no longer than that, so that others can get at it.
func (r *Runner) look(ctx context.Context, s journal.Store, id string) (over bool, err error) {
	j, err := s.Open(ctx, id)
	if _, held := errors.AsType[*journal.HeldError](err); held {
		rec, err := s.Read(ctx, id)
		if err != nil {
			return false, err
		}
		_, held := rec.Holder()
		return ended(rec, held), nil
	}
	if err != nil {
		return false, err
	}
	err = r.Follow(ctx, j)
	over = ended(j, false)
	return over && err == nil, errors.Join(err, j.Close())
}

// ended reports whether nothing more is to be expected of a job's items. One
// left in sending ends as unknown, unless a process is at work on it.
func ended(rec journal.Record, atWork bool) bool {
	for i := range rec.Len() {
		switch rec.Outcome(i).Status {
		case journal.Planned, journal.Accepted:
			return false
		case journal.Sending:
			if atWork {
				return false
			}
		}
	}
	return true
}
