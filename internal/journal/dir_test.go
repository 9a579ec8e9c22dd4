package journal_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/journal/journaltest"
)

func now() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func TestContract(t *testing.T) {
	journaltest.Contract(t, func(t *testing.T) (a, b journal.Store) {
		folder := filepath.Join(t.TempDir(), "state", "jobs")
		return journal.NewDir(folder, now), journal.NewDir(folder, now)
	})
}
