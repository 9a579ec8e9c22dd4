package job_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/pkg/api"
)

func (l *lab) cancel(j journal.Journal) []job.CancelResult {
	l.t.Helper()
	results, err := l.runner.Cancel(l.t.Context(), j)
	if err != nil {
		l.t.Fatal(err)
	}
	return results
}

func TestCancelDropsWhatIsPlanned(t *testing.T) {
	l := newLab(t)
	p := l.phones(false)
	for _, action := range []fleet.Action{fleet.Notify, fleet.Wipe, fleet.EnableMDM} {
		j := l.begin(journal.Job{Action: action}, &p[0], &p[1])
		l.notified(j, journal.Failed, 1)
		got := l.cancel(j)
		if len(got) != 1 || got[0].DeviceID != p[0].DeviceID || got[0].Status != journal.Canceled {
			t.Errorf("%s: the results are %+v", action, got)
		}
		wantStatus(t, j, 0, journal.Canceled, "", "before it was sent")
		wantStatus(t, j, 1, journal.Failed, "", "")
		if got := l.verify(j); len(got) != 2 || got[0].Evidence != job.Failed || got[1].Evidence != job.Failed {
			t.Errorf("%s: what was never sent is proven by %+v", action, got)
		}
		if got := l.cancel(j); len(got) != 0 {
			t.Errorf("%s: canceled again: %+v", action, got)
		}
	}
}

func TestCancelCommands(t *testing.T) {
	tests := []struct {
		name   string
		live   func(l *lab, p *api.Device)
		want   job.CancelResult
		status journal.Status // of the item
		proof  string
	}{
		{"in time", func(*lab, *api.Device) {}, job.CancelResult{Status: journal.Canceled}, journal.Canceled, job.Failed},
		{
			"the answer gets lost", func(l *lab, _ *api.Device) {
				l.fault(faultOf("drop-after", http.MethodPost, "/security/device-commands"))
			},
			job.CancelResult{Status: journal.Canceled}, journal.Canceled, job.Failed,
		},
		{
			"the request gets lost", func(l *lab, _ *api.Device) {
				l.fault(faultOf("drop-before", http.MethodPost, "/security/device-commands"))
			},
			job.CancelResult{Status: journal.Unknown}, journal.Accepted, job.Pending,
		},
		{
			"delivered", func(l *lab, p *api.Device) { l.does(p, "online") },
			job.CancelResult{Status: journal.Failed, Code: "COMMAND_ALREADY_DELIVERED"}, journal.Accepted, job.Pending,
		},
		{
			"completed", func(l *lab, p *api.Device) { l.does(p, "online"); l.pass(time.Hour) },
			job.CancelResult{Status: journal.Failed, Code: "COMMAND_ALREADY_DELIVERED"}, journal.Done, job.Confirmed,
		},
		{
			"expired", func(l *lab, _ *api.Device) { l.pass(31 * day) },
			job.CancelResult{Status: journal.Skipped, Code: "EXPIRED"}, journal.Failed, job.Failed,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			p := &l.phones(true)[0]
			j := l.run(wipe(), p)
			tt.live(l, p)
			got := l.cancel(j)
			if len(got) != 1 || got[0].DeviceID != p.DeviceID || got[0].Status != tt.want.Status || got[0].Code != tt.want.Code {
				t.Errorf("the results are %+v, want %+v", got, tt.want)
			}
			if o := j.Outcome(0); o.Status != tt.status {
				t.Errorf("the item is %+v, want %s", o, tt.status)
			}
			wantEvidence(t, l.verify(j), tt.proof, "")
		})
	}
}

// TestCancelTooLateByAMoment has the phone come online between the look and the
// request.
func TestCancelTooLateByAMoment(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	j := l.run(wipe(), p)
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			l.does(p, "online")
		}
		l.backend.ServeHTTP(w, r)
	})
	got := l.cancel(j)
	if len(got) != 1 || got[0].Status != journal.Failed || got[0].Code != "COMMAND_ALREADY_DELIVERED" {
		t.Errorf("the results are %+v", got)
	}
	wantStatus(t, j, 0, journal.Accepted, "", "reached the phone")
}

// What a killed process had reserved for those it didn't write to holds nobody
// back once the job is canceled; who may have got it stays.
func TestCancelTakesBackReservations(t *testing.T) {
	for _, bot := range []*journal.BotNotice{nil, {BotID: 7}} {
		l := newLab(t)
		p := l.phones(false)
		j := l.begin(journal.Job{Action: fleet.Notify, Bot: bot}, &p[0], &p[1])
		names := append(job.MemberMarks(p[0].User), p[0].DeviceID, p[1].DeviceID)
		r := ledger.Reservation{Address: j.Job().Tenant.Address, Job: j.Job().ID, Now: l.runner.Now(), Cooldown: time.Hour}
		if _, err := l.runner.Notices.Reserve(t.Context(), r, names); err != nil {
			t.Fatal(err)
		}
		l.notified(j, journal.Sending, 1)
		l.cancel(j)
		r.Job = "another"
		standing, err := l.runner.Notices.Standing(t.Context(), r, []string{p[0].DeviceID, p[1].DeviceID})
		if _, doubtful := standing[p[1].DeviceID]; err != nil || !doubtful || len(standing) != 1 {
			t.Errorf("%v: %v, %v", bot, standing, err)
		}
	}
}

func TestCancelUnknown(t *testing.T) {
	l := newLab(t)
	p := l.phones(true)
	l.fault(acting("drop-before"))
	l.fault(faultOf("status", http.MethodGet, "/security/device-commands"))
	late := acting("drop-after")
	late.After = 1
	l.fault(late)
	j := l.run(wipe(), &p[0], &p[1])
	if results, err := l.runner.Cancel(t.Context(), j); err == nil || len(results) != 2 {
		t.Errorf("canceled what can't be asked about: %+v, %v", results, err)
	}
	l.control(http.MethodDelete, "/faults", nil, nil)
	got := l.cancel(j)
	if !slices.ContainsFunc(got, func(r job.CancelResult) bool { return r.DeviceID == p[0].DeviceID && r.Status == journal.Unknown }) ||
		!slices.ContainsFunc(got, func(r job.CancelResult) bool { return r.DeviceID == p[1].DeviceID && r.Status == journal.Canceled }) {
		t.Errorf("the results are %+v", got)
	}
	wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "")
	wantStatus(t, j, 1, journal.Canceled, "", "before it reached the phone")
}
