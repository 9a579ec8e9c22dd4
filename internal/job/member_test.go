package job_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/standin"
	"github.com/worksctl/worksctl/internal/wiretest"
	"github.com/worksctl/worksctl/pkg/api"
)

// office is a stand-in for what NAVER WORKS publishes, with a runner on its
// clock and a store of journals.
type office struct {
	t       *testing.T
	service *standin.Service
	members []standin.Member
	runner  *job.Runner
	store   *journal.Dir
	ahead   atomic.Int64
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, members: standin.Directory(300)}
	now := func() time.Time {
		return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).Add(time.Duration(o.ahead.Load()))
	}
	sleep := func(ctx context.Context, d time.Duration) error {
		o.ahead.Add(int64(d))
		return context.Cause(ctx)
	}
	var err error
	o.service, err = standin.Start(standin.Options{Now: now, Members: o.members, PerMinute: 60, Wrap: wiretest.Validator(t).AllowFaults().Handler})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.service.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := api.New(api.Options{BaseURL: o.service.APIURL(), Tokens: api.StaticToken(api.NewSecret(o.service.Token())), Now: now, Sleep: sleep})
	if err != nil {
		t.Fatal(err)
	}
	o.runner = &job.Runner{Client: client, Now: now, Sleep: sleep}
	o.store = journal.NewDir(filepath.Join(t.TempDir(), "jobs"), now)
	return o
}

// plan makes a job of an action on the members at some places of the directory.
func (o *office) plan(action fleet.Action, places ...int) journal.Journal {
	o.t.Helper()
	d, err := o.store.Draft(o.t.Context(), journal.Job{Action: action, CreatedTime: o.runner.Now()})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, p := range places {
		m, err := o.runner.Client.Users.Get(o.t.Context(), o.members[p].UserID)
		if err == nil {
			err = d.Add(job.MemberRow(m, "name"), job.JudgeMember(action, m))
		}
		if err != nil {
			o.t.Fatal(err)
		}
	}
	j, err := d.Commit(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = j.Close() })
	return j
}

func codes(j journal.Journal) []string {
	var all []string
	for i := range j.Len() {
		out := j.Outcome(i)
		all = append(all, string(journal.Shown(out, false))+" "+out.Code)
	}
	return all
}

// Whatever becomes of the answer, the deed is done once, and what the journal
// says of it is true.
func TestMemberActions(t *testing.T) {
	for name, tc := range map[string]struct {
		action   fleet.Action
		place    int
		fault    standin.Kind
		done     int
		outcome  string
		evidence string // 10 minutes later
	}{
		"sign-out":                {job.SignOut, 8, "", 1, "accepted ", job.Unknown},
		"suspend":                 {job.Suspend, 8, "", 1, "done ", job.Confirmed},
		"unsuspend":               {job.Unsuspend, 2, "", 1, "done ", job.Confirmed},
		"suspend, answer lost":    {job.Suspend, 8, standin.DropAfter, 1, "done ", job.Confirmed},
		"suspend, 500 after":      {job.Suspend, 8, standin.FailAfter, 1, "done ", job.Confirmed},
		"unsuspend, answer cut":   {job.Unsuspend, 2, standin.DropAfter, 1, "done ", job.Confirmed},
		"suspend, never arrived":  {job.Suspend, 8, standin.DropBefore, 0, "unknown OUTCOME_UNKNOWN", job.Unknown},
		"suspend, 500 before":     {job.Suspend, 8, standin.FailBefore, 0, "unknown OUTCOME_UNKNOWN", job.Unknown},
		"sign-out, answer lost":   {job.SignOut, 8, standin.DropAfter, 1, "unknown OUTCOME_UNKNOWN", job.Unknown},
		"sign-out, never arrived": {job.SignOut, 8, standin.DropBefore, 0, "unknown OUTCOME_UNKNOWN", job.Unknown},
		"a super administrator":   {job.Suspend, 0, "", 0, "failed BAD_REQUEST", job.Failed},
		"suspended already":       {job.Suspend, 2, "", 0, "skipped ALREADY_SUSPENDED", job.Confirmed},
		"not suspended":           {job.Unsuspend, 8, "", 0, "skipped NOT_SUSPENDED", job.Confirmed},
		"not active yet":          {job.Suspend, 3, "", 0, "refused USER_NOT_ACTIVE", job.Failed},
		"deleted":                 {job.SignOut, 5, "", 0, "refused USER_DELETED", job.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			j := o.plan(tc.action, tc.place)
			if tc.fault != "" {
				o.service.AddFault(standin.Fault{Kind: tc.fault, Method: http.MethodPost})
			}
			if err := o.runner.Run(t.Context(), j); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tc.outcome}, codes(j)); diff != "" {
				t.Error(diff)
			}
			o.ahead.Add(int64(10 * time.Minute))
			for e, err := range o.runner.Verify(t.Context(), j) {
				if err != nil || e.Evidence != tc.evidence || e.Detail == "" {
					t.Errorf("evidence %+v, %v", e, err)
				}
			}
			if err := o.runner.Follow(t.Context(), j); err != nil {
				t.Fatal(err)
			}
			if left := j.Outcome(0).Status; left == journal.Accepted {
				t.Error("still only accepted when the time of a sign-out is over")
			}
			done := o.service.Record()
			if n := done.Total("force-logout") + done.Total("suspend") + done.Total("unsuspend"); n != tc.done {
				t.Errorf("done %d times, want %d", n, tc.done)
			}
		})
	}
}

// Before a job is resumed every member is looked at again.
func TestMembersAreLookedAtAgain(t *testing.T) {
	o := newOffice(t)
	j := o.plan(job.Suspend, 8, 9, 10, 11, 12)
	for place, change := range map[int]func(*standin.Member){
		9:  func(m *standin.Member) { m.IsSuspended = true },
		10: func(m *standin.Member) { m.Email = "another@example.com" },
		11: func(m *standin.Member) { m.IsDeleted = true },
		12: func(m *standin.Member) { m.UserID, m.Email = "gone", "gone@example.com" },
	} {
		o.service.Change(o.members[place].UserID, change)
	}
	if err := o.runner.Recheck(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	if err := o.runner.Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	want := []string{"done ", "skipped ALREADY_SUSPENDED", "refused USER_CHANGED", "refused USER_DELETED", "failed USER_NOT_EXIST"}
	if diff := cmp.Diff(want, codes(j)); diff != "" {
		t.Error(diff)
	}
	if n := o.service.Record().Total("suspend"); n != 1 {
		t.Errorf("suspended %d members, want 1", n)
	}
}

// A planned suspension, or the end of one, gives way to a newer job on the same
// member, whatever it was to bring about; one that changed nothing doesn't count.
func TestANewerJobOvertakes(t *testing.T) {
	for name, tc := range map[string]struct {
		newer fleet.Action
		by    journal.Status // which the newer job ends with, or "" for what the service makes of it
		want  string
	}{
		"suspended again":     {job.Suspend, "", "skipped OVERTAKEN"},
		"unsuspended since":   {job.Unsuspend, "", "skipped OVERTAKEN"},
		"nobody knows":        {job.Suspend, journal.Sending, "skipped OVERTAKEN"},
		"still planned":       {job.Suspend, journal.Planned, "skipped OVERTAKEN"},
		"canceled":            {job.Suspend, journal.Canceled, "done "},
		"failed":              {job.Suspend, journal.Failed, "done "},
		"signed out meantime": {job.SignOut, "", "done "},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			suspend := func(is bool) {
				o.service.Change(o.members[8].UserID, func(m *standin.Member) { m.IsSuspended = is })
			}
			earlier := o.plan(job.Suspend, 8) // an older one overtakes nothing
			o.ahead.Add(int64(time.Millisecond))
			suspend(true)
			j := o.plan(job.Unsuspend, 8, 2)
			o.ahead.Add(int64(time.Millisecond))
			suspend(tc.newer == job.Unsuspend)
			newer := o.plan(tc.newer, 8)
			switch tc.by {
			case "":
				if err := o.runner.Run(t.Context(), newer); err != nil {
					t.Fatal(err)
				}
			case journal.Planned:
			case journal.Sending:
				if err := newer.Sending([]int{0}, "key", o.runner.Now()); err != nil {
					t.Fatal(err)
				}
			default:
				if err := o.runner.Note(newer, journal.Outcome{Status: tc.by}, 0); err != nil {
					t.Fatal(err)
				}
			}
			suspend(true)
			for _, job := range []journal.Journal{j, earlier} {
				if err := o.runner.LeaveOvertaken(t.Context(), o.store, job); err != nil {
					t.Fatal(err)
				}
			}
			if err := o.runner.Run(t.Context(), j); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tc.want, "done "}, codes(j)); diff != "" {
				t.Error(diff)
			}
			if out := j.Outcome(0); out.Code == "OVERTAKEN" && !strings.Contains(out.Detail, newer.Job().ID) {
				t.Errorf("%q doesn't name job %s", out.Detail, newer.Job().ID)
			}
			if out := earlier.Outcome(0); out.Code != "OVERTAKEN" {
				t.Errorf("the first job is %+v", out)
			}
		})
	}
}

// What nobody knows is not sent again but by --resend-unknown, and a later look
// settles it.
func TestUnknownSuspension(t *testing.T) {
	o := newOffice(t)
	j := o.plan(job.Suspend, 8)
	o.service.AddFault(standin.Fault{Kind: standin.DropBefore, Method: http.MethodPost})
	if err := o.runner.Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	o.service.Change(o.members[8].UserID, func(m *standin.Member) { m.IsSuspended = true })
	if err := o.runner.Follow(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"done "}, codes(j)); diff != "" {
		t.Error(diff)
	}
}

// A long run keeps to the limit by itself and reaches everybody once.
func TestManySignOuts(t *testing.T) {
	o := newOffice(t)
	var places []int
	for i := 6; i < len(o.members); i++ {
		places = append(places, i)
	}
	if err := o.runner.Run(t.Context(), o.plan(job.SignOut, places...)); err != nil {
		t.Fatal(err)
	}
	done := o.service.Record()
	for _, p := range places {
		if n := done.Done["force-logout"][o.members[p].UserID]; n != 1 {
			t.Errorf("member %d was signed out %d times", p, n)
		}
	}
	if done.Throttled != 0 {
		t.Errorf("throttled %d times", done.Throttled)
	}
}
