package job_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

func keepNoKeys(s *sandbox.Settings) { s.KeepIdempotencyKeys, s.HonorIdempotencyKeys = false, false }

// acting disturbs the next request that acts on a device.
func acting(kind string) sandbox.Fault {
	return faultOf(kind, http.MethodPost, "/security/devices/")
}

func faultOf(kind, method, path string) sandbox.Fault {
	f := sandbox.Fault{Method: method, Path: sandbox.APIPath + path}
	switch kind {
	case "drop-before":
		f.Kind = "drop-before"
	case "drop-after":
		f.Kind = "drop-after"
	case "status":
		f.Kind, f.Status, f.Times = "status", http.StatusForbidden, -1
	}
	return f
}

func TestLostAnswerIsSettledAtOnce(t *testing.T) {
	for _, tt := range []struct {
		name, detail string
		change       func(*sandbox.Settings)
	}{
		{"by its key", "waits until the phone is online", func(*sandbox.Settings) {}},
		{"by its time", "waits until the phone is online (matched by time)", keepNoKeys},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, tt.change)
			p := &l.phones(true)[0]
			l.fault(acting("drop-after"))
			j := l.run(wipe(), p)
			o := j.Outcome(0)
			if o.Status != journal.Accepted || o.Detail != tt.detail || o.CommandID == "" {
				t.Fatalf("the outcome is %+v", o)
			}
			l.follow(j)
			if again := j.Outcome(0); again != o {
				t.Errorf("following made %+v of it", again)
			}
			wantEvidence(t, l.verify(j), job.Pending, tt.detail)
			if n := l.count(fleet.Wipe, p.DeviceID); n != 1 {
				t.Errorf("wiped %d times", n)
			}
		})
	}
}

// TestLostRequestStaysUnknown: the back end shows no command, which doesn't
// prove that it will never come. Only --resend-unknown sends again.
func TestLostRequestStaysUnknown(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	l.fault(acting("drop-before"))
	j := l.run(wipe(), p)
	sent := j.Outcome(0)
	wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "shows no such command")
	l.pass(time.Hour)
	l.follow(j)
	wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "shows no such command")
	if o := j.Outcome(0); !o.Time.Equal(sent.Time) {
		t.Errorf("the time of the request became %s, was %s", o.Time, sent.Time)
	}
	wantEvidence(t, l.verify(j), job.Unknown, "shows no such command")
	if err := l.runner.Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	if n := l.count(fleet.Wipe, p.DeviceID); n != 0 {
		t.Errorf("wiped %d times without being told to", n)
	}
	if n, err := l.runner.ReplanUnknown(j); n != 1 || err != nil {
		t.Fatalf("planned %d anew: %v", n, err)
	}
	if n, err := l.runner.ReplanUnknown(j); n != 0 || err != nil {
		t.Fatalf("planned %d anew: %v", n, err)
	}
	if err := l.runner.Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, j, 0, journal.Accepted, "", "waits until")
	if n := l.count(fleet.Wipe, p.DeviceID); n != 1 {
		t.Errorf("wiped %d times", n)
	}
	if o := j.Outcome(0); o.Key == sent.Key {
		t.Error("sent again with the same key")
	}
}

func TestUnreadableListLeavesItUnknown(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	l.fault(acting("drop-after"))
	l.fault(faultOf("status", http.MethodGet, "/security/device-commands"))
	j := l.run(wipe(), p)
	wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "can't be asked")
	if err := l.runner.Follow(t.Context(), j); err == nil {
		t.Error("following without a list to read is no error")
	}
	l.control(http.MethodDelete, "/faults", nil, nil)
	l.follow(j) // what `jobs resume` and `jobs wait` do later
	wantStatus(t, j, 0, journal.Accepted, "", "waits until")
}

// TestCommandsOfOthersAreNotOurs has a back end that ignores every filter, and
// commands that are nearly ours.
func TestCommandsOfOthersAreNotOurs(t *testing.T) {
	for _, keys := range []bool{true, false} {
		l := newLab(t, func(s *sandbox.Settings) { s.KeepIdempotencyKeys = keys })
		l.server = ignoringFilters(l.backend)
		p := l.phones(true)
		ours, other := &p[0], &p[1]
		early := l.request(ours, l.client.Commands.Wipe)
		if err := l.client.Commands.Cancel(t.Context(), early.CommandID, api.NewIdempotencyKey()); err != nil {
			t.Fatal(err)
		}
		l.pass(6 * time.Minute)
		l.request(other, l.client.Commands.Wipe)
		l.request(ours, l.client.Commands.Reset)
		l.fault(acting("drop-before"))
		j := l.run(wipe(), ours)
		wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "shows no such command")
		l.follow(j)
		wantStatus(t, j, 0, journal.Sending, "OUTCOME_UNKNOWN", "shows no such command")
	}
}

// TestNearestCommandWithoutKeyIsOurs: of two wipes within five minutes the one
// that was requested when we asked for it.
func TestNearestCommandWithoutKeyIsOurs(t *testing.T) {
	l := newLab(t, keepNoKeys)
	p := &l.phones(true)[0]
	early := l.request(p, l.client.Commands.Wipe)
	if err := l.client.Commands.Cancel(t.Context(), early.CommandID, api.NewIdempotencyKey()); err != nil {
		t.Fatal(err)
	}
	l.pass(3 * time.Minute)
	l.fault(acting("drop-after"))
	j := l.run(wipe(), p)
	wantStatus(t, j, 0, journal.Accepted, "", "(matched by time)")
	if j.Outcome(0).CommandID == early.CommandID {
		t.Error("took an earlier wipe for this one")
	}
}

// request asks for a command as somebody else.
func (l *lab) request(d *api.Device, ask askFunc) *api.Command {
	l.t.Helper()
	c, err := ask(l.t.Context(), d.DeviceID, "other", api.NewIdempotencyKey())
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

// TestBackEndWithoutSearchForKeys refuses the filter and keeps the key.
func TestBackEndWithoutSearchForKeys(t *testing.T) {
	l := newLab(t)
	p := &l.phones(true)[0]
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("idempotencyKey") {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"code":"INVALID_PARAMETER","description":"idempotencyKey"}`))
			return
		}
		l.backend.ServeHTTP(w, r)
	})
	l.fault(acting("drop-after"))
	j := l.run(wipe(), p)
	wantStatus(t, j, 0, journal.Accepted, "", "waits until the phone is online")
}

// TestStoppedRunSettlesItsLastRequest loses the answer of the request during
// which the run is told to stop.
func TestStoppedRunSettlesItsLastRequest(t *testing.T) {
	l := newLab(t)
	p := l.phones(true)
	stopped := errors.New("stopped")
	ctx, stop := context.WithCancelCause(t.Context())
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			stop(stopped)
		}
		l.backend.ServeHTTP(w, r)
	})
	l.fault(acting("drop-after"))
	j := l.begin(wipe(), &p[0], &p[1])
	if err := l.runner.Run(ctx, j); !errors.Is(err, stopped) {
		t.Errorf("the run ended with %v", err)
	}
	wantStatus(t, j, 0, journal.Accepted, "", "waits until the phone is online")
	wantStatus(t, j, 1, journal.Planned, "", "")
}
