package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// recorder is a file that says what is done with it, and fails where told.
type recorder struct {
	disk
	calls    []string
	failing  map[string]error // by call
	syncing  func()           // before each flush
	stating  func()           // before each Stat
	tornAway bool             // of a write that fails a half is written
}

func (r *recorder) WriteAt(p []byte, at int64) (int, error) {
	r.calls = append(r.calls, "write")
	if err := r.failing["write"]; err != nil {
		n := 0
		if r.tornAway {
			n, _ = r.disk.WriteAt(p[:len(p)/2], at)
		}
		return n, err
	}
	return r.disk.WriteAt(p, at)
}

func (r *recorder) Sync() error {
	r.calls = append(r.calls, "sync")
	if r.syncing != nil {
		r.syncing()
	}
	if err := r.failing["sync"]; err != nil {
		return err
	}
	return r.disk.Sync()
}

func (r *recorder) Truncate(size int64) error {
	r.calls = append(r.calls, "truncate")
	if err := r.failing["truncate"]; err != nil {
		return err
	}
	return r.disk.Truncate(size)
}

func (r *recorder) Stat() (fs.FileInfo, error) {
	if r.stating != nil {
		r.stating()
	}
	return r.disk.Stat()
}

// did checks what was done with the file since the last time.
func (r *recorder) did(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(r.calls, want) {
		t.Errorf("the file saw %q, want %q", r.calls, want)
	}
	r.calls = nil
}

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// draftOf drafts a job of n devices on a file that is watched.
func draftOf(t *testing.T, n int) (*draft, *recorder) {
	t.Helper()
	made, err := NewDir(filepath.Join(t.TempDir(), "jobs"), noon).Draft(t.Context(), Job{Action: "wipe", CreatedTime: noon()})
	if err != nil {
		t.Fatal(err)
	}
	d, ok := made.(*draft)
	if !ok {
		t.Fatalf("a draft is a %T", made)
	}
	t.Cleanup(d.Discard)
	for range n {
		if err := d.Add(&api.Device{DeviceID: "d"}, Outcome{}); err != nil {
			t.Fatal(err)
		}
	}
	file := &recorder{disk: d.file, failing: map[string]error{}}
	d.file = file
	return d, file
}

// journalOf holds a job of three devices on a file that is watched.
func journalOf(t *testing.T) (*journal, *recorder) {
	t.Helper()
	d, _ := draftOf(t, 3)
	made, err := d.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	j, ok := made.(*journal)
	if !ok {
		t.Fatalf("a journal is a %T", made)
	}
	t.Cleanup(func() { _ = j.Close() })
	file := &recorder{disk: j.file, failing: map[string]error{}}
	j.file = file
	return j, file
}

func (j *journal) bytes(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(j.rec.path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func wantNotWritten(t *testing.T, err, cause error) {
	t.Helper()
	if e := exit.As(err); e == nil || e.ID != "JOURNAL_NOT_WRITTEN" || !errors.Is(err, cause) {
		t.Errorf("the error is %v, want JOURNAL_NOT_WRITTEN for %v", err, cause)
	}
}

// notes are the ways to note something, each for an item of its own.
func notes(j *journal) map[string]func() error {
	sent := func(i int) Settlement { return Settlement{Items: []int{i}, Outcome: Outcome{Status: Sent}} }
	return map[string]func() error{
		"sending":  func() error { return j.Sending([]int{0}, "k", noon()) },
		"settling": func() error { return j.Settle(sent(0)) },
		"two at once": func() error {
			return j.Settle(sent(0), Settlement{Items: []int{1}, Outcome: Outcome{Status: Failed}})
		},
	}
}

// A request may leave as soon as Sending returns: what it says must have been
// flushed after it was written, and before.
func TestNothingIsNotedUntilItIsFlushed(t *testing.T) {
	for name := range notes(nil) {
		t.Run(name, func(t *testing.T) {
			j, file := journalOf(t)
			before, flushed := len(j.bytes(t)), ""
			file.syncing = func() { flushed = j.bytes(t)[before:] }
			if err := notes(j)[name](); err != nil {
				t.Fatal(err)
			}
			file.did(t, "write", "sync")
			if whole := j.bytes(t)[before:]; flushed == "" || flushed != whole || strings.Count(whole, "\n") != 1 {
				t.Errorf("flushed is %q of %q", flushed, whole)
			}
		})
	}
}

// After a flush that failed nobody knows what is on disk, and the next one may
// pass over it: the handle is good for nothing any more.
func TestAFailedFlushIsNotForgiven(t *testing.T) {
	for name := range notes(nil) {
		t.Run(name, func(t *testing.T) {
			j, file := journalOf(t)
			before := j.bytes(t)
			file.failing["sync"] = syscall.EIO
			wantNotWritten(t, notes(j)[name](), syscall.EIO)
			file.did(t, "write", "sync", "truncate")
			delete(file.failing, "sync")
			for _, again := range notes(j) {
				wantNotWritten(t, again(), syscall.EIO)
			}
			file.did(t)
			if got := j.Outcome(0); got.Status != Planned || j.bytes(t) != before {
				t.Errorf("item 0 is %s, and the file %q", got.Status, j.bytes(t)[len(before):])
			}
		})
	}
}

// A write that failed leaves nothing for the next line to stick to.
func TestAFailedWriteIsTakenBack(t *testing.T) {
	j, file := journalOf(t)
	before := j.bytes(t)
	file.failing["write"], file.tornAway = syscall.ENOSPC, true
	for _, note := range notes(j) {
		wantNotWritten(t, note(), syscall.ENOSPC)
		file.did(t, "write", "truncate")
		if j.Outcome(0).Status != Planned || j.bytes(t) != before {
			t.Fatalf("item 0 is %s, and the file %q", j.Outcome(0).Status, j.bytes(t)[len(before):])
		}
	}
	delete(file.failing, "write")
	if err := j.Sending([]int{0}, "k", noon()); err != nil {
		t.Fatal("there is room again:", err)
	}
	file.did(t, "write", "sync")
	rec, err := j.dir.Read(t.Context(), j.Job().ID)
	if err != nil || rec.Outcome(0).Status != Sending {
		t.Errorf("the journal can't be read: %v", err)
	}

	// What can't be taken back spoils the file.
	file.failing["write"], file.failing["truncate"] = syscall.ENOSPC, syscall.EIO
	wantNotWritten(t, j.Sending([]int{1}, "k", noon()), syscall.ENOSPC)
	file.did(t, "write", "truncate")
	clear(file.failing)
	wantNotWritten(t, j.Sending([]int{1}, "k", noon()), syscall.EIO)
	file.did(t)
}

// A journal that can be seen is on disk whole.
func TestAJournalAppearsAfterItsFlush(t *testing.T) {
	d, file := draftOf(t, 3)
	var flushed string
	file.syncing = func() {
		text, err := os.ReadFile(d.path())
		if err != nil {
			t.Error("it appeared before it was flushed:", err)
		}
		flushed = string(text)
	}
	made, err := d.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = made.Close() }()
	file.did(t, "sync")
	text, err := os.ReadFile(d.dir.journal(d.job.ID))
	if err != nil || flushed != string(text) {
		t.Errorf("flushed is %q of %q (%v)", flushed, text, err)
	}
}

func TestADraftThatCantBeFlushedStaysUnseen(t *testing.T) {
	d, file := draftOf(t, 3)
	file.failing["sync"] = syscall.EIO
	_, err := d.Commit(t.Context())
	wantNotWritten(t, err, syscall.EIO)
	if ids, err := d.dir.IDs(t.Context()); len(ids) > 0 || err != nil {
		t.Errorf("jobs %q (%v)", ids, err)
	}
	d.Discard()
	if left, err := os.ReadDir(d.dir.folder); len(left) > 0 || err != nil {
		t.Errorf("%d files are left (%v)", len(left), err)
	}
}

// Whoever takes hold of a job while it is read may have begun to send: that is
// on its way, and not unknown.
func TestAHolderThatComesDuringALookIsSeen(t *testing.T) {
	j, _ := journalOf(t)
	id := j.Job().ID
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := j.dir.open(id, os.O_RDONLY)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	look := &recorder{disk: file, stating: func() {
		other, err := NewDir(j.dir.folder, noon).Open(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = other.Close() })
		if err := other.Sending([]int{0}, "k", noon()); err != nil {
			t.Fatal(err)
		}
	}}
	held, size, err := j.dir.snapshot(id, look)
	if err != nil || !held || size != int64(len(j.bytes(t))) {
		t.Errorf("held %v, %d bytes of %d: %v", held, size, len(j.bytes(t)), err)
	}
}
