package job_test

import (
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

const day = 24 * time.Hour

func wipe() journal.Job  { return journal.Job{Action: fleet.Wipe} }
func reset() journal.Job { return journal.Job{Action: fleet.Reset} }

// TestProofOfWipe lets each thing happen that can happen to a wipe.
func TestProofOfWipe(t *testing.T) {
	tests := []struct {
		name           string
		live           func(l *lab, p *api.Device)
		evidence, says string
		status         journal.Status
		code           string
	}{
		{
			"nobody is online", func(l *lab, _ *api.Device) { l.pass(day) },
			job.Pending, "waits until the phone is online", journal.Accepted, "",
		},
		{
			"delivered a day later", func(l *lab, p *api.Device) { l.pass(day); l.does(p, "online") },
			job.Pending, "reached the phone at 2026-11-21T09:00:00+09:00", journal.Accepted, "",
		},
		{
			"done a day later", func(l *lab, p *api.Device) { l.pass(day); l.does(p, "online"); l.pass(time.Hour) },
			job.Confirmed, "completed at 2026-11-21T09:0", journal.Done, "",
		},
		{
			"fails on the phone", func(l *lab, p *api.Device) {
				l.does(p, "fail-next-command")
				l.does(p, "online")
				l.pass(time.Hour)
			},
			job.Failed, "DEVICE_ERROR: ", journal.Failed, "DEVICE_ERROR",
		},
		{
			"expires", func(l *lab, _ *api.Device) { l.pass(31 * day) },
			job.Failed, "EXPIRED: ", journal.Failed, "EXPIRED",
		},
		{
			"the phone comes back into use", func(l *lab, p *api.Device) {
				l.does(p, "online")
				l.pass(time.Hour)
				l.does(p, "sign-in")
			},
			job.CameBack, "in use again since", journal.Done, "",
		},
		{
			"the member ended management before", func(l *lab, p *api.Device) {
				l.pass(time.Hour)
				l.does(p, "disable-mdm")
				l.does(p, "online")
				l.pass(time.Hour)
			},
			job.Failed, "MDM_DISABLED: ", journal.Failed, "MDM_DISABLED",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			p := &l.phones(true)[0]
			j := l.run(wipe(), p)
			wantStatus(t, j, 0, journal.Accepted, "", "waits until")
			tt.live(l, p)
			got := l.verify(j)
			wantEvidence(t, got, tt.evidence, tt.says)
			if got[0].DeviceID != p.DeviceID || got[0].Action != fleet.Wipe {
				t.Errorf("the evidence is about %+v", got[0])
			}
			wantStatus(t, j, 0, journal.Accepted, "", "waits until") // verifying changes nothing
			l.follow(j)
			wantStatus(t, j, 0, tt.status, tt.code, "")
			wantEvidence(t, l.verify(j), tt.evidence, tt.says)
			if n := l.count(fleet.Wipe, p.DeviceID); n != 1 {
				t.Errorf("wiped %d times", n)
			}
		})
	}
}

func TestTimesOfEvidenceAreTheServersOwn(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	j := l.run(wipe(), p)
	at := func(want string) {
		t.Helper()
		if got := l.verify(j)[0].Time; got != want {
			t.Errorf("the time is %s, want %s", got, want)
		}
	}
	at("2026-11-20T09:00:00+09:00")
	l.pass(day)
	l.does(p, "online")
	at("2026-11-21T09:00:00+09:00")
	l.pass(time.Hour)
	c, err := l.client.Commands.Get(t.Context(), j.Outcome(0).CommandID)
	if err != nil {
		t.Fatal(err)
	}
	at(string(c.CompletedTime))
	l.does(p, "sign-in")
	at("2026-11-21T10:00:00+09:00")
}

func TestProofOfReset(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	j := l.run(reset(), p)
	wantEvidence(t, l.verify(j), job.Pending, "")
	l.does(p, "online")
	l.pass(11 * time.Minute)
	// No new row yet, which is what a phone in a drawer looks like.
	wantEvidence(t, l.verify(j), job.Confirmed, "completed at")
	l.pass(2 * day)
	var again []string
	for _, d := range l.devices(api.DeviceQuery{Keyword: string(p.SerialNumber)}) {
		if d.DeviceID != p.DeviceID {
			again = append(again, d.DeviceID)
		}
	}
	wantEvidence(t, l.verify(j), job.Confirmed, "enrolled again as "+strings.Join(again, "?"))
	l.does(p, "sign-in") // the old row, which no reset phone shows
	wantEvidence(t, l.verify(j), job.CameBack, "in use again")
}

// TestResetTellsOtherPhonesApart has other rows with the serial number that the
// phone has, which are in use and not the phone.
func TestResetTellsOtherPhonesApart(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	j := l.run(reset(), p)
	l.does(p, "online")
	l.pass(11 * time.Minute)
	used := l.now().Add(time.Hour).Format(time.RFC3339)
	twin := func(change func(*api.Device)) api.Device {
		d := *p
		d.DeviceID, d.VendorID, d.LastAccessTime = "5e0c2f8e-0000-4000-8000-000000000001", "new", used
		change(&d)
		return d
	}
	l.lists(
		twin(func(d *api.Device) { d.DeviceID = p.DeviceID }),
		twin(func(d *api.Device) { d.Model += " Max" }),
		twin(func(d *api.Device) { d.VendorID = p.VendorID }),
		twin(func(d *api.Device) { d.SerialNumber += "0" }),
		twin(func(d *api.Device) { d.LastAccessTime = p.LastAccessTime }),
	)
	got := l.verify(j)
	wantEvidence(t, got, job.Confirmed, "completed at")
	if strings.Contains(got[0].Detail, "enrolled") {
		t.Errorf("took another phone for this one: %s", got[0].Detail)
	}
	l.lists(twin(func(d *api.Device) { d.SerialNumber = api.Nullable(strings.ToLower(string(d.SerialNumber))) }))
	wantEvidence(t, l.verify(j), job.Confirmed, "enrolled again as 5e0c2f8e")
}

// TestVerifyLeavesNothingOut: a list without those that were never sent would
// look as if all had happened.
func TestVerifyLeavesNothingOut(t *testing.T) {
	l := newLab(t)
	p := l.phones(false)[:5]
	j := l.begin(wipe(), &p[0], &p[1], &p[2], &p[3], &p[4])
	for i, s := range []journal.Status{journal.Skipped, journal.Refused, journal.Canceled, journal.Failed, journal.Planned} {
		o := journal.Outcome{Status: s, Code: "WHY", Detail: "because", Time: l.now()}
		if err := j.Settle(journal.Settlement{Items: []int{i}, Outcome: o}); err != nil {
			t.Fatal(err)
		}
	}
	got := l.verify(j)
	for i, want := range []job.Evidence{
		{Evidence: job.Failed, Detail: "not sent: WHY: because"},
		{Evidence: job.Failed, Detail: "not sent: WHY: because"},
		{Evidence: job.Failed, Detail: "not sent: WHY: because"},
		{Evidence: job.Failed, Detail: "WHY: because"},
		{Evidence: job.Pending, Detail: "not sent yet"},
	} {
		if e := got[i]; e.DeviceID != p[i].DeviceID || e.Evidence != want.Evidence || e.Detail != want.Detail {
			t.Errorf("the evidence of item %d is %+v, want %+v", i, e, want)
		}
	}
}
