package job_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// slept counts the pauses of a wait, and has something happen after each.
func (l *lab) slept(after func(n int)) *[]time.Duration {
	var pauses []time.Duration
	l.runner.Sleep = func(ctx context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		l.pass(d)
		after(len(pauses))
		return context.Cause(ctx)
	}
	return &pauses
}

func TestWaitUntilItIsDone(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	j := l.run(wipe(), p)
	id := j.Job().ID
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	pauses := l.slept(func(n int) {
		if n == 3 {
			l.does(p, "online")
		}
	})
	if err := l.runner.Wait(t.Context(), l.store, id, time.Hour); err != nil {
		t.Fatal(err)
	}
	rec, err := l.store.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, rec, 0, journal.Done, "", "completed at")
	if n := len(*pauses); n < 4 || (*pauses)[0] != 2*time.Second || (*pauses)[n-1] > 15*time.Second {
		t.Errorf("the pauses are %v", *pauses)
	}
}

func TestWaitNoLongerThanItsLimit(t *testing.T) {
	l := newLab(t)
	j := l.run(wipe(), &l.phones(true)[0])
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	began := l.now()
	l.slept(func(int) {})
	if err := l.runner.Wait(t.Context(), l.store, j.Job().ID, time.Minute); err != nil {
		t.Fatal(err)
	}
	if d := l.now().Sub(began); d != time.Minute {
		t.Errorf("waited for %s", d)
	}
}

// TestWaitForAnotherProcess looks on while the job is held, and follows it
// itself after that.
func TestWaitForAnotherProcess(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	j := l.begin(wipe(), p)
	l.slept(func(n int) {
		switch n {
		case 2:
			if err := j.Sending([]int{0}, api.NewIdempotencyKey(), l.now()); err != nil {
				t.Error(err)
			}
		case 4: // killed while it was sending
			if err := j.Close(); err != nil {
				t.Error(err)
			}
		case 5:
			t.Error("waits for what nobody sends")
		}
	})
	if err := l.runner.Wait(t.Context(), l.store, j.Job().ID, time.Hour); err != nil {
		t.Fatal(err)
	}
	rec, err := l.store.Read(t.Context(), j.Job().ID)
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, rec, 0, journal.Sending, "", "shows no such command")
}

func TestWaitEndsWithItsContext(t *testing.T) {
	l := newLab(t)
	j := l.run(wipe(), &l.phones(true)[0])
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	stopped := errors.New("stopped")
	ctx, stop := context.WithCancelCause(t.Context())
	l.slept(func(int) { stop(stopped) })
	if err := l.runner.Wait(ctx, l.store, j.Job().ID, time.Hour); !errors.Is(err, stopped) {
		t.Errorf("the wait ended with %v", err)
	}
	if _, err := l.store.Open(t.Context(), j.Job().ID); err != nil {
		t.Errorf("the job is still held: %v", err)
	}
	if err := l.runner.Wait(t.Context(), l.store, "20261120-090000-wipe-none", time.Hour); err == nil {
		t.Error("waited for an unknown job")
	}
}
