package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/ledger"
)

// childOfSystem lets no file grow beyond the record of notices and 200 bytes,
// then writes more, and then as much as fits.
func childOfSystem(what, folder string) error {
	ctx := context.Background()
	limit := uint64(5)
	path := filepath.Join(folder, "notices.jsonl")
	if info, err := os.Stat(path); err == nil {
		limit = uint64(info.Size()) + 200
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		return err
	}
	d := ledger.NewDir(folder)
	long := []string{"short", strings.Repeat("long", 100)}
	_, err := d.Notices().Reserve(ctx, at(9), long)
	if e := exit.As(err); e == nil || e.ID != "RECORDS_NOT_WRITTEN" || !errors.Is(err, syscall.EFBIG) || !strings.Contains(err.Error(), path) {
		return fmt.Errorf("on a full disk: %w", err)
	}
	if what == "full from the start" {
		return nil
	}
	if standing, err := d.Notices().Standing(ctx, at(8), long); err != nil || len(standing) > 0 {
		return fmt.Errorf("%v stand: %w", standing, err)
	}
	d.CompactOften() // for which there is no room either
	if standing, err := d.Notices().Reserve(ctx, at(9), []string{"short"}); err != nil || len(standing) > 0 {
		return fmt.Errorf("with less: %v %w", standing, err)
	}
	return nil
}

func TestFullDisk(t *testing.T) {
	folder := t.TempDir()
	d := ledger.NewDir(folder)
	reserve(t, d, at(1), "d")
	before := readNotices(t, folder)
	start(t, "full", folder, "").said(t)
	text := readNotices(t, folder)
	if !strings.HasPrefix(string(text), string(before)) || strings.Count(string(text), "\n") != 3 {
		t.Errorf("the file:\n%s", text)
	}
	r := at(9)
	r.Job = "another"
	if standing := reserve(t, d, r, "short"); standing["short"].Job != "job-9" {
		t.Error(standing)
	}
	wantFiles(t, folder, "notices.jsonl", "notices.lock")
}

func TestFullDiskFromTheStart(t *testing.T) {
	folder := t.TempDir()
	start(t, "full from the start", folder, "").said(t)
	wantFiles(t, folder, "notices.lock")
	if standing := reserve(t, ledger.NewDir(folder), at(9), "short"); len(standing) > 0 {
		t.Error(standing)
	}
}

func wantFiles(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, want) {
		t.Errorf("the folder holds %q, want %q", names, want)
	}
}
