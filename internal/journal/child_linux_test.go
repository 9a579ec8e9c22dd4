package journal_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/worksctl/worksctl/internal/journal"
)

// childOfSystem lets no file grow by more than 200 bytes and then writes more,
// then as much as fits, then drafts.
func childOfSystem(what string, store *journal.Dir, id string) error {
	if what != "full" {
		return errors.New("no such task")
	}
	j, err := store.Open(context.Background(), id)
	if err != nil {
		return err
	}
	info, err := os.Stat(os.Getenv("JOURNAL_TEST_FILE"))
	if err != nil {
		return err
	}
	limit := uint64(info.Size()) + 200
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		return err
	}
	if err := j.Sending([]int{0, 1, 2}, strings.Repeat("k", 300), now()); !errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("sending on a full disk: %w", err)
	}
	if s := j.Outcome(0).Status; s != journal.Planned {
		return fmt.Errorf("item 0 is %s", s)
	}
	if err := j.Sending([]int{0}, "k", now()); err != nil {
		return fmt.Errorf("sending with less: %w", err)
	}
	draft, err := store.Draft(context.Background(), journal.Job{Action: "notify", CreatedTime: now()})
	if err != nil {
		return err
	}
	defer draft.Discard()
	d := device(0)
	for range 1000 {
		if err := draft.Add(&d, journal.Outcome{}); err != nil {
			break // its buffer was full
		}
	}
	if _, err := draft.Commit(context.Background()); !errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("committing on a full disk: %w", err)
	}
	return nil
}

func TestFullDisk(t *testing.T) {
	folder, id := newFolder(t, 3)
	t.Setenv("JOURNAL_TEST_FILE", file(folder, id))
	p, said := start(t, "full", folder, id)
	if said != "<nil>" {
		t.Fatal(said)
	}
	p.kill(t)
	wantStatuses(t, folder, id, journal.Sending, journal.Planned, journal.Planned)
	names := list(t, folder)
	if want := []string{id + ".jsonl", id + ".lock"}; !slices.Equal(names, want) {
		t.Errorf("the folder holds %q, want %q", names, want)
	}
}
