package sandbox

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

func TestBusyStoreIsAnErrorAfterAWhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.db")
	holder, other := NewBoltStore(path), &boltStore{path: path, patience: 20 * time.Millisecond}
	err := holder.Update(t.Context(), func(tx Tx) error {
		if err := tx.Put(bucketMeta, "k", nil); err != nil {
			return err
		}
		for _, err := range []error{
			other.View(t.Context(), func(Tx) error { return nil }),
			other.Update(t.Context(), func(Tx) error { return nil }),
		} {
			if e := exit.As(err); e == nil || e.ID != "SANDBOX_BUSY" || e.Exit != exit.Failed {
				t.Errorf("err = %v", err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := other.View(t.Context(), func(Tx) error { return nil }); err != nil {
		t.Errorf("after the other process: %v", err)
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	if err := wait(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := wait(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}
