package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
)

func TestKilledProcessLeavesWhatItKnew(t *testing.T) {
	folder, id := newFolder(t, 3)
	p, said := start(t, "send", folder, id)
	if said != "<nil>" {
		t.Fatal(said)
	}
	store := journal.NewDir(folder, now)
	_, err := store.Open(t.Context(), id)
	if held, ok := errors.AsType[*journal.HeldError](err); !ok || held.Holder.PID != p.Process.Pid {
		t.Errorf("while the process runs: %v", err)
	}
	p.kill(t)
	wantStatuses(t, folder, id, journal.Sent, journal.Sending, journal.Planned)
	rec, err := store.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if n := journal.Count(rec); n[journal.Unknown] != 1 {
		t.Errorf("counts %v, want one unknown", n)
	}
	j, err := store.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Sending([]int{1}, "k", now()); err == nil {
		t.Error("an item is sent again that may have been sent")
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

func TestOfTwoProcessesOneHolds(t *testing.T) {
	folder, id := newFolder(t, 1)
	var said [2]string
	var wg sync.WaitGroup
	for i := range said {
		wg.Go(func() { _, said[i] = start(t, "hold", folder, id) })
	}
	wg.Wait()
	slices.Sort(said[:])
	if said[0] != "<nil>" || !strings.Contains(said[1], "is held by process") {
		t.Errorf("the processes say %q", said)
	}
}

func TestOldDraftsOfKilledProcessesGo(t *testing.T) {
	folder, id := newFolder(t, 1)
	age := func(name string, d time.Duration) {
		if err := os.Chtimes(filepath.Join(folder, name), now().Add(-d), now().Add(-d)); err != nil {
			t.Fatal(err)
		}
	}
	drafts := func() (names []string) {
		for _, name := range list(t, folder) {
			if strings.HasSuffix(name, ".draft") {
				names = append(names, name)
			}
		}
		return names
	}
	alive, _ := start(t, "draft", folder, id)
	held := drafts()[0]
	age(held, 48*time.Hour)
	for range 2 {
		p, _ := start(t, "draft", folder, id)
		p.kill(t)
	}
	left := slices.DeleteFunc(drafts(), func(name string) bool { return name == held })
	age(left[0], 24*time.Hour)
	age(left[1], 23*time.Hour)
	draft, err := journal.NewDir(folder, now).Draft(t.Context(), journal.Job{Action: "notify", CreatedTime: now()})
	if err != nil {
		t.Fatal(err)
	}
	draft.Discard()
	want := []string{held, left[1]}
	slices.Sort(want)
	if got := drafts(); !slices.Equal(got, want) {
		t.Errorf("drafts %q, want %q: the old one goes unless somebody holds it", got, want)
	}
	if lock := strings.TrimSuffix(left[0][1:], ".draft") + ".lock"; slices.Contains(list(t, folder), lock) {
		t.Error("the lock of the old draft is left")
	}
	alive.kill(t)
}
