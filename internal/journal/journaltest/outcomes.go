package journaltest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/journal"
)

func outcomeCases() []contractCase {
	return []contractCase{
		{"outcomes survive", outcomesSurvive},
		{"a reader sees what is on its way", func(t *testing.T, a, b journal.Store) {
			j := commit(t, a, 3)
			id := j.Job().ID
			before := must(b.Read(t.Context(), id))(t)
			ok(t, j.Sending([]int{0, 1}, "k", noon()))
			during := must(b.Read(t.Context(), id))(t)
			ok(t, j.Settle(settle(journal.Sent, 0)))
			wantStatuses(t, before, journal.Planned, journal.Planned, journal.Planned)
			wantStatuses(t, during, journal.Sending, journal.Sending, journal.Planned)
			if n := journal.Count(during); n[journal.Sending] != 2 || n[journal.Planned] != 1 {
				t.Errorf("counts of a held job %v", n)
			}
			ok(t, j.Close())
			after := must(b.Read(t.Context(), id))(t)
			wantStatuses(t, after, journal.Sent, journal.Sending, journal.Planned)
			if n := journal.Count(after); n[journal.Unknown] != 1 || n[journal.Sending] != 0 {
				t.Errorf("counts of a job that nobody holds %v", n)
			}
		}},
		{"only what is planned is sent", onlyPlannedIsSent},
		{"nothing is noted of a wrong call", wrongCalls},
		{"calls at the same time all count", atTheSameTime},
		{"a closed journal takes nothing", func(t *testing.T, a, b journal.Store) {
			j := commit(t, a, 1)
			ok(t, j.Close())
			ok(t, j.Close())
			if j.Sending([]int{0}, "k", noon()) == nil || j.Settle(settle(journal.Failed, 0)) == nil {
				t.Error("a call succeeds")
			}
			wantStatuses(t, must(b.Read(t.Context(), j.Job().ID))(t), journal.Planned)
		}},
	}
}

func outcomesSurvive(t *testing.T, a, b journal.Store) {
	j := commit(t, a, 5)
	id := j.Job().ID
	later := noon().Add(time.Minute).In(time.FixedZone("", -5*60*60-30*60))
	ok(t, j.Sending([]int{0, 1, 2}, "key-1", noon()))
	ok(t, j.Sending([]int{3}, "key-2", noon()))
	ok(t, j.Settle()) // of nothing
	ok(t, j.Settle(
		journal.Settlement{Items: []int{0, 3}, Outcome: journal.Outcome{Status: journal.Accepted, CommandID: "c-1", Beside: "d\x00e", Time: later}},
		journal.Settlement{Items: []int{1}, Outcome: journal.Outcome{Status: journal.Failed, Code: "NO", Detail: "\xff<b>\u2028\n", Key: "key-3"}},
		journal.Settlement{Items: []int{2}, Outcome: journal.Outcome{Status: journal.Planned, Detail: "too many requests"}},
		journal.Settlement{},
	))
	ok(t, j.Settle(journal.Settlement{Items: []int{0}, Outcome: journal.Outcome{Status: journal.Done}}))
	ok(t, j.Sending([]int{2}, "key-4", later))
	ok(t, j.Close())
	want := []journal.Outcome{
		{Status: journal.Done, CommandID: "c-1", Beside: "d\x00e", Key: "key-1"},
		{Status: journal.Failed, Code: "NO", Detail: "\ufffd<b>\u2028\n", Key: "key-3"},
		{Status: journal.Sending, Key: "key-4", Time: later},
		{Status: journal.Accepted, CommandID: "c-1", Beside: "d\x00e", Key: "key-2", Time: later},
		{Status: journal.Planned},
	}
	again := must(b.Open(t.Context(), id))(t)
	for _, r := range []journal.Record{again, must(a.Read(t.Context(), id))(t)} {
		var got []journal.Outcome
		for i, item := range collect(t, r.Items(t.Context())) {
			if item.Outcome != r.Outcome(i) || item.Index != i || item.Device != device(i) {
				t.Errorf("item %d reads %+v, its outcome is %+v", i, item, r.Outcome(i))
			}
			got = append(got, item.Outcome)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	}
	if zone := again.Outcome(2).Time.Format("-07:00"); zone != "-05:30" {
		t.Errorf("the time comes back with zone %s", zone)
	}
	ok(t, again.Close())
}

func onlyPlannedIsSent(t *testing.T, a, _ journal.Store) {
	j := commit(t, a, 9)
	defer j.Close()
	ok(t, j.Sending([]int{0}, "k", noon()))
	for i, s := range []journal.Status{journal.Sent, journal.Accepted, journal.Done, journal.Failed, journal.Skipped, journal.Refused, journal.Canceled} {
		ok(t, j.Settle(settle(s, i+1)))
	}
	for i := range 8 {
		if err := j.Sending([]int{8, i}, "again", noon()); err == nil {
			t.Errorf("an item that is %s is sent", j.Outcome(i).Status)
		}
		if err := j.Settle(settle(journal.Planned, 8, i)); i > 0 && err == nil {
			t.Errorf("an item that is %s is planned again", j.Outcome(i).Status)
		}
	}
	ok(t, j.Sending([]int{8, 0}, "again", noon())) // item 0 was planned again from sending
}

func wrongCalls(t *testing.T, a, b journal.Store) {
	j := commit(t, a, 2)
	defer j.Close()
	for name, err := range map[string]error{
		"beyond the end":       j.Sending([]int{0, 2}, "k", noon()),
		"before the beginning": j.Sending([]int{-1}, "k", noon()),
		"sent twice at once":   j.Sending([]int{0, 0}, "k", noon()),
		"settled beyond":       j.Settle(settle(journal.Sent, 0), settle(journal.Sent, 2)),
		"settled twice":        j.Settle(settle(journal.Sent, 0), settle(journal.Planned, 0)),
		"shown only":           j.Settle(settle(journal.Unknown, 0)),
		"no status":            j.Settle(settle("", 0)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, r := range []journal.Record{j, must(b.Read(t.Context(), j.Job().ID))(t)} {
		wantStatuses(t, r, journal.Planned, journal.Planned)
	}
}

func atTheSameTime(t *testing.T, a, b journal.Store) {
	const workers, each = 8, 25
	j := commit(t, a, workers*each)
	id := j.Job().ID
	errs := make(chan error, workers*each*2)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < workers*each; i += workers {
				errs <- j.Sending([]int{i}, fmt.Sprint("key-", i), noon())
				_, _, _ = j.Outcome(i), j.CancelAsked(), journal.Count(j)
				errs <- j.Settle(settle(journal.Sent, i))
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		ok(t, err)
	}
	ok(t, j.Close())
	r := must(b.Read(t.Context(), id))(t)
	for i := range r.Len() {
		if want := (journal.Outcome{Status: journal.Sent, Key: fmt.Sprint("key-", i)}); r.Outcome(i) != want {
			t.Errorf("item %d is %+v, want %+v", i, r.Outcome(i), want)
		}
	}
}
