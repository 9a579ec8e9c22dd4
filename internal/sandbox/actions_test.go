package sandbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

const notifyPath = "/security/devices/update-notifications"

func notice(list string, deviceIDs ...string) map[string]any {
	return map[string]any{"domainId": 10000001, "type": list, "deviceIds": deviceIDs}
}

type results struct {
	Results []struct{ DeviceID, Status, Code string }
}

func TestNotifySendsOncePerDevice(t *testing.T) {
	f := open(t)
	for _, list := range []string{"MOBILE", "PC", "DRIVE_MOBILE"} {
		all := ids(f.list("type=" + list))
		some := all[:min(99, len(all))]
		unknown := uuid.NewString()
		var got results
		f.post(notifyPath, notice(list, append(slices.Clone(some[1:]), unknown, some[1])...)).want(200).into(&got)
		if len(got.Results) != len(some) {
			t.Errorf("%s: %d results for %d devices", list, len(got.Results), len(some))
		}
		for _, r := range got.Results {
			want := "SENT"
			if r.DeviceID == unknown {
				want = "FAILED"
			}
			if r.Status != want || (r.Code == "DEVICE_NOT_EXIST") != (want == "FAILED") {
				t.Errorf("%+v", r)
			}
		}
		for _, id := range some[1:] {
			if n := f.done("notify", id); n != 1 {
				t.Fatalf("%s was notified %d times", id, n)
			}
		}
	}
}

func TestNotifyRefusesTheWholeRequest(t *testing.T) {
	f := open(t)
	mobile, pc := ids(f.list("type=MOBILE"))[0], ids(f.list("type=PC"))[0]
	f.post(notifyPath, notice("MOBILE", mobile, pc)).want(400, "INVALID_PARAMETER")
	f.post(notifyPath, notice("MOBILE", mobile, "12E345")).want(400, "INVALID_PARAMETER")
	f.post(notifyPath, notice("PHONE", mobile)).want(400, "INVALID_PARAMETER")
	f.post(notifyPath, notice("MOBILE")).want(400, "MISSING_PARAMETER")
	f.post(notifyPath, map[string]any{"type": "MOBILE", "deviceIds": []string{mobile}}).want(400, "MISSING_PARAMETER")
	f.post(notifyPath, map[string]any{"domainId": 10000001, "deviceIds": []string{mobile}}).want(400, "MISSING_PARAMETER")
	f.post(notifyPath, `{"domainId":`).want(400, "BAD_REQUEST")
	many := make([]string, 101)
	for i := range many {
		many[i] = mobile
	}
	f.post(notifyPath, notice("MOBILE", many...)).want(400, "LIMIT_EXCEEDED")
	if n := f.done("notify", mobile); n != 0 {
		t.Errorf("a refused request sent %d notices", n)
	}
}

func TestIdempotencyKeyActsOnce(t *testing.T) {
	f := open(t)
	d := f.registered()
	path, body := "/security/devices/"+d.DeviceID+"/wipe", map[string]string{"reason": "lost"}
	key := uuid.NewString()
	first := f.post(path, body, "Idempotency-Key", key).want(202)
	second := f.post(path, body, "Idempotency-Key", key).want(202)
	if diff := cmp.Diff(string(first.body), string(second.body)); diff != "" {
		t.Errorf("the second answer differs:\n%s", diff)
	}
	if n := f.done("wipe", d.DeviceID); n != 1 {
		t.Errorf("wiped %d times", n)
	}
	var c command
	if first.into(&c); c.IdempotencyKey == nil || *c.IdempotencyKey != key {
		t.Errorf("key of the command: %v", c.IdempotencyKey)
	}
	f.post(path, map[string]string{"reason": "other"}, "Idempotency-Key", key).want(409, "CONFLICT")
	f.post(path, body).want(409, "COMMAND_ALREADY_EXIST")
	f.post(notifyPath, notice("MOBILE", d.DeviceID), "Idempotency-Key", "one").want(400, "INVALID_PARAMETER")

	key = uuid.NewString()
	for range 3 {
		f.post(notifyPath, notice("MOBILE", d.DeviceID), "Idempotency-Key", key).want(200)
	}
	if n := f.done("notify", d.DeviceID); n != 1 {
		t.Errorf("notified %d times", n)
	}
	f.change(map[string]any{"honorIdempotencyKeys": false})
	f.post(notifyPath, notice("MOBILE", d.DeviceID), "Idempotency-Key", key).want(200)
	if n := f.done("notify", d.DeviceID); n != 2 {
		t.Errorf("a back end that ignores keys notified %d times in all", n)
	}
}

// A refusal did nothing, so its key is free to act once the cause is gone.
func TestRefusedRequestDoesNotUseUpItsKey(t *testing.T) {
	f := open(t)
	d := f.registered()
	f.trigger(d.DeviceID, "disable-mdm")
	key, path := uuid.NewString(), "/security/devices/"+d.DeviceID+"/wipe"
	f.post(path, map[string]string{"reason": "lost"}, "Idempotency-Key", key).want(409, "DEVICE_NOT_REGISTERED")
	f.trigger(d.DeviceID, "register")
	f.post(path, map[string]string{"reason": "lost"}, "Idempotency-Key", key).want(202)
}

func TestKeysThatAreNotKept(t *testing.T) {
	f := open(t)
	f.change(map[string]any{"keepIdempotencyKeys": false})
	d := f.registered()
	key := uuid.NewString()
	var c command
	f.post("/security/devices/"+d.DeviceID+"/wipe", map[string]string{"reason": "lost"}, "Idempotency-Key", key).want(202).into(&c)
	if c.IdempotencyKey != nil || f.command(c.CommandID).IdempotencyKey != nil {
		t.Error("the key is shown")
	}
	var p struct{ DeviceCommands []command }
	if f.get("/security/device-commands?idempotencyKey=" + key).want(200).into(&p); len(p.DeviceCommands) != 0 {
		t.Error("the command is found by its key")
	}
}

func TestWipeRefusals(t *testing.T) {
	f := open(t)
	reason := map[string]string{"reason": "lost"}
	wipe := func(id string) reply { return f.post("/security/devices/"+id+"/wipe", reason) }
	wipe(uuid.NewString()).want(404, "DEVICE_NOT_EXIST")
	wipe(f.pick("type=PC", nil).DeviceID).want(409, "DEVICE_NOT_REGISTERED")
	wipe(f.pick("type=DRIVE_MOBILE", nil).DeviceID).want(409, "DEVICE_NOT_REGISTERED")
	wipe(f.pick("mdmStatus=PENDING", nil).DeviceID).want(409, "DEVICE_NOT_REGISTERED")
	wipe(f.pick("", func(d device) bool { return d.MDM.Provider == "EXTERNAL" }).DeviceID).want(409, "DEVICE_NOT_REGISTERED")
	d := f.registered()
	f.post("/security/devices/"+d.DeviceID+"/wipe", map[string]string{}).want(400, "MISSING_PARAMETER")
	f.post("/security/devices/"+d.DeviceID+"/wipe", nil).want(400, "BAD_REQUEST")
	f.ask("wipe", d.DeviceID)
	f.post("/security/devices/"+d.DeviceID+"/reset", reason).want(409, "COMMAND_ALREADY_EXIST")

	f.change(map[string]any{"resetApi": false})
	f.post("/security/devices/"+d.DeviceID+"/reset", reason).want(403, "ACCESS_DENIED")
	f.post("/security/mdm/disable", map[string]any{"domainId": 10000001}).want(204)
	wipe(d.DeviceID).want(403, "MDM_NOT_IN_USE")
	if n := f.done("wipe", d.DeviceID); n != 1 {
		t.Errorf("%d wipes were accepted", n)
	}
}

func TestCommandListing(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 1000} })
	var want []string
	devices := f.list("type=MOBILE&mdmStatus=REGISTERED")[:12]
	for i, d := range devices {
		action := []string{"wipe", "reset"}[i%2]
		want = append(want, f.ask(action, d.DeviceID).CommandID)
	}
	slices.Reverse(want) // newest first, also within one second
	var got []string
	var p struct {
		DeviceCommands   []command
		ResponseMetaData struct{ NextCursor string }
	}
	for cursor := ""; ; cursor = "&cursor=" + escape(p.ResponseMetaData.NextCursor) {
		p.ResponseMetaData.NextCursor = ""
		f.get("/security/device-commands?count=5" + cursor).want(200).into(&p)
		for _, c := range p.DeviceCommands {
			got = append(got, c.CommandID)
		}
		if p.ResponseMetaData.NextCursor == "" {
			break
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	one := func(query string) {
		t.Helper()
		p.DeviceCommands = nil
		f.get("/security/device-commands?" + query).want(200).into(&p)
		if len(p.DeviceCommands) != 1 || p.DeviceCommands[0].CommandID != want[0] {
			t.Errorf("%s: %+v", query, p.DeviceCommands)
		}
	}
	last := f.command(want[0])
	one("deviceId=" + last.DeviceID)
	one("idempotencyKey=" + *last.IdempotencyKey)
	f.post("/security/device-commands/"+last.CommandID+"/cancel", nil).want(204)
	one("status=CANCELED")
	f.get("/security/device-commands?status=GONE").want(400, "INVALID_PARAMETER")
	f.get("/security/device-commands/none").want(404, "COMMAND_NOT_EXIST")
}

func TestCancelCommand(t *testing.T) {
	f := open(t)
	d := f.registered()
	c := f.ask("wipe", d.DeviceID)
	cancel := func() reply { return f.post("/security/device-commands/"+c.CommandID+"/cancel", nil) }
	cancel().want(204)
	cancel().want(204)
	if got := f.command(c.CommandID); got.Status != "CANCELED" {
		t.Errorf("status %s", got.Status)
	}
	f.trigger(d.DeviceID, "online")
	f.advance("2h")
	if got := f.command(c.CommandID); got.Status != "CANCELED" {
		t.Errorf("a canceled command became %s", got.Status)
	}
	c = f.ask("wipe", d.DeviceID) // the device is free again
	f.trigger(d.DeviceID, "online")
	cancel().want(409, "COMMAND_ALREADY_DELIVERED")
	f.post("/security/device-commands/none/cancel", nil).want(404, "COMMAND_NOT_EXIST")
}

func TestEveryOperationNeedsItsScope(t *testing.T) {
	f := open(t)
	d := f.registered()
	user := f.list("")[0].User.UserID
	device, reason := "/security/devices/"+d.DeviceID, map[string]string{"reason": "lost"}
	domain := map[string]any{"domainId": 10000001}
	text := map[string]any{"content": map[string]string{"type": "text", "text": "hello"}}
	audit := "/audits/logs/download?service=auth&startTime=2026-11-01T00:00:00Z&endTime=2026-11-02T00:00:00Z"
	cases := []struct {
		method, path string
		body         any
		scope        string
		status       int
	}{
		{"GET", "/security/devices", nil, "security.device.read", 200},
		{"GET", "/security/devices", nil, "security.device", 200},
		{"GET", device, nil, "security.device.read", 200},
		{"GET", "/security/app-versions", nil, "security.device.read", 200},
		{"GET", "/security/device-commands", nil, "security.device.read", 200},
		{"GET", "/security/mdm", nil, "security.device.read", 200},
		{"POST", notifyPath, notice("MOBILE", d.DeviceID), "security.device", 200},
		{"POST", device + "/mdm/enable", nil, "security.device", 202},
		{"POST", device + "/wipe", reason, "security.device", 202},
		{"POST", device + "/mdm/disable", nil, "security.device", 204},
		{"POST", "/security/mdm/enable", map[string]any{"domainId": 10000001, "mode": "OPTIONAL"}, "security.device", 204},
		{"POST", "/security/mdm/disable", domain, "security.device", 204},
		{"GET", "/users", nil, "user.read", 200},
		{"GET", "/users/" + user, nil, "directory", 200},
		{"POST", "/users/" + user + "/force-logout", nil, "directory", 202},
		{"POST", "/bots/1/users/" + user + "/messages", text, "bot.message", 201},
		{"GET", audit, nil, "audit.read", 302},
	}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.method, c.path, c.scope), func(t *testing.T) {
			with := func(scopes ...string) reply {
				token, err := f.backend.AccessToken(t.Context(), scopes...)
				if err != nil {
					t.Fatal(err)
				}
				return f.do(c.method, sandbox.APIPath+c.path, c.body, "Authorization", "Bearer "+token)
			}
			others := slices.DeleteFunc(sandbox.Scopes(), func(s string) bool { return family(s) == family(c.scope) })
			if c.method == http.MethodPost && c.scope == "security.device" {
				others = append(others, "security.device.read")
			}
			if r := with(others...).want(403, "FORBIDDEN"); r.header.Get("WWW-Authenticate") == "" {
				t.Error("no WWW-Authenticate")
			}
			with(c.scope).want(c.status)
		})
	}
}

func family(scope string) string {
	for _, s := range []string{"security", "bot", "audit"} {
		if len(scope) >= len(s) && scope[:len(s)] == s {
			return s
		}
	}
	return "directory" // user and directory scopes read the same
}

func TestPlanAndMissingDeviceAPI(t *testing.T) {
	f := open(t)
	f.change(map[string]any{"plan": "FREE"})
	f.get("/security/devices").want(403, "PLAN_NOT_SUPPORTED")
	f.post(notifyPath, notice("MOBILE", uuid.NewString())).want(403, "PLAN_NOT_SUPPORTED")
	f.get("/users").want(200)
	f.change(map[string]any{"deviceApi": false})
	if r := f.get("/security/devices").want(404); len(r.body) != 0 {
		t.Errorf("body %s", r.body)
	}
	f.get("/users").want(200)
}
