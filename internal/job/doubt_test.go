package job_test

import (
	"net/http"
	"testing"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// inDoubt is a wipe whose request was lost on its way there, planned again as
// --resend-unknown does.
func inDoubt(t *testing.T, l *lab) (journal.Journal, *api.Device) {
	t.Helper()
	p := &l.phones(true)[0]
	l.fault(acting("drop-before"))
	j := l.run(wipe(), p)
	if n, err := l.runner.ReplanUnknown(j); n != 1 || err != nil {
		t.Fatalf("planned %d anew: %v", n, err)
	}
	return j, p
}

func wantDoubt(t *testing.T, l *lab, j journal.Journal, p *api.Device) {
	t.Helper()
	wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "an earlier request may have been carried out")
	unsettled, err := job.Unsettled(t.Context(), l.store, j.Job().Tenant, []string{p.DeviceID}, l.now())
	if err != nil {
		t.Fatal(err)
	}
	if unsettled[p.DeviceID] != j.Job().ID {
		t.Errorf("a new wipe isn't held up: %v", unsettled)
	}
}

// TestDoubtOutlivesTheNextRequest: whatever becomes of the second request, the
// first one may have been carried out.
func TestDoubtOutlivesTheNextRequest(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		l := newLab(t)
		j, p := inDoubt(t, l)
		l.fault(sandbox.Fault{Kind: "status", Status: http.StatusNotFound, Method: http.MethodPost, Path: sandbox.APIPath + "/security/devices/"})
		_ = l.runner.Run(t.Context(), j) // an answer without a code may stop the run
		wantDoubt(t, l, j, p)
	})
	t.Run("stopped before it left", func(t *testing.T) {
		l := newLab(t)
		j, p := inDoubt(t, l)
		l.fault(sandbox.Fault{Kind: "status", Status: http.StatusForbidden, Method: http.MethodPost, Path: sandbox.APIPath + "/security/devices/"})
		if err := l.runner.Run(t.Context(), j); err == nil {
			t.Error("a missing scope is no error")
		}
		wantDoubt(t, l, j, p)
	})
	t.Run("the device has changed", func(t *testing.T) {
		l := newLab(t)
		j, p := inDoubt(t, l)
		l.does(p, "disable-mdm")
		if err := l.runner.Recheck(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		wantDoubt(t, l, j, p)
	})
	t.Run("canceled", func(t *testing.T) {
		l := newLab(t)
		j, p := inDoubt(t, l)
		results := l.cancel(j)
		if len(results) != 1 || results[0].Status != journal.Unknown {
			t.Errorf("canceling says %+v", results)
		}
		wantDoubt(t, l, j, p)
	})
	t.Run("resumed without being told to", func(t *testing.T) {
		l := newLab(t)
		j, p := inDoubt(t, l)
		if err := l.runner.LeaveUnknown(j); err != nil {
			t.Fatal(err)
		}
		if err := l.runner.Run(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		wantDoubt(t, l, j, p)
		if n := l.count(fleet.Wipe, p.DeviceID); n != 0 {
			t.Errorf("wiped %d times", n)
		}
	})
}

// TestTheFirstRequestShowsLate: the command that stands in the way of the second
// request is that of the first.
func TestTheFirstRequestShowsLate(t *testing.T) {
	l := newLab(t, func(s *sandbox.Settings) { s.HonorIdempotencyKeys = false })
	p := &l.phones(true)[0]
	l.fault(acting("drop-after"))
	l.fault(faultOf("status", http.MethodGet, "/security/device-commands"))
	j := l.run(wipe(), p)
	wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "can't be asked")
	if n, err := l.runner.ReplanUnknown(j); n != 1 || err != nil {
		t.Fatalf("planned %d anew: %v", n, err)
	}
	l.control(http.MethodDelete, "/faults", nil, nil)
	if err := l.runner.Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, j, 0, journal.Accepted, "", "waits until")
	if n := l.count(fleet.Wipe, p.DeviceID); n != 1 {
		t.Errorf("wiped %d times", n)
	}
}

// TestWhatWasThereBeforeIsNotOurs: a command without a key that is older than
// our request proves nothing, however near its time.
func TestWhatWasThereBeforeIsNotOurs(t *testing.T) {
	l := newLab(t, keepNoKeys)
	p := &l.phones(false)[0]
	first := l.run(wipe(), p)
	l.cancel(first) // within the minutes in which a time would count as ours
	l.fault(acting("drop-before"))
	j := l.beginAfter(wipe(), first.Outcome(0).CommandID, p)
	if err := l.runner.Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "shows no such command")
}
