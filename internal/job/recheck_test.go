package job_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

func notice() journal.Job { return journal.Job{Action: fleet.Notify} }

func (l *lab) recheck(j journal.Journal) {
	l.t.Helper()
	if err := l.runner.Recheck(l.t.Context(), j); err != nil {
		l.t.Fatal(err)
	}
}

// TestRecheckRefusesWhatHasChanged freezes rows that differ from the back
// end's: a few, which are read one by one, and many, out of a listing.
func TestRecheckRefusesWhatHasChanged(t *testing.T) {
	for _, more := range []int{0, 200} {
		l := newLab(t)
		all := l.devices(api.DeviceQuery{})
		p := l.phones(false)
		frozen := []api.Device{p[0], p[1], p[2], p[3], p[4], p[5], p[6], {DeviceID: "5e0c2f8e-0000-4000-8000-000000000001"}}
		frozen[1].User.UserID = "somebody"
		frozen[2].SerialNumber = ""
		frozen[3].Type = api.TypePC
		frozen[4].MDM.Status = api.MDMPending
		frozen[5].LastAccessTime, frozen[5].App.Version, frozen[5].OS.Version, frozen[5].User.UserName = "", "", "", "" // may change
		frozen[6].User.UserID, frozen[6].MDM.Status = "", ""
		var list []*api.Device
		for i := range frozen {
			list = append(list, &frozen[i])
		}
		for i := range all[:more] {
			list = append(list, &all[i])
		}
		j := l.begin(notice(), list...)
		l.recheck(j)
		for i, want := range []string{
			"",
			"user changed from somebody to " + p[1].User.UserID,
			"serial number changed from none to " + string(p[2].SerialNumber),
			"type changed from PC to MOBILE",
			"MDM state changed from PENDING to REGISTERED",
			"",
			"user changed from none to " + p[6].User.UserID + ", MDM state changed from none to REGISTERED",
		} {
			switch o := j.Outcome(i); {
			case want == "" && o.Status != journal.Planned:
				t.Errorf("item %d is %+v, want it planned", i, o)
			case want != "" && (o.Status != journal.Refused || o.Code != "DEVICE_CHANGED" || o.Detail != want):
				t.Errorf("item %d is %+v, want %q", i, o, want)
			}
		}
		wantStatus(t, j, 7, journal.Failed, "DEVICE_NOT_EXIST", "no longer listed")
		for i := 8; i < j.Len(); i++ {
			if o := j.Outcome(i); o.Status != journal.Planned {
				t.Errorf("item %d is %+v, want it planned", i, o)
			}
		}
		l.recheck(j) // what is settled stays so
		wantStatus(t, j, 1, journal.Refused, "DEVICE_CHANGED", "")
	}
}

func TestRecheckJudgesAgain(t *testing.T) {
	l := newLab(t)
	p := l.phone(0)
	j := l.begin(wipe(), p)
	l.recheck(j)
	wantStatus(t, j, 0, journal.Planned, "", "")
	// The back end still shows the device as registered, or DEVICE_CHANGED would be the answer.
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/security/mdm") {
			l.backend.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(api.TenantMDM{DomainID: labDomain, Mode: api.MDMNotInUse})
	})
	l.recheck(j)
	wantStatus(t, j, 0, journal.Refused, "MDM_NOT_IN_USE", "not in use")
	k := l.begin(notice(), p) // whatever the MDM
	l.recheck(k)
	wantStatus(t, k, 0, journal.Planned, "", "")
}

func TestRecheckSkipsWhatIsUpToDate(t *testing.T) {
	l := newLab(t, func(s *sandbox.Settings) {
		s.AppVersions = []sandbox.AppVersion{{AppType: "WORKS_MOBILE", OSType: "IOS", LatestVersion: "4.3.0"}}
	})
	newest := l.devices(api.DeviceQuery{OSType: api.OSIOS, AppType: api.AppWorksMobile, AppVersion: "4.3.0"})
	older := l.devices(api.DeviceQuery{OSType: api.OSIOS, AppType: api.AppWorksMobile, AppVersionMax: "4.2.9"})
	job := notice()
	job.Outdated = true
	j := l.begin(job, &newest[0], &older[0])
	l.recheck(j)
	wantStatus(t, j, 0, journal.Skipped, "UP_TO_DATE", "no newer version than 4.3.0")
	wantStatus(t, j, 1, journal.Planned, "", "")
	k := l.begin(notice(), &newest[0])
	l.recheck(k)
	wantStatus(t, k, 0, journal.Planned, "", "")
}

func TestRecheckNeedsALatestVersion(t *testing.T) {
	l := newLab(t, func(s *sandbox.Settings) { s.AppVersions = []sandbox.AppVersion{} })
	job := notice()
	job.Outdated = true
	j := l.begin(job, l.phone(0))
	if err := l.runner.Recheck(t.Context(), j); err == nil {
		t.Error("no latest version is no error")
	}
	wantStatus(t, j, 0, journal.Planned, "", "")
}

// TestRecheckOfHalfAListSettlesNothing: a device that wasn't read yet is not
// one that is gone.
func TestRecheckOfHalfAListSettlesNothing(t *testing.T) {
	l := newLab(t, func(s *sandbox.Settings) { s.MaxCount = 100 })
	all := l.devices(api.DeviceQuery{})
	var list []*api.Device
	for i := range all {
		all[i].User.UserID = "somebody"
		list = append(list, &all[i])
	}
	j := l.begin(notice(), list...)
	f := faultOf("status", http.MethodGet, "/security/devices")
	f.After = 2
	l.fault(f)
	if err := l.runner.Recheck(t.Context(), j); err == nil {
		t.Fatal("half a list is no error")
	}
	for i := range j.Len() {
		if o := j.Outcome(i); o.Status != journal.Planned {
			t.Fatalf("item %d is %+v", i, o)
		}
	}
}
