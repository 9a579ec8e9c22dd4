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

func (l *lab) unmanaged(n int) *api.Device {
	l.t.Helper()
	return &l.devices(api.DeviceQuery{Type: api.TypeMobile, MDMStatus: api.MDMUnregistered})[n]
}

func TestEnableDevice(t *testing.T) {
	l := newLab(t)
	p := l.unmanaged(0)
	j := l.run(journal.Job{Action: fleet.EnableMDM}, p)
	wantStatus(t, j, 0, journal.Accepted, "", "the member is asked")
	wantEvidence(t, l.verify(j), job.Pending, "PENDING")
	l.follow(j)
	wantStatus(t, j, 0, journal.Accepted, "", "the member is asked")
	l.does(p, "register")
	wantEvidence(t, l.verify(j), job.Confirmed, "REGISTERED")
	l.follow(j)
	wantStatus(t, j, 0, journal.Done, "", "registered")
	l.does(p, "disable-mdm")
	wantEvidence(t, l.verify(j), job.Failed, "UNREGISTERED")
}

func TestDisableDevice(t *testing.T) {
	l := newLab(t)
	p := l.phone(0)
	j := l.run(journal.Job{Action: fleet.DisableMDM}, p)
	wantStatus(t, j, 0, journal.Done, "", "")
	wantEvidence(t, l.verify(j), job.Confirmed, "UNREGISTERED")
	l.does(p, "register")
	wantEvidence(t, l.verify(j), job.Failed, "REGISTERED")
}

func TestMDMRefusals(t *testing.T) {
	for code, change := range map[string]func(*sandbox.Settings){
		"MDM_NOT_IN_USE":      func(s *sandbox.Settings) { s.MDMMode = "NOT_IN_USE" },
		"EXTERNAL_MDM_IN_USE": func(s *sandbox.Settings) { s.ExternalMDM, s.MDMMode = true, "NOT_IN_USE" },
	} {
		l := newLab(t, change)
		j := l.run(journal.Job{Action: fleet.EnableMDM}, &l.phonesAnyhow()[0])
		wantStatus(t, j, 0, journal.Failed, code, "MDM is")
	}
	l := newLab(t)
	j := l.run(journal.Job{Action: fleet.DisableMDM}, &api.Device{DeviceID: "5e0c2f8e-0000-4000-8000-000000000001"})
	wantStatus(t, j, 0, journal.Failed, "DEVICE_NOT_EXIST", "")
	wantEvidence(t, l.verify(j), job.Failed, "DEVICE_NOT_EXIST")
}

func TestTenantMDM(t *testing.T) {
	l := newLab(t)
	domain := &api.Device{DomainID: labDomain}
	off := journal.Job{Action: fleet.DisableMDM, WholeTenant: true}
	on := journal.Job{Action: fleet.EnableMDM, WholeTenant: true, Mode: api.MDMRequired}
	j := l.run(off, domain)
	wantStatus(t, j, 0, journal.Done, "", "")
	wantEvidence(t, l.verify(j), job.Confirmed, "NOT_IN_USE")
	k := l.run(on, domain)
	wantStatus(t, k, 0, journal.Done, "", "")
	wantEvidence(t, l.verify(k), job.Confirmed, "REQUIRED")
	wantEvidence(t, l.verify(j), job.Failed, "REQUIRED")
	if err := l.runner.Recheck(t.Context(), l.begin(off, domain)); err != nil {
		t.Error(err)
	}
}

// TestLostAnswerOfMDM is settled by the state of the device or the domain.
func TestLostAnswerOfMDM(t *testing.T) {
	domain := &api.Device{DomainID: labDomain}
	for _, tt := range []struct {
		name   string
		job    journal.Job
		device func(l *lab) *api.Device
		status journal.Status
	}{
		{"enable device", journal.Job{Action: fleet.EnableMDM}, func(l *lab) *api.Device { return l.unmanaged(0) }, journal.Accepted},
		{"disable device", journal.Job{Action: fleet.DisableMDM}, func(l *lab) *api.Device { return l.phone(0) }, journal.Done},
		{"enable domain", journal.Job{Action: fleet.EnableMDM, WholeTenant: true, Mode: api.MDMRequired}, func(*lab) *api.Device { return domain }, journal.Done},
		{"disable domain", journal.Job{Action: fleet.DisableMDM, WholeTenant: true}, func(*lab) *api.Device { return domain }, journal.Done},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			l.fault(faultOf("drop-after", http.MethodPost, "/security/"))
			j := l.run(tt.job, tt.device(l))
			wantStatus(t, j, 0, tt.status, "", "")

			l = newLab(t)
			l.fault(faultOf("drop-before", http.MethodPost, "/security/"))
			j = l.run(tt.job, tt.device(l))
			wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "shows no change")
			wantEvidence(t, l.verify(j), job.Unknown, "")
			l.follow(j)
			wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "shows no change")
			if n, err := l.runner.ReplanUnknown(j); n != 1 || err != nil {
				t.Fatalf("planned %d anew: %v", n, err)
			}
			if err := l.runner.Run(t.Context(), j); err != nil {
				t.Fatal(err)
			}
			wantStatus(t, j, 0, tt.status, "", "")

			l = newLab(t)
			l.fault(faultOf("drop-after", http.MethodPost, "/security/"))
			l.fault(faultOf("status", http.MethodGet, "/security/"))
			d := tt.device(newLab(t))
			j = l.run(tt.job, d)
			wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "can't be asked")
			l.control(http.MethodDelete, "/faults", nil, nil)
			l.follow(j)
			wantStatus(t, j, 0, tt.status, "", "")
		})
	}
}
