package standin_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/standin"
	"github.com/worksctl/worksctl/pkg/api"
)

// Every published call of the client gets what it wants; both sides are judged
// by docs/openapi.yaml.
func TestEveryPublishedCall(t *testing.T) {
	var clk clock
	var account auth.ServiceAccount
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	s := start(t, &clk, func(o *standin.Options) {
		account = app(t, o)
		o.Logs = map[string][]standin.Line{"auth": standin.Daily(day, day.AddDate(0, 0, 2))}
	})
	server := auth.NewServer(s.AuthURL(), nil, clk.now)
	token, err := server.ServiceAccount(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	if life := token.Expires.Sub(clk.now()); life != 24*time.Hour || len(strings.Fields(token.Scope)) != len(standin.Scopes()) {
		t.Errorf("life %s, scopes %q", life, token.Scope)
	}
	if token, err = server.Refresh(t.Context(), account.ClientID, account.ClientSecret, token.Refresh); err != nil {
		t.Fatal(err)
	}
	c := client(t, s, &clk, token.Access)

	seen := 0
	for _, err := range c.Users.All(t.Context(), api.UserQuery{DomainID: standin.Domain, OrderBy: "NAME", SortOrder: "DESCENDING"}, nil) {
		if seen++; err != nil {
			t.Fatal(err)
		}
	}
	members := standin.Directory(250)
	m := members[6]
	for _, name := range []string{m.UserID, m.Email, "externalKey:" + *m.UserExternalKey} {
		if got, err := c.Users.Get(t.Context(), name); err != nil || got.UserID != m.UserID {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	key := api.NewIdempotencyKey()
	text := strings.Repeat("글", 1000)
	for name, err := range map[string]error{
		"sign-out":  c.Users.ForceLogout(t.Context(), m.Email, key),
		"suspend":   c.Users.Suspend(t.Context(), "externalKey:"+*m.UserExternalKey, key),
		"unsuspend": c.Users.Unsuspend(t.Context(), m.UserID, key),
		"text":      c.Bots.SendMessage(t.Context(), botID, m.UserID, api.Message{Text: "update"}, key),
		"button":    c.Bots.SendMessage(t.Context(), botID, m.Email, api.Message{Text: text, Buttons: []api.Button{{Label: "Update", URI: "https://example.com/?a=b"}}}, key),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var log strings.Builder
	if _, err := c.Audit.Download(t.Context(), api.AuditQuery{Service: "auth", StartTime: day, EndTime: day.AddDate(0, 0, 31), DomainID: standin.Domain}, &log); err != nil || strings.Count(log.String(), "no. ") != 6 {
		t.Errorf("log %q, %v", log.String(), err)
	}
	if err := server.Revoke(t.Context(), account.ClientID, account.ClientSecret, token.Access, "access_token"); err != nil {
		t.Error(err)
	}
	if _, err := c.Users.Get(t.Context(), m.UserID); !errors.Is(err, api.ErrUnauthorized) {
		t.Errorf("after revoking: %v", err)
	}
	r := s.Record()
	if seen != 250 || r.Total("message") != 2 || len(r.Messages[m.UserID]) != 2 || r.Done["force-logout"][m.UserID] != 1 || r.Total("suspend") != 1 || r.Total("unsuspend") != 1 || r.Leaked != 0 {
		t.Errorf("%d members, %+v", seen, r)
	}
}

// What NAVER WORKS doesn't publish isn't there.
func TestNothingElseIsThere(t *testing.T) {
	for _, empty := range []bool{false, true} {
		var clk clock
		s := start(t, &clk, func(o *standin.Options) { o.EmptyBodies = empty })
		token := s.Token()
		for _, path := range []string{"/security/devices", "/security/devices/1", "/security/mdm", "/security/app-versions", "/users/1/devices", "/groups", ""} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				resp := ask(t, s, token, method, standin.APIPath+path, "")
				body, _ := io.ReadAll(resp.Body)
				if resp.StatusCode != http.StatusNotFound || (len(body) == 0) != empty {
					t.Errorf("%s %s: %d %q", method, path, resp.StatusCode, body)
				}
			}
		}
		_, err := client(t, s, &clk, api.NewSecret(token)).Devices.List(t.Context(), api.DeviceQuery{}, "")
		if !errors.Is(err, api.ErrNoDeviceAPI) {
			t.Errorf("empty %t: %v", empty, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	var clk clock
	s := start(t, &clk, nil)
	all := s.Token()
	m := standin.Directory(10)
	message := func(content string) string { return `{"content":` + content + `}` }
	button := func(text, uri string, n int) string {
		action := `{"type":"uri","label":"Go","uri":"` + uri + `"}`
		return message(`{"type":"button_template","contentText":"` + text + `","actions":[` + strings.TrimSuffix(strings.Repeat(action+",", n), ",") + `]}`)
	}
	send := "/bots/2000001/users/" + m[8].UserID + "/messages"
	logs := "/audits/logs/download?service=auth&"
	span := func(start, end string) string {
		return logs + url.Values{"startTime": {start}, "endTime": {end}}.Encode()
	}
	for name, tc := range map[string]struct {
		method, path, body, token string
		status                    int
		code                      string
	}{
		"no token":          {"GET", "/users", "", "", 401, "UNAUTHORIZED"},
		"foreign scope":     {"GET", "/users", "", s.Token("bot"), 403, "FORBIDDEN"},
		"read is no act":    {"POST", "/users/" + m[8].UserID + "/suspend", "", s.Token("user.read"), 403, "FORBIDDEN"},
		"act is no message": {"POST", send, message(`{"type":"text","text":"a"}`), s.Token("user", "directory"), 403, "FORBIDDEN"},
		"a search":          {"GET", "/users?keyword=a", "", all, 400, "INVALID_PARAMETER"},
		"count 0":           {"GET", "/users?count=0", "", all, 400, "INVALID_PARAMETER"},
		"cursor unescaped":  {"GET", "/users?cursor=++//AAAAZA==", "", all, 400, "INVALID_PARAMETER"},
		"order":             {"GET", "/users?orderBy=name", "", all, 400, "INVALID_PARAMETER"},
		"me":                {"GET", "/users/me", "", all, 403, "FORBIDDEN"},
		"nobody":            {"GET", "/users/nobody", "", all, 404, "USER_NOT_EXIST"},
		"suspended already": {"POST", "/users/" + m[2].UserID + "/suspend", "", all, 400, "BAD_REQUEST"},
		"not suspended":     {"POST", "/users/" + m[8].UserID + "/unsuspend", "", all, 400, "BAD_REQUEST"},
		"super admin":       {"POST", "/users/" + m[0].UserID + "/suspend", "", all, 400, "BAD_REQUEST"},
		"unknown bot":       {"POST", "/bots/7/users/" + m[8].UserID + "/messages", message(`{"type":"text","text":"a"}`), all, 404, "BOT_NOT_EXIST"},
		"outside the bot":   {"POST", "/bots/2000001/users/" + m[outside].UserID + "/messages", message(`{"type":"text","text":"a"}`), all, 403, "FORBIDDEN"},
		"external key":      {"POST", "/bots/2000001/users/externalKey:emp%2F0006/messages", message(`{"type":"text","text":"a"}`), all, 400, "INVALID_PARAMETER"},
		"no text":           {"POST", send, message(`{"type":"text","text":""}`), all, 400, "INVALID_PARAMETER"},
		"unknown field":     {"POST", send, message(`{"type":"text","text":"a","bold":true}`), all, 400, "INVALID_PARAMETER"},
		"unknown type":      {"POST", send, message(`{"type":"image","url":"https://example.com"}`), all, 400, "INVALID_PARAMETER"},
		"two values":        {"POST", send, message(`{"type":"text","text":"a"}`) + "{}", all, 400, "INVALID_PARAMETER"},
		"1001 characters":   {"POST", send, button(strings.Repeat("글", 1001), "https://example.com", 1), all, 400, "INVALID_PARAMETER"},
		"label over 20":     {"POST", send, strings.Replace(button("a", "https://example.com", 1), `"Go"`, `"`+strings.Repeat("글", 21)+`"`, 1), all, 400, "INVALID_PARAMETER"},
		"11 actions":        {"POST", send, button("a", "https://example.com", 11), all, 400, "INVALID_PARAMETER"},
		"no action":         {"POST", send, button("a", "https://example.com", 0), all, 400, "INVALID_PARAMETER"},
		"plain http":        {"POST", send, button("a", "http://example.com", 1), all, 400, "INVALID_PARAMETER"},
		"32 days":           {"GET", span("2026-10-01T00:00:00Z", "2026-11-02T00:00:00Z"), "", all, 400, "INVALID_PARAMETER"},
		"7 months ago":      {"GET", span("2026-04-21T00:00:00Z", "2026-04-22T00:00:00Z"), "", all, 400, "INVALID_PARAMETER"},
		"backwards":         {"GET", span("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z"), "", all, 400, "INVALID_PARAMETER"},
		"parts of a second": {"GET", span("2026-11-01T00:00:00.5Z", "2026-11-02T00:00:00Z"), "", all, 400, "INVALID_PARAMETER"},
	} {
		t.Run(name, func(t *testing.T) {
			resp := ask(t, s, tc.token, tc.method, standin.APIPath+tc.path, tc.body)
			var said struct{ Code, Description string }
			if err := json.NewDecoder(resp.Body).Decode(&said); err != nil || resp.StatusCode != tc.status || said.Code != tc.code {
				t.Errorf("%d %+v, %v", resp.StatusCode, said, err)
			}
		})
	}
	if r := s.Record(); r.Total("message")+r.Total("suspend")+r.Total("unsuspend")+len(r.Spans) > 0 {
		t.Errorf("a refused request acted: %+v", r)
	}
}
