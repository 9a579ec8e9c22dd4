package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
)

func (f *fixture) fault(fault string) {
	f.t.Helper()
	f.admin(http.MethodPost, "/faults", fault)
}

func TestDroppedConnections(t *testing.T) {
	for kind, sent := range map[string]int{"drop-before": 0, "drop-after": 1} {
		f := open(t)
		d := f.registered() // on a warm connection
		f.fault(`{"kind":"` + kind + `","method":"POST","path":"/v1.0/security/devices/update-notifications"}`)
		if r, err := f.send(http.MethodPost, sandbox.APIPath+notifyPath, notice("MOBILE", d.DeviceID)); !isEOF(err) {
			t.Errorf("%s: answer %d, error %v", kind, r.status, err)
		}
		if n := f.done("notify", d.DeviceID); n != sent {
			t.Errorf("%s: %d notices, want %d", kind, n, sent)
		}
		f.post(notifyPath, notice("MOBILE", d.DeviceID)).want(200)
		if n := f.done("notify", d.DeviceID); n != sent+1 {
			t.Errorf("%s: %d notices after a second request", kind, n)
		}
	}
}

func TestCutBody(t *testing.T) {
	f := open(t)
	f.fault(`{"kind":"cut-body","path":"/v1.0/security"}`)
	r, err := f.send(http.MethodGet, sandbox.APIPath+"/security/devices", nil)
	if !isEOF(err) || r.status != 200 || len(r.body) == 0 || json.Valid(r.body) {
		t.Errorf("answer %d with %d bytes, error %v", r.status, len(r.body), err)
	}
	f.get("/security/devices").want(200)
	f.fault(`{"kind":"cut-body","path":"/v1.0/security"}`)
	if r, err := f.send(http.MethodPost, sandbox.APIPath+"/security/devices/"+f.registeredAfterFault()+"/mdm/enable", nil); err == nil {
		t.Errorf("an empty answer was not cut: %d", r.status)
	}
}

// registeredAfterFault finds a device without meeting the fault that is set.
func (f *fixture) registeredAfterFault() string {
	f.t.Helper()
	f.admin(http.MethodDelete, "/faults", nil)
	d := f.registered()
	f.fault(`{"kind":"cut-body","method":"POST","path":"/v1.0/security"}`)
	return d.DeviceID
}

func TestStatusFaults(t *testing.T) {
	f := open(t)
	d := f.registered()
	for status, code := range map[string]string{"429": "TOO_MANY_REQUESTS", "500": "INTERNAL_SERVER_ERROR",
		"502": "BAD_GATEWAY", "503": "SERVICE_UNAVAILABLE"} {
		f.fault(`{"kind":"status","status":` + status + `,"retryAfter":"7","method":"POST","times":2}`)
		for range 2 {
			r := f.post(notifyPath, notice("MOBILE", d.DeviceID))
			if got := r.want(r.status, code).header.Get("Retry-After"); got != "7" {
				t.Errorf("%s: Retry-After %q", status, got)
			}
		}
	}
	if n := f.done("notify", d.DeviceID); n != 0 {
		t.Errorf("%d notices", n)
	}
	f.fault(`{"kind":"status","status":503,"retryAfter":8}`)
	if got := f.get("/users").want(503).header.Get("Retry-After"); got != "8" {
		t.Errorf("a number: Retry-After %q", got)
	}
	bad := f.do(http.MethodPost, sandbox.AdminPath+"/faults", `{"kind":"status","status":503,"retryAfter":true}`).want(400, "BAD_REQUEST")
	if text := string(bad.body); !strings.Contains(text, "retryAfter: wrong kind of value: bool") || strings.Contains(text, "Go ") {
		t.Error(text)
	}
	f.fault(`{"kind":"status","status":503,"acts":true}`)
	if r := f.post(notifyPath, notice("MOBILE", d.DeviceID)).want(503); r.header.Get("Retry-After") != "" {
		t.Error("Retry-After without being asked for")
	}
	if n := f.done("notify", d.DeviceID); n != 1 {
		t.Errorf("acts: %d notices", n)
	}
}

func TestOtherFaults(t *testing.T) {
	var slept time.Duration
	f := open(t, func(o *sandbox.Options) {
		o.Sleep = func(_ context.Context, d time.Duration) error { slept += d; return nil }
		o.Faults = []sandbox.Fault{{Kind: "slow", DelayMillis: 1500, Path: "/v1.0/users"}}
	})
	f.get("/users").want(200)
	if slept != 1500*time.Millisecond {
		t.Errorf("slept %s", slept)
	}
	f.fault(`{"kind":"non-json"}`)
	if r := f.get("/users").want(200); json.Valid(r.body) || r.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%s", r.body)
	}
	f.fault(`{"kind":"expired-token"}`)
	if r := f.get("/users").want(401, "UNAUTHORIZED"); r.header.Get("WWW-Authenticate") == "" {
		t.Error("no WWW-Authenticate")
	}
	f.get("/users").want(200)
}

func TestRepeatedCursor(t *testing.T) {
	f := open(t)
	var first, second, third page
	f.get("/security/devices").want(200).into(&first)
	f.fault(`{"kind":"repeated-cursor","path":"/v1.0/security/devices"}`)
	f.get("/security/devices?cursor=" + escape(first.ResponseMetaData.NextCursor)).want(200).into(&second)
	if second.ResponseMetaData.NextCursor != first.ResponseMetaData.NextCursor {
		t.Errorf("cursors %q and %q", first.ResponseMetaData.NextCursor, second.ResponseMetaData.NextCursor)
	}
	f.get("/security/devices?cursor=" + escape(first.ResponseMetaData.NextCursor)).want(200).into(&third)
	if third.ResponseMetaData.NextCursor == first.ResponseMetaData.NextCursor {
		t.Error("the fault goes on")
	}
}

func TestMovingRowsAreListedTwiceAndNoneIsLost(t *testing.T) {
	f := open(t)
	want := ids(f.list(""))
	for _, order := range []string{"", "&orderBy=MODEL"} {
		f.fault(`{"kind":"row-moving","path":"/v1.0/security/devices","times":-1}`)
		got := ids(f.list("count=100" + order))
		if len(got) <= len(want) {
			t.Errorf("%q: %d rows", order, len(got))
		}
		slices.Sort(got)
		if distinct := slices.Compact(got); !slices.Equal(distinct, want) {
			t.Errorf("%q: %d distinct rows, want %d", order, len(distinct), len(want))
		}
		f.admin(http.MethodDelete, "/faults", nil)
	}
}

func TestFaultsAreMatchedAndCounted(t *testing.T) {
	f := open(t)
	f.fault(`{"kind":"status","status":500,"method":"GET","path":"/v1.0/users","after":2,"times":2}`)
	var got []int
	for range 6 {
		f.get("/security/devices?count=1").want(200)
		got = append(got, f.get("/users").status)
	}
	if !slices.Equal(got, []int{200, 200, 500, 500, 200, 200}) {
		t.Errorf("statuses %v", got)
	}
	var list struct{ Faults []sandbox.Fault }
	f.admin(http.MethodGet, "/faults", nil).into(&list)
	if len(list.Faults) != 1 || list.Faults[0].Seen != 4 || list.Faults[0].ID != 1 {
		t.Errorf("%+v", list.Faults)
	}
	for _, bad := range []string{`{"kind":"flood"}`, `{"kind":"status"}`, `{"kind":"slow"}`, `{"kind":"non-json","often":true}`, `{"kind":"non-json","times":-2}`, `[`} {
		if r := f.do(http.MethodPost, sandbox.AdminPath+"/faults", bad); r.status != 400 {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
}

func TestFaultsAreSharedBetweenProcesses(t *testing.T) {
	for name, newStore := range stores(t) {
		store := newStore()
		first := open(t, func(o *sandbox.Options) { o.Store = store })
		second := open(t, func(o *sandbox.Options) { o.Store = store })
		first.fault(`{"kind":"status","status":502}`)
		second.get("/users").want(502)
		if r := first.get("/users"); r.status != 200 {
			t.Errorf("%s: the fault happened twice: %d", name, r.status)
		}
	}
}
