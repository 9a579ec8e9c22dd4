package ledger

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/worksctl/worksctl/internal/exit"
)

func TestFileHeldByAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	records := NewFile(path)
	records.patience = 50 * time.Millisecond
	reason := errors.New("interrupted")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, reason)
	defer cancel()
	if err := records.Wipes().Release(ctx, "t", "j", 1); !errors.Is(err, reason) {
		t.Errorf("interrupted while waiting: %v", err)
	}
	err = records.Wipes().Release(t.Context(), "t", "j", 1)
	if e := exit.As(err); e == nil || e.ID != "RECORDS_BUSY" || e.Exit != exit.Failed || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want RECORDS_BUSY that names the file", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := records.Wipes().Release(t.Context(), "t", "j", 1); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}
