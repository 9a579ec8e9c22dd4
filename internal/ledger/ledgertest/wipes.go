package ledgertest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/ledger"
)

func wipeCases() []contractCase {
	take := func(t *testing.T, h Handle, n int, after time.Duration, limit int) error {
		t.Helper()
		return h.Wipes.Reserve(t.Context(), "tenant", "job", n, noon().Add(after), limit)
	}
	return []contractCase{
		{"as many as allowed within an hour", func(t *testing.T, a, b Handle) {
			ok(t, take(t, a, 2, 0, 3))
			wantFull(t, take(t, b, 2, 10*time.Minute, 3), ledger.CapError{Asked: 2, Used: 2, Limit: 3, Free: noon().Add(time.Hour)})
			ok(t, take(t, b, 1, 10*time.Minute, 3)) // what was refused took nothing
			wantFull(t, take(t, a, 1, time.Hour-1, 3), ledger.CapError{Asked: 1, Used: 3, Limit: 3, Free: noon().Add(time.Hour)})
			wantFull(t, take(t, a, 3, time.Hour-1, 3), ledger.CapError{Asked: 3, Used: 3, Limit: 3, Free: noon().Add(70 * time.Minute)})
			ok(t, take(t, a, 2, time.Hour, 3))
			wantFull(t, take(t, a, 1, time.Hour, 3), ledger.CapError{Asked: 1, Used: 3, Limit: 3, Free: noon().Add(70 * time.Minute)})
		}},
		{"more than the limit never", func(t *testing.T, a, _ Handle) {
			wantFull(t, take(t, a, 1, 0, 0), ledger.CapError{Asked: 1})
			wantFull(t, take(t, a, 4, 0, 3), ledger.CapError{Asked: 4, Limit: 3})
			ok(t, take(t, a, 3, 0, 3))
			wantFull(t, take(t, a, 1, 0, 2), ledger.CapError{Asked: 1, Used: 3, Limit: 2, Free: noon().Add(time.Hour)})
			ok(t, take(t, a, 0, 0, 2)) // of nothing
		}},
		{"those to come count: the clock was set back", func(t *testing.T, a, b Handle) {
			ok(t, take(t, a, 1, 48*time.Hour, 1))
			wantFull(t, take(t, b, 1, 0, 1), ledger.CapError{Asked: 1, Used: 1, Limit: 1, Free: noon().Add(49 * time.Hour)})
		}},
		{"what can't be counted is refused", func(t *testing.T, a, b Handle) {
			for _, err := range []error{
				a.Wipes.Reserve(t.Context(), "", "job", 1, noon(), 3),
				a.Wipes.Reserve(t.Context(), "tenant", "", 1, noon(), 3),
				a.Wipes.Reserve(t.Context(), "tenant", "job", 1, time.Time{}, 3),
				a.Wipes.Release(t.Context(), "tenant", "", 1),
			} {
				if err == nil || isFull(err) {
					t.Errorf("error %v", err)
				}
			}
			ok(t, take(t, b, 3, 0, 3))
		}},
		{"tenants have an allowance each", func(t *testing.T, a, b Handle) {
			ok(t, take(t, a, 1, 0, 1))
			ok(t, b.Wipes.Reserve(t.Context(), "other", "job", 1, noon(), 1))
		}},
		{"what a job gives back is its own, and its latest", func(t *testing.T, a, b Handle) {
			ok(t, take(t, a, 1, 0, 3))
			ok(t, take(t, a, 1, 10*time.Minute, 3))
			ok(t, b.Wipes.Reserve(t.Context(), "tenant", "other", 1, noon().Add(20*time.Minute), 3))
			ok(t, b.Wipes.Release(t.Context(), "tenant", "job", 1))
			ok(t, b.Wipes.Release(t.Context(), "tenant", "third", 5))
			ok(t, b.Wipes.Release(t.Context(), "elsewhere", "job", 5))
			wantFull(t, take(t, a, 2, 30*time.Minute, 3), ledger.CapError{Asked: 2, Used: 2, Limit: 3, Free: noon().Add(time.Hour)})
			ok(t, b.Wipes.Release(t.Context(), "tenant", "job", 5))
			ok(t, take(t, a, 2, 30*time.Minute, 3))
		}},
		{"at the same time no more than allowed", func(t *testing.T, a, b Handle) {
			var taken atomic.Int32
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					for range 5 {
						err := []Handle{a, b}[i%2].Wipes.Reserve(t.Context(), "tenant", "job", 1, noon(), 20)
						if err == nil {
							taken.Add(1)
						} else if !isFull(err) {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			if n := taken.Load(); n != 20 {
				t.Errorf("%d were taken, want 20", n)
			}
		}},
	}
}

func isFull(err error) bool {
	_, is := errors.AsType[*ledger.CapError](err)
	return is
}

func wantFull(t tester, err error, want ledger.CapError) {
	t.Helper()
	got, is := errors.AsType[*ledger.CapError](err)
	if !is {
		t.Fatalf("error %v, want a CapError", err)
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Fatalf("CapError (-want +got):\n%s", diff)
	}
}
