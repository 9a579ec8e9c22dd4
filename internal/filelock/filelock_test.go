package filelock_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/filelock"
)

func TestOneHoldsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.lock")
	unlock, err := filelock.Take(t.Context(), path, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := filelock.Take(t.Context(), path, time.Millisecond); !errors.Is(err, filelock.ErrBusy) {
		t.Errorf("a second one: %v", err)
	}
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	if _, err := filelock.Take(ctx, path, time.Minute); !errors.Is(err, stop) {
		t.Errorf("interrupted: %v", err)
	}
	unlock()
	if unlock, err = filelock.Take(t.Context(), path, time.Millisecond); err != nil {
		t.Fatalf("after the first: %v", err)
	}
	unlock()
}

func TestAFolderThatIsMissing(t *testing.T) {
	_, err := filelock.Take(t.Context(), filepath.Join(t.TempDir(), "none", "x.lock"), time.Minute)
	if err == nil || errors.Is(err, filelock.ErrBusy) {
		t.Errorf("%v", err)
	}
}
