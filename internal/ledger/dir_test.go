package ledger_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/internal/ledger/ledgertest"
)

func handle(d *ledger.Dir) ledgertest.Handle {
	return ledgertest.Handle{Notices: d.Notices(), Wipes: d.Wipes()}
}

func TestContract(t *testing.T) {
	for name, open := range map[string]func(folder string) ledgertest.Handle{
		"two processes":                 func(folder string) ledgertest.Handle { return handle(ledger.NewDir(folder)) },
		"two that compact all the time": func(folder string) ledgertest.Handle { return handle(ledger.NewDir(folder).CompactOften()) },
		"a process for each call": func(folder string) ledgertest.Handle {
			return ledgertest.Handle{Notices: newNotices(folder), Wipes: newWipes(folder)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ledgertest.Contract(t, func(t *testing.T) (a, b ledgertest.Handle) {
				folder := filepath.Join(t.TempDir(), "state", "records")
				return open(folder), open(folder)
			})
		})
	}
}

// newNotices is a folder that is read anew at each call.
type newNotices string

func (f newNotices) Reserve(ctx context.Context, r ledger.Reservation, ids []string) (map[string]ledger.Notice, error) {
	return ledger.NewDir(string(f)).Notices().Reserve(ctx, r, ids)
}

func (f newNotices) Standing(ctx context.Context, r ledger.Reservation, ids []string) (map[string]ledger.Notice, error) {
	return ledger.NewDir(string(f)).Notices().Standing(ctx, r, ids)
}

func (f newNotices) Confirm(ctx context.Context, r ledger.Reservation, ids []string) error {
	return ledger.NewDir(string(f)).Notices().Confirm(ctx, r, ids)
}

func (f newNotices) Release(ctx context.Context, r ledger.Reservation, ids []string) error {
	return ledger.NewDir(string(f)).Notices().Release(ctx, r, ids)
}

type newWipes string

func (f newWipes) Reserve(ctx context.Context, tenant, job string, n int, now time.Time, limit int) error {
	return ledger.NewDir(string(f)).Wipes().Reserve(ctx, tenant, job, n, now, limit)
}

func (f newWipes) Release(ctx context.Context, tenant, job string, n int) error {
	return ledger.NewDir(string(f)).Wipes().Release(ctx, tenant, job, n)
}

// at is a reservation on a day of November by a job of that day.
func at(day int) ledger.Reservation {
	return ledger.Reservation{
		Address: "sandbox", Job: fmt.Sprint("job-", day), Cooldown: 24 * time.Hour,
		Now: time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC),
	}
}

func reserve(t *testing.T, d *ledger.Dir, r ledger.Reservation, ids ...string) map[string]ledger.Notice {
	t.Helper()
	standing, err := d.Notices().Reserve(t.Context(), r, ids)
	if err != nil {
		t.Fatal(err)
	}
	return standing
}

func TestOnlyTheUserMayRead(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state", "records")
	d := ledger.NewDir(folder)
	reserve(t, d, at(1), "d")
	if err := d.Wipes().Reserve(t.Context(), "t", "j", 1, at(1).Now, 20); err != nil {
		t.Fatal(err)
	}
	want := map[string]os.FileMode{"": 0o700, "notices.jsonl": 0o600, "notices.lock": 0o600, "wipes.jsonl": 0o600, "wipes.lock": 0o600}
	for name, mode := range want {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != mode {
			t.Errorf("%q has mode %v, want %v", name, got, mode)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != len(want)-1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestAPlanMakesNoFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "records")
	standing, err := ledger.NewDir(folder).Notices().Standing(t.Context(), at(1), []string{"d"})
	if err != nil || len(standing) > 0 {
		t.Error(standing, err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder: %v", err)
	}
}

// TestForm holds what is written, which later versions must read.
func TestForm(t *testing.T) {
	folder := t.TempDir()
	d := ledger.NewDir(folder)
	r := at(1)
	r.Now = time.Date(2026, 11, 1, 21, 0, 0, 5, time.FixedZone("", 9*60*60))
	reserve(t, d, r, "d", "e")
	if err := d.Notices().Confirm(t.Context(), r, []string{"d"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Notices().Release(t.Context(), r, []string{"e"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Wipes().Reserve(t.Context(), "tenant", "job", 3, r.Now, 20); err != nil {
		t.Fatal(err)
	}
	if err := d.Wipes().Release(t.Context(), "tenant", "job", 1); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"notices.jsonl": `{"records":1,"of":"notices","crc32":"df501315"}
{"event":"reserved","address":"sandbox","job":"job-1","time":"2026-11-01T12:00:00.000000005Z","devices":["d","e"],"crc32":"81d0df0b"}
{"event":"sent","address":"sandbox","job":"job-1","time":"2026-11-01T12:00:00.000000005Z","devices":["d"],"crc32":"ac67b979"}
{"event":"released","address":"sandbox","job":"job-1","time":"2026-11-01T12:00:00.000000005Z","devices":["e"],"crc32":"2772e354"}
`,
		"wipes.jsonl": `{"records":1,"of":"wipes","crc32":"a3510b51"}
{"event":"reserved","tenant":"tenant","job":"job","time":"2026-11-01T12:00:00.000000005Z","count":3,"crc32":"0c16c465"}
{"event":"released","tenant":"tenant","job":"job","count":1,"crc32":"035db61d"}
`,
	} {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}
