package sandbox_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
)

func TestCreateMendsADamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.db")
	o := sandbox.Options{Now: newClock().Now, Store: sandbox.NewBoltStore(path), Seed: seedOf(60)}
	if _, err := sandbox.Open(o); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"text": []byte("no database"), "cut": whole[:5000], "cut later": whole[:3*os.Getpagesize()], "noise": make([]byte, 1<<16)} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sandbox.Open(o); exit.As(err) == nil || exit.As(err).Hint != "worksctl sandbox reset" {
			t.Errorf("%s: opened: %v", name, err)
		}
		b, err := sandbox.Create(t.Context(), o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if info, err := b.Info(t.Context()); err != nil || info.Devices != 60 {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("files left: %v, %v", left, err)
	}
}

func TestDamagedStateIsMended(t *testing.T) {
	for name, newStore := range stores(t) {
		o := sandbox.Options{Now: newClock().Now, Store: newStore(), Seed: seedOf(60)}
		put(t, o.Store, "meta", "state")
		if _, err := sandbox.Open(o); exit.As(err) == nil || exit.As(err).Hint != "worksctl sandbox reset" {
			t.Errorf("%s: opened: %v", name, err)
		}
		if _, err := sandbox.Create(t.Context(), o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := sandbox.Open(o); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// counting counts the transactions that write.
type counting struct {
	sandbox.Store
	updates *int
}

func (s counting) Update(ctx context.Context, f func(sandbox.Tx) error) error {
	*s.updates++
	return s.Store.Update(ctx, f)
}

func (s counting) Replace(ctx context.Context, f func(sandbox.Tx) error) error {
	*s.updates++
	return s.Store.Replace(ctx, f)
}

func TestCreateSeedsOnce(t *testing.T) {
	for name, newStore := range stores(t) {
		updates := 0
		_, err := sandbox.Create(t.Context(), sandbox.Options{Now: newClock().Now, Store: counting{newStore(), &updates}, Seed: seedOf(60)})
		if err != nil || updates != 1 {
			t.Errorf("%s: %d updates, %v", name, updates, err)
		}
	}
}

// An interrupted reset leaves the old fleet: who reads "interrupted" believes
// that nothing was replaced.
func TestInterruptedCreateKeepsTheOldFleet(t *testing.T) {
	for name, newStore := range stores(t) {
		clock := newClock()
		o := sandbox.Options{Now: clock.Now, Store: newStore(), Seed: seedOf(60)}
		b, err := sandbox.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		o.Seed = seedOf(90)
		o.Now = func() time.Time { // asked in the middle of making the fleet
			cancel()
			return clock.Now()
		}
		if _, err := sandbox.Create(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := b.Info(t.Context()); err != nil || info.Devices != 60 {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
}
