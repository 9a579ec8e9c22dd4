package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/ledger"
)

// newFile has three notices, on three days, to d, デバイス and f.
func newFile(t *testing.T) (folder string, text []byte) {
	t.Helper()
	folder = t.TempDir()
	d := ledger.NewDir(folder)
	for i, id := range []string{"d", "デバイス", "f"} {
		reserve(t, d, at(1+i), id)
	}
	return folder, readNotices(t, folder)
}

func readNotices(t *testing.T, folder string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "notices.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func writeNotices(t *testing.T, folder string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, "notices.jsonl"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err error, id string, texts ...string) {
	t.Helper()
	e := exit.As(err)
	if e == nil || e.ID != id || e.Exit != exit.Failed || e.Hint == "" {
		t.Fatalf("error %v, want %s with a hint", err, id)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error %q, want %q in it", err, text)
		}
	}
}

func TestDamage(t *testing.T) {
	_, text := newFile(t)
	lines := bytes.SplitAfter(text, []byte("\n"))[:4]
	join := func(lines ...[]byte) []byte { return bytes.Join(lines, nil) }
	for name, tt := range map[string]struct {
		text []byte
		line int
	}{
		"nothing":              {nil, 1},
		"zeroed":               {make([]byte, len(text)), 1},
		"zeroed for long":      {make([]byte, 1<<20), 1},
		"another file":         {bytes.Repeat([]byte("no record "), 4000), 1},
		"half a header":        {lines[0][:10], 1},
		"a header's text":      {bytes.TrimSuffix(lines[0], []byte("\n")), 1},
		"no header":            {join(lines[1:]...), 1},
		"another record":       {[]byte(strings.Replace(string(text), "notices", "wipes", 1)), 1},
		"a line missing":       {join(lines[0], lines[1], lines[3]), 3},
		"a line twice":         {join(lines[0], lines[1], lines[1], lines[2]), 3},
		"lines exchanged":      {join(lines[0], lines[2], lines[1]), 2},
		"zeroed in the middle": {join(lines[0], make([]byte, len(lines[1])), lines[2]), 2},
		"zeroed to the end":    {join(lines[0], lines[1], lines[2][:20], make([]byte, 100)), 3},
		"an empty line":        {join(lines[0], lines[1], []byte("\n"), lines[2]), 3},
		"no line at the end":   {append(slices.Clone(text), "x"...), 5},
		"more than a line":     {append(slices.Clone(text), "{}}"...), 5},
		"two files in one":     {join(text, text), 5},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			writeNotices(t, folder, tt.text)
			n := ledger.NewDir(folder).Notices()
			_, reserving := n.Reserve(t.Context(), at(9), []string{"d"})
			_, looking := n.Standing(t.Context(), at(9), []string{"d"})
			for _, err := range []error{reserving, looking, n.Confirm(t.Context(), at(9), []string{"d"})} {
				wantError(t, err, "RECORDS_DAMAGED", filepath.Join(folder, "notices.jsonl"), fmt.Sprintf("line %d:", tt.line))
			}
			if !bytes.Equal(readNotices(t, folder), tt.text) {
				t.Error("the file was changed")
			}
		})
	}
}

// TestAnyByteChanged takes no changed byte for what was written.
func TestAnyByteChanged(t *testing.T) {
	folder, text := newFile(t)
	end := len(text) - 1 // without its line feed the last line is one cut short
	for i := range end {
		for _, bit := range []byte{1, 4, 0x10} {
			changed := slices.Clone(text)
			changed[i] ^= bit
			writeNotices(t, folder, changed)
			_, err := ledger.NewDir(folder).Notices().Reserve(t.Context(), at(3), []string{"d"})
			wantError(t, err, "RECORDS_DAMAGED")
		}
	}
}

// TestMovedAway does what the hint says.
func TestMovedAway(t *testing.T) {
	folder, _ := newFile(t)
	writeNotices(t, folder, nil)
	d := ledger.NewDir(folder)
	_, err := d.Notices().Reserve(t.Context(), at(3), []string{"f"})
	wantError(t, err, "RECORDS_DAMAGED")
	if err := os.Remove(filepath.Join(folder, "notices.jsonl")); err != nil {
		t.Fatal(err)
	}
	if standing := reserve(t, d, at(3), "f"); len(standing) > 0 {
		t.Error(standing)
	}
}

func TestTornLine(t *testing.T) {
	_, text := newFile(t)
	last := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	for end := last; end < len(text); end++ {
		folder := t.TempDir()
		writeNotices(t, folder, text[:end])
		d := ledger.NewDir(folder)
		if standing := reserve(t, d, at(2), "デバイス", "f"); len(standing) > 0 {
			t.Fatalf("torn at %d: %v", end, standing)
		}
		again := at(2)
		again.Job = "another"
		if standing := reserve(t, ledger.NewDir(folder), again, "f", "d"); standing["f"].Job != "job-2" || len(standing) > 1 {
			t.Fatalf("torn at %d, then: %v", end, standing)
		}
		if !bytes.HasPrefix(readNotices(t, folder), text[:last]) {
			t.Fatalf("torn at %d: what stood before is gone", end)
		}
	}
}

// TestAnotherFile has the file replaced under a process that has read it.
func TestAnotherFile(t *testing.T) {
	old, _ := newFile(t)
	for name, by := range map[string]func(d *ledger.Dir){
		"shorter": func(d *ledger.Dir) { reserve(t, d, at(2), "x") },
		"as long": func(d *ledger.Dir) {
			reserve(t, d, at(1), "y")
			reserve(t, d, at(2), "デバイス")
			reserve(t, d, at(3), "x")
		},
		"longer": func(d *ledger.Dir) {
			for _, id := range []string{"x", "y", "z", "a", "b", "c"} {
				reserve(t, d, at(2), id)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.CopyFS(folder, os.DirFS(old)); err != nil {
				t.Fatal(err)
			}
			d := ledger.NewDir(folder)
			if standing := reserve(t, d, at(3), "d", "f"); len(standing) != 0 { // f is its own
				t.Fatal(standing)
			}
			another := t.TempDir()
			by(ledger.NewDir(another))
			writeNotices(t, folder, readNotices(t, another)) // in the same place
			r := at(2)
			r.Job = "job-9"
			if standing := reserve(t, d, r, "d", "f", "x"); len(standing) != 1 || standing["x"].Sure {
				t.Errorf("standing %v, want x alone", standing)
			}
		})
	}
}

func TestHeldByAnother(t *testing.T) {
	folder := t.TempDir()
	lock := flock.New(filepath.Join(folder, "wipes.lock"))
	if ok, err := lock.TryLock(); !ok {
		t.Fatal(err)
	}
	reason := errors.New("interrupted")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, reason)
	defer cancel()
	if err := ledger.NewDir(folder).Hurry(time.Minute).Wipes().Release(ctx, "t", "j", 1); !errors.Is(err, reason) {
		t.Errorf("interrupted while waiting: %v", err)
	}
	d := ledger.NewDir(folder).Hurry(50 * time.Millisecond)
	wantError(t, d.Wipes().Release(t.Context(), "t", "j", 1), "RECORDS_BUSY", filepath.Join(folder, "wipes.jsonl"), "another process")
	reserve(t, d, at(1), "d") // has a lock of its own
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if err := d.Wipes().Release(t.Context(), "t", "j", 1); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}

func TestCompact(t *testing.T) {
	folder := t.TempDir()
	d, other := ledger.NewDir(folder).CompactFrom(10_000), ledger.NewDir(folder)
	ids := []string{"デバイス", "b", "c"}
	largest := 0
	for day := range 500 {
		some := ids[:1+day%3]
		if err := record(t.Context(), d, at(1+2*day), some, len(some)); err != nil {
			t.Fatal(err)
		}
		again := at(1 + 2*day)
		again.Job = "another"
		standing, err := other.Notices().Standing(t.Context(), again, ids)
		if err != nil || len(standing) != len(some) || !standing["デバイス"].Sure || !standing["デバイス"].Time.Equal(again.Now) {
			t.Fatal(day, standing, err)
		}
		largest = max(largest, len(readNotices(t, folder)))
	}
	if largest > 12_000 {
		t.Errorf("the file grew to %d bytes", largest)
	}
}
