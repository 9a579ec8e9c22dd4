package journaltest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
)

func holdCases() []contractCase {
	return []contractCase{
		{"one holds a job until it is closed", oneHolds},
		{"of those who open at once one gets the job", func(t *testing.T, a, b journal.Store) {
			j := commit(t, a, 1)
			id := j.Job().ID
			ok(t, j.Close())
			var holding atomic.Int32
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					j, err := []journal.Store{a, b}[i%2].Open(t.Context(), id)
					if err != nil {
						return
					}
					if holding.Add(1) > 1 {
						t.Error("two hold the job")
					}
					if err := j.Sending([]int{0}, "k", noon()); err == nil && j.Outcome(0).Status != journal.Sending {
						t.Error("an item isn't sending")
					}
					holding.Add(-1)
					if err := j.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			wantStatuses(t, must(a.Read(t.Context(), id))(t), journal.Sending)
		}},
		{"who only looks is in nobody's way", func(t *testing.T, a, b journal.Store) {
			id := closed(t, a, 1)
			done := make(chan struct{})
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					for {
						select {
						case <-done:
							return
						default:
							if _, err := b.Read(t.Context(), id); err != nil {
								t.Error(err)
							}
						}
					}
				})
			}
			for range 20 {
				j, err := a.Open(t.Context(), id)
				if err != nil {
					t.Error(err)
					continue
				}
				if err := j.Close(); err != nil {
					t.Error(err)
				}
			}
			close(done)
			wg.Wait()
		}},
		{"canceling is asked of whoever holds the job", cancelIsAsked},
		{"one at a time is inside", exclusive},
	}
}

func closed(t tester, s journal.Store, n int) string {
	t.Helper()
	j := commit(t, s, n)
	ok(t, j.Close())
	return j.Job().ID
}

func oneHolds(t *testing.T, a, b journal.Store) {
	j := commit(t, a, 1)
	id := j.Job().ID
	wantHeld(t, a, id)
	wantHeld(t, b, id)
	for _, r := range []journal.Record{j, must(b.Read(t.Context(), id))(t)} {
		if h, held := r.Holder(); !held || h.PID == 0 {
			t.Errorf("holder %+v, %t", h, held)
		}
	}
	ok(t, j.Close())
	for _, r := range []journal.Record{j, must(b.Read(t.Context(), id))(t)} {
		if h, held := r.Holder(); held || h != (journal.Holder{}) {
			t.Errorf("after Close: holder %+v, %t", h, held)
		}
	}
	j = must(b.Open(t.Context(), id))(t)
	wantHeld(t, a, id)
	ok(t, j.Close())
	ok(t, must(a.Open(t.Context(), id))(t).Close())
}

func cancelIsAsked(t *testing.T, a, b journal.Store) {
	j := commit(t, a, 2)
	id := j.Job().ID
	other := commit(t, a, 1)
	defer other.Close()
	if j.CancelAsked() {
		t.Fatal("asked before anybody did")
	}
	ok(t, b.Cancel(t.Context(), id))
	ok(t, b.Cancel(t.Context(), id))
	if !j.CancelAsked() || other.CancelAsked() {
		t.Fatalf("asked: %t; of another job: %t", j.CancelAsked(), other.CancelAsked())
	}
	ok(t, j.Settle(settle(journal.Sent, 0)))
	ok(t, j.Close()) // with an item left that could be sent

	j = must(b.Open(t.Context(), id))(t)
	if !j.CancelAsked() {
		t.Fatal("forgotten before it was carried out")
	}
	ok(t, j.Settle(settle(journal.Canceled, 1)))
	ok(t, j.Close())

	j = must(a.Open(t.Context(), id))(t)
	if j.CancelAsked() {
		t.Error("still asked after it was carried out")
	}
	ok(t, j.Close())
	if ids := must(a.IDs(t.Context()))(t); len(ids) != 2 {
		t.Errorf("ids %q", ids)
	}
}

func exclusive(t *testing.T, a, b journal.Store) {
	release := must(a.Exclusive(t.Context()))(t)
	short, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := b.Exclusive(short); err == nil {
		t.Fatal("two are inside")
	}
	ok(t, commit(t, b, 1).Close()) // asks nobody
	release()
	must(b.Exclusive(t.Context()))(t)()

	var inside atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			release, err := []journal.Store{a, b}[i%2].Exclusive(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if inside.Add(1) > 1 {
				t.Error("two are inside")
			}
			inside.Add(-1)
			release()
		})
	}
	wg.Wait()
}
