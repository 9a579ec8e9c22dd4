// Package ledgertest holds the contract of [ledger.Notices] and [ledger.Wipes]
// as tests, to be run on every store.
package ledgertest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/ledger"
)

// Handle is a handle on a store.
type Handle struct {
	Notices ledger.Notices
	Wipes   ledger.Wipes
}

// Contract runs the contract on a store. newStore returns two handles on the
// same new store, as two processes would have.
func Contract(t *testing.T, newStore func(t *testing.T) (a, b Handle)) {
	t.Helper()
	for _, tt := range slices.Concat(noticeCases(), wipeCases()) {
		t.Run(tt.name, func(t *testing.T) {
			a, b := newStore(t)
			tt.run(t, a, b)
		})
	}
	t.Run("notices are what a simple model says", func(t *testing.T) { noticeModel(t, newStore) })
	t.Run("wipes are what a simple model says", func(t *testing.T) { wipeModel(t, newStore) })
}

type contractCase struct {
	name string
	run  func(t *testing.T, a, b Handle)
}

// tester is what both kinds of tests are.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

func ok(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 5, time.UTC) }

// by is a reservation of job, some time after noon, with a cooldown of a day.
func by(job string, after time.Duration) ledger.Reservation {
	return ledger.Reservation{Address: "https://api.example.com", Job: job, Now: noon().Add(after), Cooldown: 24 * time.Hour}
}

// wantReserved reserves ids and compares what stands against them.
func wantReserved(t tester, n ledger.Notices, r ledger.Reservation, ids []string, want map[string]ledger.Notice) {
	t.Helper()
	got, err := n.Reserve(t.Context(), r, ids)
	ok(t, err)
	compare(t, r, want, got)
}

// wantStanding does so and reserves nothing.
func wantStanding(t tester, n ledger.Notices, r ledger.Reservation, ids []string, want map[string]ledger.Notice) {
	t.Helper()
	got, err := n.Standing(t.Context(), r, ids)
	ok(t, err)
	compare(t, r, want, got)
}

func compare(t tester, r ledger.Reservation, want, got map[string]ledger.Notice) {
	t.Helper()
	if want == nil {
		want = map[string]ledger.Notice{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("what stands against job %s (-want +got):\n%s", r.Job, diff)
	}
}

func names(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint("device-", i))
	}
	return all
}
