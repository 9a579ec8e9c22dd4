// Package journaltest holds the contract of [journal.Store] as tests, to be run
// on every store.
package journaltest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// Contract runs the contract on a store. newStore returns two handles on the
// same new store, as two processes would have.
func Contract(t *testing.T, newStore func(t *testing.T) (a, b journal.Store)) {
	t.Helper()
	for _, tt := range slices.Concat(draftCases(), outcomeCases(), holdCases()) {
		t.Run(tt.name, func(t *testing.T) {
			a, b := newStore(t)
			tt.run(t, a, b)
		})
	}
	t.Run("a journal is what a simple model says", func(t *testing.T) { model(t, newStore) })
}

type contractCase struct {
	name string
	run  func(t *testing.T, a, b journal.Store)
}

// tester is what both kinds of tests are.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

// must is used as must(f())(t): it returns what f did, or ends the test.
func must[V any](v V, err error) func(tester) V {
	return func(t tester) V {
		t.Helper()
		ok(t, err)
		return v
	}
}

func ok(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func noon() time.Time {
	return time.Date(2026, 11, 22, 12, 0, 0, 123_000_000, time.FixedZone("", 9*60*60))
}

func newJob() journal.Job {
	return journal.Job{
		Action: fleet.Notify, Profile: "tokyo", Tenant: journal.NewTenant("https://api.example.com", 7, "tokyo"),
		Reason: "분실 \"lost\"\n\xff", Query: map[string]string{"os": "ios", "app-version-max": "4.2"}, Cooldown: "24h0m0s",
		Outdated: true, CreatedTime: noon(), Version: "1.0.0",
	}
}

// device makes a device whose texts are hard on any format.
func device(i int) api.Device {
	return api.Device{
		DeviceID: fmt.Sprintf("d-%d", i), DomainID: 7, Type: api.TypeMobile, Model: `},"status":"planned"}`,
		SerialNumber: "S\u2028N", User: api.User{UserID: "u", UserName: "佐藤 \"花子\"\n", Email: "h@example.com"},
		OS: api.OS{Type: api.OSIOS, Version: "17.5"}, LastAccessTime: "2026-11-20T09:12:00+09:00",
	}
}

// commit makes a job of n planned devices, held.
func commit(t tester, s journal.Store, n int) journal.Journal {
	t.Helper()
	draft := must(s.Draft(t.Context(), newJob()))(t)
	for i := range n {
		d := device(i)
		ok(t, draft.Add(&d, journal.Outcome{Status: journal.Planned}))
	}
	return must(draft.Commit(t.Context()))(t)
}

// collect reads all items.
func collect(t tester, items iter.Seq2[journal.Item, error]) []journal.Item {
	t.Helper()
	var all []journal.Item
	for item, err := range items {
		ok(t, err)
		all = append(all, item)
	}
	return all
}

func wantStatuses(t tester, r journal.Record, want ...journal.Status) {
	t.Helper()
	var got []journal.Status
	for i := range r.Len() {
		got = append(got, r.Outcome(i).Status)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("statuses (-want +got):\n%s", diff)
	}
}

func wantHeld(t tester, s journal.Store, id string) {
	t.Helper()
	_, err := s.Open(t.Context(), id)
	held, is := errors.AsType[*journal.HeldError](err)
	if !is || held.ID != id || held.Holder.PID == 0 || held.Holder.Host == "" || held.Holder.Since.IsZero() {
		t.Fatalf("Open of a held job: %v, want a HeldError that says who", err)
	}
}

func wantUnknown(t tester, id string, err error) {
	t.Helper()
	if unknown, is := errors.AsType[*journal.UnknownJobError](err); !is || unknown.ID != id {
		t.Fatalf("%q: %v, want an UnknownJobError", id, err)
	}
}

func settle(s journal.Status, items ...int) journal.Settlement {
	return journal.Settlement{Items: items, Outcome: journal.Outcome{Status: s}}
}
