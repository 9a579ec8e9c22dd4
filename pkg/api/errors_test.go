package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/worksctl/worksctl/pkg/api"
)

func sentinels() []error {
	return []error{
		api.ErrUnauthorized, api.ErrForbidden, api.ErrMissingScope, api.ErrPlanNotSupported, api.ErrMDMNotInUse, api.ErrNotFound,
		api.ErrNoDeviceAPI, api.ErrConflict, api.ErrNotRegistered, api.ErrCommandPending, api.ErrCommandDelivered, api.ErrExternalMDM,
		api.ErrInvalidParameter, api.ErrLimitExceeded, api.ErrCountRefused, api.ErrServer,
	}
}

func TestErrorsByStatusAndCode(t *testing.T) {
	html := func(status int) answerFunc { return sendJSON(status, "<html>oops</html>", "Content-Type", "text/html") }
	for name, tc := range map[string]struct {
		answer answerFunc
		list   bool // ask for the list, else for one device
		is     []error
		text   string
	}{
		"no such device":    {refuse(404, "DEVICE_NOT_EXIST"), false, []error{api.ErrNotFound}, "show device: 404 DEVICE_NOT_EXIST: because"},
		"no device API":     {sendJSON(404, ""), true, []error{api.ErrNotFound, api.ErrNoDeviceAPI}, "list devices: 404 Not Found"},
		"plan":              {refuse(403, "PLAN_NOT_SUPPORTED"), true, []error{api.ErrForbidden, api.ErrPlanNotSupported}, "list devices: 403 PLAN_NOT_SUPPORTED: because"},
		"scope":             {refuse(403, "FORBIDDEN"), true, []error{api.ErrForbidden, api.ErrMissingScope}, "list devices: 403 FORBIDDEN: because"},
		"denied":            {refuse(403, "ACCESS_DENIED"), true, []error{api.ErrForbidden}, "list devices: 403 ACCESS_DENIED: because"},
		"challenge":         {sendJSON(403, "", "WWW-Authenticate", `Bearer realm="x, y", error="insufficient_scope", scope="security.device.read"`), true, []error{api.ErrForbidden, api.ErrMissingScope}, "list devices: 403 Forbidden (needs scope security.device.read)"},
		"MDM not in use":    {refuse(403, "MDM_NOT_IN_USE"), false, []error{api.ErrForbidden, api.ErrMDMNotInUse}, "show device: 403 MDM_NOT_IN_USE: because"},
		"not registered":    {refuse(409, "DEVICE_NOT_REGISTERED"), false, []error{api.ErrConflict, api.ErrNotRegistered}, "show device: 409 DEVICE_NOT_REGISTERED: because"},
		"delivered":         {refuse(409, "COMMAND_ALREADY_DELIVERED"), false, []error{api.ErrConflict, api.ErrCommandDelivered}, "show device: 409 COMMAND_ALREADY_DELIVERED: because"},
		"external":          {refuse(409, "EXTERNAL_MDM_IN_USE"), false, []error{api.ErrConflict, api.ErrExternalMDM}, "show device: 409 EXTERNAL_MDM_IN_USE: because"},
		"invalid":           {refuse(400, "INVALID_PARAMETER"), false, []error{api.ErrInvalidParameter}, "show device: 400 INVALID_PARAMETER: because"},
		"too many":          {refuse(400, "LIMIT_EXCEEDED"), false, []error{api.ErrLimitExceeded}, "show device: 400 LIMIT_EXCEEDED: because"},
		"HTML":              {html(500), false, []error{api.ErrServer}, "show device: 500 Internal Server Error"},
		"plain text":        {sendJSON(500, "upstream\nstack", "Content-Type", "text/plain"), false, []error{api.ErrServer}, "show device: 500 Internal Server Error: upstream"},
		"not what it seems": {sendJSON(400, "nonsense"), false, nil, "show device: 400 Bad Request"},
		"auth style":        {sendJSON(400, `{"error":"invalid_grant","error_description":"no"}`), false, nil, "show device: 400 invalid_grant: no"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, tc.answer)
			c, _ := newClient(t, b.URL)
			var err error
			if tc.list {
				_, err = c.Devices.List(t.Context(), api.DeviceQuery{}, "")
			} else {
				_, err = c.Devices.Get(t.Context(), "d1")
			}
			var is []error
			for _, s := range sentinels() {
				if errors.Is(err, s) {
					is = append(is, s)
				}
			}
			if diff := cmp.Diff(tc.is, is, cmpopts.EquateErrors()); diff != "" {
				t.Error(diff)
			}
			if err == nil || err.Error() != tc.text {
				t.Errorf("text %q, want %q", err, tc.text)
			}
		})
	}
}

func TestErrorNamesTheRequest(t *testing.T) {
	b := newBackend(t, refuse(409, "CONFLICT", "X-Request-Id", "r-42", "Retry-After", "3"))
	c, _ := newClient(t, b.URL+"/v1.0")
	err := c.Users.Suspend(t.Context(), "a b/c?d#e%@x.com", "k")
	e, ok := errors.AsType[*api.Error](err)
	if !ok {
		t.Fatal(err)
	}
	want := &api.Error{Op: "suspend member", Method: "POST", Path: "/users/a%20b%2Fc%3Fd%23e%25@x.com/suspend", Status: 409,
		Code: "CONFLICT", Description: "because", RequestID: "r-42", RetryAfter: 3e9}
	if diff := cmp.Diff(want, e, cmpopts.IgnoreUnexported(api.Error{})); diff != "" {
		t.Error(diff)
	}
	if got := b.seen()[0].URL.EscapedPath(); got != "/v1.0/users/a%20b%2Fc%3Fd%23e%25@x.com/suspend" {
		t.Errorf("sent to %s", got)
	}
}

func TestAnswerThatIsNotJSON(t *testing.T) {
	login := sendJSON(200, "<html>sign in</html>", "Content-Type", "text/html; charset=utf-8")
	portal := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			login(w, r)
			return
		}
		http.Redirect(w, r, "/login?user=secret", http.StatusFound)
	})
	c, _ := newClient(t, portal.URL)
	for _, ask := range []func() error{
		func() error { _, err := c.Devices.Get(t.Context(), "d"); return err },
		func() error { _, err := c.Devices.List(t.Context(), api.DeviceQuery{}, ""); return err },
		func() error { _, err := c.AppVersions.List(t.Context(), 1); return err },
	} {
		err := ask()
		e, ok := errors.AsType[*api.ContentError](err)
		if !ok || e.ContentType != "text/html; charset=utf-8" || e.URL != portal.URL+"/login" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
}

func TestArgumentsThatMakeNoRequest(t *testing.T) {
	b := newBackend(t, sendJSON(200, "{}"))
	c, _ := newClient(t, b.URL)
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"empty id":   func() error { _, err := c.Devices.Get(ctx, ""); return err },
		"parent":     func() error { _, err := c.Devices.Get(ctx, ".."); return err },
		"same":       func() error { return c.Commands.Cancel(ctx, ".", "k") },
		"no key":     func() error { return c.Users.ForceLogout(ctx, "u", "") },
		"no devices": func() error { _, err := c.Notifications.Send(ctx, api.Notification{}, "k"); return err },
		"101 devices": func() error {
			_, err := c.Notifications.Send(ctx, api.Notification{DeviceIDs: make([]string, 101)}, "k")
			return err
		},
		"users count":  func() error { _, err := c.Users.List(ctx, api.UserQuery{Count: 101}, ""); return err },
		"raw host":     func() error { _, err := c.Raw(ctx, api.RawRequest{Path: "//example.com/x"}); return err },
		"raw URL":      func() error { _, err := c.Raw(ctx, api.RawRequest{Path: "https://example.com/x"}); return err },
		"raw traverse": func() error { _, err := c.Raw(ctx, api.RawRequest{Path: "/a/%2e%2e/b"}); return err },
		"raw body": func() error {
			_, err := c.Raw(ctx, api.RawRequest{Method: "post", Path: "/a", Body: []byte("{"), Key: "k"})
			return err
		},
	} {
		if err := call(); err == nil || b.count() != 0 {
			t.Errorf("%s: %v after %d requests", name, err, b.count())
		} else if _, ok := errors.AsType[*api.ArgumentError](err); !ok {
			t.Errorf("%s: %T", name, err)
		}
	}
}
