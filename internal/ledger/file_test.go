package ledger_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/internal/ledger/ledgertest"
)

func TestContract(t *testing.T) {
	ledgertest.Contract(t, func(t *testing.T) (a, b ledgertest.Handle) {
		path := filepath.Join(t.TempDir(), "state", "records.db")
		handle := func() ledgertest.Handle {
			f := ledger.NewFile(path)
			return ledgertest.Handle{Notices: f.Notices(), Wipes: f.Wipes()}
		}
		return handle(), handle()
	})
}

func at(day int) ledger.Reservation {
	return ledger.Reservation{
		Address: "sandbox", Job: fmt.Sprint("job-", day), Cooldown: 24 * time.Hour,
		Now: time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC),
	}
}

func TestOnlyTheUserMayRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "records.db")
	if _, err := ledger.NewFile(path).Notices().Reserve(t.Context(), at(1), []string{"d"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, want %v", filepath.Base(name), got, want)
		}
	}
}

func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 4000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ledger.NewFile(path).Notices().Reserve(t.Context(), at(1), []string{"d"})
	if e := exit.As(err); e == nil || e.ID != "RECORDS_DAMAGED" || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want RECORDS_DAMAGED that names the file", err)
	}
}

// BenchmarkNotify reserves and confirms 100 devices among 100,000.
func BenchmarkNotify(b *testing.B) {
	const all, batch = 100_000, 100
	var ids []string
	for i := range all {
		ids = append(ids, fmt.Sprintf("0f8fad5b-d9cb-469f-a165-%012d", i*7919%all))
	}
	notices := ledger.NewFile(filepath.Join(b.TempDir(), "records.db")).Notices()
	if _, err := notices.Reserve(b.Context(), at(1), ids); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		some := ids[n%all:][:batch]
		n += batch
		standing, err := notices.Reserve(b.Context(), at(3), some)
		if err == nil && len(standing) == 0 {
			err = notices.Confirm(b.Context(), at(3), some)
		}
		if err != nil || len(standing) > 0 {
			b.Fatal(len(standing), err)
		}
	}
}
