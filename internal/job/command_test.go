package job_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestRefusedCommands(t *testing.T) {
	var pc, unmanaged api.Device
	tests := []struct {
		name         string
		job          journal.Job
		change       func(*sandbox.Settings)
		device       func(l *lab) *api.Device
		code, detail string
	}{
		{"MDM is off", wipe(), func(s *sandbox.Settings) { s.MDMMode = "NOT_IN_USE" }, nil, "MDM_NOT_IN_USE", "MDM is not in use"},
		{"no reset", reset(), func(s *sandbox.Settings) { s.ResetAPI = false }, nil, "ACCESS_DENIED", "does not offer this"},
		{"a computer", wipe(), nil, func(l *lab) *api.Device {
			pc = l.devices(api.DeviceQuery{Type: api.TypePC})[0]
			return &pc
		}, "DEVICE_NOT_REGISTERED", "not under remote management"},
		{"not managed", reset(), nil, func(l *lab) *api.Device {
			unmanaged = l.devices(api.DeviceQuery{Type: api.TypeMobile, MDMStatus: api.MDMUnregistered})[0]
			return &unmanaged
		}, "DEVICE_NOT_REGISTERED", "not under remote management"},
		{"no such device", wipe(), nil, func(*lab) *api.Device {
			return &api.Device{DeviceID: "5e0c2f8e-0000-4000-8000-000000000001", DomainID: labDomain}
		}, "DEVICE_NOT_EXIST", "no such device"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			p := &l.phones(false)[0]
			if tt.device != nil {
				p = tt.device(l)
			}
			if tt.change != nil {
				l = newLab(t, tt.change)
			}
			next := &l.phonesAnyhow()[1]
			j := l.run(tt.job, p, next)
			wantStatus(t, j, 0, journal.Failed, tt.code, tt.detail)
			if j.Outcome(1).Status == journal.Planned {
				t.Error("one refusal kept the next device from being asked for")
			}
		})
	}
}

func TestAnotherCommandIsPending(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	c := l.request(p, l.client.Commands.Reset)
	if pending, err := l.runner.Pending(t.Context(), p.DeviceID); err != nil || pending == nil || pending.CommandID != c.CommandID {
		t.Errorf("pending is %+v, %v", pending, err)
	}
	j := l.run(wipe(), p)
	wantStatus(t, j, 0, journal.Skipped, "COMMAND_ALREADY_EXIST", "RESET "+c.CommandID+", requested 2026-11-20T09:00:00+09:00")
	l.does(p, "online")
	if pending, err := l.runner.Pending(t.Context(), p.DeviceID); err != nil || pending == nil || pending.Status != api.CommandDelivered {
		t.Errorf("pending is %+v, %v", pending, err)
	}
	l.pass(day)
	if pending, err := l.runner.Pending(t.Context(), p.DeviceID); err != nil || pending != nil {
		t.Errorf("pending is %+v, %v", pending, err)
	}
}

func TestPendingTrustsNoFilter(t *testing.T) {
	l := newLab(t)
	p := l.phones(true)
	l.request(&p[1], l.client.Commands.Wipe)
	l.server = ignoringFilters(l.backend)
	if pending, err := l.runner.Pending(t.Context(), p[0].DeviceID); err != nil || pending != nil {
		t.Errorf("pending is %+v, %v", pending, err)
	}
}

// TestPendingCommandIsOurOwn has a back end that refuses what it has accepted
// just before, as one behind a proxy that repeats requests does.
func TestPendingCommandIsOurOwn(t *testing.T) {
	l := newLab(t, func(s *sandbox.Settings) { s.HonorIdempotencyKeys = false })
	p := &l.phones(true)[0]
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/wipe") {
			body := readAll(t, r)
			l.backend.ServeHTTP(discard{http.Header{}}, withBody(r, body))
			r = withBody(r, body)
		}
		l.backend.ServeHTTP(w, r)
	})
	j := l.run(wipe(), p)
	wantStatus(t, j, 0, journal.Accepted, "", "waits until the phone is online")
	if j.Outcome(0).CommandID == "" || l.count(fleet.Wipe, p.DeviceID) != 1 {
		t.Errorf("the outcome is %+v", j.Outcome(0))
	}
}

// TestAnswerAboutAnotherDevice doesn't count as accepted.
func TestAnswerAboutAnotherDevice(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/wipe") {
			l.backend.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode(api.Command{CommandID: "c", DeviceID: "another", Type: api.CommandWipe, Status: api.CommandRequested})
	})
	j := l.run(wipe(), p)
	wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", `is about another command: a "WIPE" of device "another"`)
}

func TestMissingScopeEndsTheRun(t *testing.T) {
	l := newLab(t)
	p := l.phones(true)
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"code":"FORBIDDEN","description":"scope"}`))
			return
		}
		l.backend.ServeHTTP(w, r)
	})
	j := l.begin(wipe(), &p[0], &p[1])
	if err := l.runner.Run(t.Context(), j); !errors.Is(err, api.ErrMissingScope) {
		t.Errorf("the run ended with %v", err)
	}
	for i := range 2 {
		wantStatus(t, j, i, journal.Planned, "", "")
	}
}
