package journaltest

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
)

func draftCases() []contractCase {
	return []contractCase{
		{"an empty store has no jobs", func(t *testing.T, a, _ journal.Store) {
			if ids := must(a.IDs(t.Context()))(t); len(ids) != 0 {
				t.Errorf("ids %q", ids)
			}
		}},
		{"an unknown job", func(t *testing.T, a, b journal.Store) {
			commit(t, b, 1)
			for _, id := range []string{"20261122-090000-notify-zzzz", "", ".", "../x", "20261122-090000-notify-ZZZZ", "20261122-090000-"} {
				_, err := a.Open(t.Context(), id)
				wantUnknown(t, id, err)
				_, err = a.Read(t.Context(), id)
				wantUnknown(t, id, err)
				wantUnknown(t, id, a.Cancel(t.Context(), id))
			}
		}},
		{"a draft is seen when committed, as it was added", draftIsSeen},
		{"a discarded draft was never there", func(t *testing.T, a, b journal.Store) {
			draft := must(a.Draft(t.Context(), newJob()))(t)
			d := device(0)
			ok(t, draft.Add(&d, journal.Outcome{}))
			draft.Discard()
			draft.Discard()
			if err := draft.Add(&d, journal.Outcome{}); err == nil {
				t.Error("Add after Discard succeeds")
			}
			if _, err := draft.Commit(t.Context()); err == nil {
				t.Error("Commit after Discard succeeds")
			}
			if ids := must(b.IDs(t.Context()))(t); len(ids) != 0 {
				t.Errorf("ids %q", ids)
			}
		}},
		{"a device can't begin as sent", func(t *testing.T, a, _ journal.Store) {
			draft := must(a.Draft(t.Context(), newJob()))(t)
			defer draft.Discard()
			d := device(0)
			for _, s := range []journal.Status{journal.Sending, journal.Sent, journal.Unknown, journal.Canceled, "new"} {
				if err := draft.Add(&d, journal.Outcome{Status: s}); err == nil {
					t.Errorf("Add as %s succeeds", s)
				}
			}
			j := must(draft.Commit(t.Context()))(t)
			if j.Len() != 0 {
				t.Errorf("%d items, want none", j.Len())
			}
			ok(t, j.Close())
		}},
		{"ids say when and what, newest first", idsNewestFirst},
		{"also within a second", idsOfOneSecond},
		{"jobs of the same second have ids of their own", func(t *testing.T, a, b journal.Store) {
			seen := map[string]bool{}
			for i := range 50 {
				s := []journal.Store{a, b}[i%2]
				draft := must(s.Draft(t.Context(), newJob()))(t)
				defer draft.Discard()
				seen[draft.Job().ID] = true
			}
			if len(seen) != 50 {
				t.Errorf("%d ids for 50 jobs", len(seen))
			}
		}},
		{"whoever gave up waiting gets the reason", gaveUp},
	}
}

func draftIsSeen(t *testing.T, a, b journal.Store) {
	job := newJob()
	draft := must(a.Draft(t.Context(), job))(t)
	id := draft.Job().ID
	outcomes := []journal.Outcome{
		{Status: journal.Planned},
		{Status: journal.Refused, Code: "MDM_OFF", Detail: `it ends in }} and "},"status":"sent"}`},
		{Status: journal.Skipped, Code: "UP_TO_DATE", Detail: "4.2\n", Time: noon()},
		{Status: journal.Skipped, Code: "UP_TO_DATE", Detail: "4.2\n", Time: noon()},
		{Status: journal.Planned, Detail: "as asked"},
		{Status: journal.Planned, Beside: "}},\x00\"d 2\""},
	}
	var want []journal.Item
	for i, o := range outcomes {
		item := journal.Item{Index: i, Device: device(i), Outcome: o}
		if o == outcomes[0] {
			o.Status = "" // means planned
		}
		ok(t, draft.Add(&item.Device, o))
		want = append(want, item)
		if diff := cmp.Diff(want, collect(t, draft.Items(t.Context()))); diff != "" {
			t.Fatalf("the draft's items (-want +got):\n%s", diff)
		}
	}
	if ids := must(b.IDs(t.Context()))(t); len(ids) != 0 {
		t.Errorf("a draft is seen: %q", ids)
	}
	_, err := b.Read(t.Context(), id)
	wantUnknown(t, id, err)
	_, err = b.Open(t.Context(), id)
	wantUnknown(t, id, err)

	j := must(draft.Commit(t.Context()))(t)
	draft.Discard() // does nothing any more
	defer j.Close()
	if ids := must(b.IDs(t.Context()))(t); !slices.Equal(ids, []string{id}) {
		t.Fatalf("ids %q, want %s", ids, id)
	}
	job.ID, job.Reason = id, "분실 \"lost\"\n\ufffd"
	for _, r := range []journal.Record{j, must(b.Read(t.Context(), id))(t)} {
		if diff := cmp.Diff(want, collect(t, r.Items(t.Context()))); diff != "" {
			t.Errorf("items (-want +got):\n%s", diff)
		}
		if r.Len() != len(want) || r.Outcome(1) != want[1].Outcome {
			t.Errorf("%d items, item 1: %+v", r.Len(), r.Outcome(1))
		}
		if n := journal.Count(r); n[journal.Planned] != 3 || n[journal.Skipped] != 2 || n[journal.Refused] != 1 || len(n) != 3 {
			t.Errorf("counts %v", n)
		}
	}
	got := must(b.Read(t.Context(), id))(t).Job()
	if diff := cmp.Diff(job, got); diff != "" {
		t.Errorf("the job (-want +got):\n%s", diff)
	}
	if got, want := got.CreatedTime.Format(time.RFC3339Nano), "2026-11-22T12:00:00.123+09:00"; got != want {
		t.Errorf("created at %s, want %s", got, want)
	}
}

func idsNewestFirst(t *testing.T, a, b journal.Store) {
	var want []string
	for _, hours := range []int{3, 1, 2, 24 * 40} {
		job := newJob()
		job.CreatedTime = job.CreatedTime.Add(time.Duration(hours) * time.Hour)
		draft := must(a.Draft(t.Context(), job))(t)
		ok(t, must(draft.Commit(t.Context()))(t).Close())
		id := draft.Job().ID
		form := `^` + job.CreatedTime.Format("20060102-150405") + `-notify-[a-z2-9]{4}$`
		if !regexp.MustCompile(form).MatchString(id) {
			t.Errorf("id %q, want the form %s", id, form)
		}
		want = append(want, id)
	}
	want = []string{want[3], want[0], want[2], want[1]}
	if diff := cmp.Diff(want, must(b.IDs(t.Context()))(t)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// idsOfOneSecond has many jobs, so that no chance sorts them.
func idsOfOneSecond(t *testing.T, a, b journal.Store) {
	var want []string
	for i, action := range []fleet.Action{fleet.Wipe, fleet.Notify, fleet.Reset, fleet.Notify, fleet.Notify, fleet.Wipe, fleet.Notify, fleet.Notify} {
		job := newJob()
		job.Action, job.CreatedTime = action, job.CreatedTime.Add(time.Duration(i)*time.Microsecond)
		draft := must(a.Draft(t.Context(), job))(t)
		ok(t, must(draft.Commit(t.Context()))(t).Close())
		want = append([]string{draft.Job().ID}, want...)
	}
	if diff := cmp.Diff(want, must(b.IDs(t.Context()))(t)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func gaveUp(t *testing.T, a, _ journal.Store) {
	j := commit(t, a, 1)
	id := j.Job().ID
	draft := must(a.Draft(t.Context(), newJob()))(t)
	defer draft.Discard()
	reason := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	var errs []error
	add := func(_ any, err error) { errs = append(errs, err) }
	for item, err := range j.Items(ctx) {
		add(item, err)
	}
	ok(t, j.Close())
	add(a.Draft(ctx, newJob()))
	add(draft.Commit(ctx))
	add(a.Open(ctx, id))
	add(a.Read(ctx, id))
	add(a.IDs(ctx))
	add(a.Exclusive(ctx))
	add(nil, a.Cancel(ctx, id))
	for i, err := range errs {
		if !errors.Is(err, reason) {
			t.Errorf("call %d: %v", i, err)
		}
	}
	ok(t, must(draft.Commit(t.Context()))(t).Close())
}
