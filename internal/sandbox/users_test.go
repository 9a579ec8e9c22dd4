package sandbox_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
)

type member struct {
	UserID, Email   string
	UserExternalKey *string
	IsAdministrator bool
	IsPending       bool
	IsSuspended     bool
	UserName        struct{ LastName, FirstName string }
}

func (f *fixture) members(query string) []member {
	f.t.Helper()
	var all []member
	for cursor := ""; ; {
		var p struct {
			Users            []member
			ResponseMetaData struct{ NextCursor string }
		}
		f.get("/users?" + query + cursor).want(200).into(&p)
		all = append(all, p.Users...)
		if p.ResponseMetaData.NextCursor == "" {
			return all
		}
		cursor = "&cursor=" + escape(p.ResponseMetaData.NextCursor)
	}
}

func TestMembers(t *testing.T) {
	f := open(t)
	all := f.members("count=50&domainId=10000001")
	if len(all) != 192 { // 0.64 of 300 devices
		t.Fatalf("%d members", len(all))
	}
	key := func(ms []member) []string {
		var keys []string
		for _, m := range ms {
			keys = append(keys, m.UserID)
		}
		slices.Sort(keys)
		return slices.Compact(keys)
	}
	for _, order := range []string{"orderBy=NAME", "orderBy=NAME&sortOrder=DESCENDING", "orderBy=CREATED_TIME&sortOrder=DESCENDING"} {
		if got := f.members("count=33&" + order); !slices.Equal(key(got), key(all)) || len(got) != len(all) {
			t.Errorf("%s: %d members", order, len(got))
		}
	}
	withKey := all[slices.IndexFunc(all, func(m member) bool { return m.UserExternalKey != nil })]
	for _, name := range []string{withKey.UserID, withKey.Email, strings.ToUpper(withKey.Email), "externalKey:" + *withKey.UserExternalKey} {
		var got member
		f.get("/users/" + url.PathEscape(name)).want(200).into(&got)
		if got.UserID != withKey.UserID {
			t.Errorf("%s is %s", name, got.UserID)
		}
	}
	f.get("/users/nobody@example.com").want(404, "USER_NOT_EXIST")
	f.get("/users/externalKey:none").want(404, "USER_NOT_EXIST")
	f.get("/users/me").want(403, "FORBIDDEN")
	f.get("/users?count=101").want(400, "OUT_OF_RANGE")
	f.get("/users?orderBy=AGE").want(400, "INVALID_PARAMETER")
	f.get("/users?sortOrder=UP").want(400, "INVALID_PARAMETER")
	f.change(map[string]any{"overCount": "empty"})
	w := httptest.NewRecorder() // the contract allows no such request
	r := httptest.NewRequest(http.MethodGet, sandbox.APIPath+"/users?count=101", nil)
	r.Header.Set("Authorization", "Bearer "+f.token)
	f.backend.ServeHTTP(w, r)
	if got := w.Body.String(); w.Code != 200 || got != `{"responseMetaData":{"nextCursor":null},"users":[]}` {
		t.Errorf("%d %s", w.Code, got)
	}
}

func TestMemberActions(t *testing.T) {
	f := open(t)
	all := f.members("")
	m := all[slices.IndexFunc(all, func(m member) bool { return !m.IsPending && !m.IsSuspended && !m.IsAdministrator })]
	path := "/users/" + url.PathEscape(m.Email)
	f.post(path+"/force-logout", nil).want(202)
	f.post(path+"/force-logout", nil).want(202)
	if n := f.done("force-logout", m.UserID); n != 2 {
		t.Errorf("%d sign-outs", n)
	}
	message := map[string]any{"content": map[string]string{"type": "text", "text": "안녕하세요"}}
	f.post("/bots/1/users/"+m.UserID+"/messages", message).want(201)
	f.post(path+"/suspend", nil).want(204)
	f.post(path+"/suspend", nil).want(400, "BAD_REQUEST")
	var got member
	if f.get(path).want(200).into(&got); !got.IsSuspended {
		t.Error("not suspended")
	}
	f.post("/bots/1/users/"+m.UserID+"/messages", message).want(403, "FORBIDDEN")
	f.post(path+"/unsuspend", nil).want(204)
	f.post("/bots/1/users/"+m.UserID+"/messages", message).want(201)
	if n := f.done("message", m.UserID); n != 2 {
		t.Errorf("%d messages", n)
	}
	f.change(map[string]any{"botOutside": []string{m.UserID}})
	f.post("/bots/1/users/"+m.UserID+"/messages", message).want(403, "FORBIDDEN")
	if i := slices.IndexFunc(all, func(m member) bool { return m.IsAdministrator }); i >= 0 {
		f.post("/users/"+all[i].UserID+"/suspend", nil).want(403, "FORBIDDEN")
	}
	f.post("/users/nobody/suspend", nil).want(404, "USER_NOT_EXIST")
}

func TestMessages(t *testing.T) {
	f := open(t)
	all := f.members("")
	m := all[slices.IndexFunc(all, func(m member) bool { return !m.IsPending && !m.IsSuspended })]
	post := func(path, body string) reply { return f.post("/bots/"+path+"/messages", body) }
	button := `{"content":{"type":"button_template","contentText":"` + strings.Repeat("글", 1000) +
		`","actions":[{"type":"uri","label":"Update","uri":"https://example.com/app"}]}}`
	post("1/users/"+m.UserID, button).want(201)
	if r := post("1/users/"+url.PathEscape(m.Email), button).want(201); len(r.body) != 0 {
		t.Errorf("body %s", r.body)
	}
	post("1/users/"+m.UserID, strings.Replace(button, "글", "글글", 1)).want(400, "LIMIT_EXCEEDED")
	post("1/users/"+m.UserID, strings.Replace(button, "https:", "", 1)).want(400, "INVALID_PARAMETER")
	post("1/users/"+m.UserID, strings.Replace(button, "https://example.com", "", 1)).want(400, "INVALID_PARAMETER")
	post("1/users/"+m.UserID, `{"content":{"type":"text","text":""}}`).want(400, "MISSING_PARAMETER")
	post("1/users/"+m.UserID, `{"content":{"type":"image"}}`).want(400, "INVALID_PARAMETER")
	post("bot/users/"+m.UserID, button).want(400, "INVALID_PARAMETER")
	post("1/users/externalKey:1", button).want(400, "INVALID_PARAMETER")
	post("1/users/nobody", button).want(404, "USER_NOT_EXIST")
}

func TestAuditDownload(t *testing.T) {
	f := open(t)
	d := f.registered()
	f.ask("wipe", d.DeviceID)
	query := url.Values{"service": {"admin"}, "startTime": {"2026-11-01T00:00:00+09:00"}, "endTime": {"2026-11-30T00:00:00+09:00"}}
	at := func(name, value string) reply {
		q := url.Values{}
		for k := range query {
			q.Set(k, query.Get(k))
		}
		if q.Set(name, value); value == "" {
			q.Del(name)
		}
		f.clock.pass(time.Minute) // past the limit of 10 a minute
		return f.get("/audits/logs/download?" + q.Encode())
	}
	location := at("service", "admin").want(302).header.Get("Location")
	target, err := url.Parse(location)
	if err != nil || target.Host == "localhost" {
		t.Fatalf("Location %q must be on another host", location)
	}
	file := f.do(http.MethodGet, target.RequestURI(), nil).want(200)
	rows, err := csv.NewReader(strings.NewReader(string(file.body))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][3] != d.DeviceID {
		t.Errorf("%v %v", rows, err)
	}
	f.do(http.MethodGet, target.RequestURI(), nil, "Authorization", "Bearer "+f.token).want(400)
	for _, name := range []string{"service", "startTime", "endTime"} {
		at(name, "").want(400, "MISSING_PARAMETER")
		at(name, "X").want(400, "INVALID_PARAMETER")
	}
	at("endTime", "2026-12-03T00:00:00+09:00").want(400, "OUT_OF_RANGE")
	at("endTime", "2026-10-01T00:00:00+09:00").want(400, "INVALID_PARAMETER")
	query.Set("endTime", "2026-03-02T00:00:00+09:00")
	at("startTime", "2026-03-01T00:00:00+09:00").want(400, "OUT_OF_RANGE")

	limited := open(t, settings(func(*sandbox.Settings) {}))
	for range 10 {
		limited.get("/audits/logs/download")
	}
	limited.get("/audits/logs/download").want(429, "TOO_MANY_REQUESTS")
}

// A person is the member behind the sign-in; a service account is none.
func TestMe(t *testing.T) {
	f := open(t)
	const back = "http://127.0.0.1:53682/callback"
	q := url.Values{"client_id": {"app"}, "redirect_uri": {back}, "scope": {"user.read"}, "response_type": {"code"}, "state": {"s"}}
	location, err := url.Parse(f.do(http.MethodGet, sandbox.AuthPath+"/authorize?"+q.Encode(), nil).want(302).header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	var got token
	f.tokenFor(url.Values{"grant_type": {"authorization_code"}, "code": {location.Query().Get("code")},
		"client_id": {"app"}, "client_secret": {"s"}, "redirect_uri": {back}}).want(200).into(&got)
	f.get("/users/me").want(403, "FORBIDDEN")
	var me member
	f.token = got.AccessToken
	f.get("/users/me").want(200).into(&me)
	if me.UserID == "" || !me.IsAdministrator {
		t.Errorf("%+v", me)
	}
}
