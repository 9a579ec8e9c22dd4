package job_test

import (
	"net/http"
	"testing"

	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// notified settles items as a run does that has sent the notices.
func (l *lab) notified(j journal.Journal, status journal.Status, items ...int) {
	l.t.Helper()
	if err := j.Sending(items, api.NewIdempotencyKey(), l.now()); err != nil {
		l.t.Fatal(err)
	}
	if err := j.Settle(journal.Settlement{Items: items, Outcome: journal.Outcome{Status: status, Time: l.now()}}); err != nil {
		l.t.Fatal(err)
	}
}

// TestProofOfNotices reads a few devices one by one and many out of a listing.
func TestProofOfNotices(t *testing.T) {
	for _, more := range []int{0, 200} {
		l := newLab(t)
		all := l.devices(api.DeviceQuery{})
		p := l.phones(false)
		tests := []struct {
			change         func(d *api.Device) // of the frozen row: what was before
			status         journal.Status
			evidence, says string
		}{
			{func(d *api.Device) { d.App.Version = "4.1" }, journal.Sent, job.Confirmed, "updated from 4.1 to " + p[0].App.Version},
			{func(*api.Device) {}, journal.Sent, job.Pending, "still " + p[1].App.Version},
			{func(d *api.Device) { d.App.Version += ".0" }, journal.Sent, job.Pending, "still " + p[2].App.Version},
			{func(d *api.Device) { d.App.Version = "99" }, journal.Sent, job.Pending, "still " + p[3].App.Version},
			{func(d *api.Device) { d.App.Version = "x" }, journal.Sent, job.Unknown, "can't be compared"},
			{func(d *api.Device) { d.App.Type = api.AppDriveMobile }, journal.Sent, job.Unknown, "another app"},
			{func(d *api.Device) { d.DeviceID = "5e0c2f8e-0000-4000-8000-000000000001" }, journal.Sent, job.Unknown, "no longer listed"},
			{func(*api.Device) {}, journal.Sending, job.Unknown, "nobody knows whether"},
			{func(d *api.Device) { d.App.Version = "4.1" }, journal.Sending, job.Confirmed, "updated from 4.1"},
			{func(*api.Device) {}, journal.Failed, job.Failed, ""},
		}
		var list []*api.Device
		for i, tt := range tests {
			d := p[i]
			tt.change(&d)
			list = append(list, &d)
		}
		for i := range all[:more] {
			list = append(list, &all[i])
		}
		j := l.begin(notice(), list...)
		for i, tt := range tests {
			l.notified(j, tt.status, i)
		}
		for i := len(tests); i < j.Len(); i++ {
			l.notified(j, journal.Sent, i)
		}
		got := l.verify(j)
		if len(got) != j.Len() {
			t.Fatalf("%d pieces of evidence for %d items", len(got), j.Len())
		}
		for i, e := range got {
			if e.DeviceID != list[i].DeviceID {
				t.Fatalf("evidence %d is about device %s, want the items' order", i, e.DeviceID)
			}
			if i >= len(tests) {
				wantEvidence(t, got[i:i+1], job.Pending, "still "+list[i].App.Version)
				continue
			}
			wantEvidence(t, got[i:i+1], tests[i].evidence, tests[i].says)
		}
		if got[1].Time != p[1].LastAccessTime {
			t.Errorf("the time is %s, want the last access, %s", got[1].Time, p[1].LastAccessTime)
		}
	}
}

func TestVerifyEndsWithTheErrorOfItsListing(t *testing.T) {
	l := newLab(t)
	p := l.phone(0)
	j := l.begin(notice(), p)
	l.notified(j, journal.Sent, 0)
	l.fault(faultOf("status", http.MethodGet, "/security/devices"))
	n := 0
	for _, err := range l.runner.Verify(t.Context(), j) {
		if n++; err == nil {
			t.Error("no error")
		}
	}
	if n != 1 {
		t.Errorf("%d elements, want the error only", n)
	}
}

// TestServerWithoutDevicesHasLostNone tells a 404 of the whole device API from
// that of one device.
func TestServerWithoutDevicesHasLostNone(t *testing.T) {
	l := newLab(t, func(s *sandbox.Settings) { s.DeviceAPI = false })
	for _, err := range l.runner.Read(t.Context(), labDomain, []string{"5e0c2f8e-0000-4000-8000-000000000001"}) {
		if err == nil {
			t.Error("a server without device API said that there is no such device")
		}
	}
}
