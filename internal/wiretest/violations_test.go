package wiretest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/wiretest"
)

func page(devices string) string { return `{"devices":[` + devices + `]}` }

func TestGoodExchangesPass(t *testing.T) {
	tests := map[string]exchange{
		"page":                  list("?count=1000&cursor=kBhF%2Bs%2F9aQ%3D%3D&type=MOBILE", page(device)),
		"next cursor null":      list("", `{"devices":[],"responseMetaData":{"nextCursor":null}}`),
		"next cursor empty":     list("", `{"devices":[],"responseMetaData":{"nextCursor":""}}`),
		"next cursor absent":    list("", `{"devices":[],"responseMetaData":{}}`),
		"plus in a time":        list("?accessedAfter=2026-11-20T09:12:00%2B09:00", page("")),
		"published header case": {target: "/v1.0/users", answer: `{"users":[]}`, answerHeader: map[string]string{"rateLimit-limit": "240"}},
		"key under raw name":    wipe(map[string]string{"idempotency-key": uuid}, `{"reason":"분실"}`),
		"escaped path element":  {target: "/v1.0/users/a%2Fb", status: 404, answer: `{"code":"USER_NOT_EXIST","description":"d"}`},
		"text of expires_in":    token("grant_type="+jwt+"&assertion=a&client_id=c&client_secret=s&scope=x", `{"access_token":"t","token_type":"Bearer","expires_in":"86400"}`),
		"number of expires_in":  token("grant_type=refresh_token&refresh_token=a&client_id=c&client_secret=s", `{"access_token":"t","token_type":"Bearer","expires_in":3600}`),
		"redirect with a line":  {target: "/v1.0/audits/logs/download?service=auth&startTime=2026-11-01T00:00:00Z&endTime=2026-11-02T00:00:00Z", status: 302, mime: "text/html", answer: "Found", answerHeader: map[string]string{"Location": "https://storage.example.com/a.csv"}},
		"no body":               {method: "POST", target: "/v1.0/security/devices/d1/mdm/enable", header: key(), status: 202},
		"failed notice":         {method: "POST", target: "/v1.0/security/devices/update-notifications", header: key(), body: `{"domainId":1,"type":"PC","deviceIds":["d1"]}`, answer: `{"results":[{"deviceId":"d1","status":"FAILED","code":"DEVICE_NOT_EXIST"}]}`},
	}
	v := wiretest.Validator(t)
	for name, x := range tests {
		t.Run(name, func(t *testing.T) {
			if said := x.run(t, v, strictly, strictly); len(said) > 0 {
				t.Errorf("violations: %q", said)
			}
		})
	}
}

func TestViolationsAreReportedAtBothEnds(t *testing.T) {
	tests := map[string]struct {
		exchange
		want []string // each in the one report
	}{
		"wrong tag name": {
			list("", page(replaced(device, "serialNumber", "serial_number"))),
			[]string{"GET /v1.0/security/devices: answer 200", `/devices/*/serialNumber: `, `"serialNumber" is missing`, "body.devices[].serial_number is not in the contract"},
		},
		"wrong case of a tag":      {list("", page(replaced(device, "userName", "username"))), []string{"username is not in the contract"}},
		"wrong enum":               {list("", page(replaced(device, `"MOBILE"`, `"mobile"`))), []string{"/devices/*/type: ", "allowed values", `got "mobile"`}},
		"missing field":            {list("", page(replaced(device, `"model":"iPhone 15 Pro",`, ""))), []string{`"model" is missing`}},
		"null where none may be":   {list("", page(replaced(device, `"홍길동"`, "null"))), []string{"/devices/*/user/userName: ", "not nullable"}},
		"null list":                {list("", `{"devices":null}`), []string{"/devices: ", "not nullable"}},
		"time without offset":      {list("", page(replaced(device, "+09:00", ""))), []string{"/devices/*/lastAccessTime: "}},
		"number as text":           {list("", page(replaced(device, "10000001", `"10000001"`))), []string{"/devices/*/domainId: "}},
		"repeated property":        {list("", page(replaced(device, `"model"`, `"deviceId":"x","model"`))), []string{"duplicate"}},
		"status of external MDM":   {list("", page(replaced(device, "NAVER_WORKS", "EXTERNAL"))), []string{"/devices/*/mdm: ruled out: ", "R4"}},
		"Vendor ID without MDM":    {list("", page(replaced(replaced(device, "NAVER_WORKS", "NONE"), `"REGISTERED"`, `"UNREGISTERED"`))), []string{"/devices/*: ruled out: ", "R5"}},
		"failed without code":      {exchange{method: "POST", target: "/v1.0/security/devices/update-notifications", header: key(), body: `{"domainId":1,"type":"PC","deviceIds":["d1"]}`, answer: `{"results":[{"deviceId":"d1","status":"FAILED"}]}`}, []string{"/results/*: "}},
		"unlisted status":          {exchange{target: "/v1.0/security/devices", status: 418, answer: `{"code":"TEAPOT","description":"d"}`}, []string{"answer 418", "status not in the contract"}},
		"unlisted redirect":        {exchange{target: "/v1.0/security/devices", status: 301}, []string{"answer 301", "status not in the contract"}},
		"code of another status":   {exchange{target: "/v1.0/security/devices", status: 404, answer: `{"code":"DEVICE_NOT_EXIST","description":"d"}`}, []string{"answer 404", "/code: "}},
		"error without a body":     {exchange{target: "/v1.0/security/devices", status: 404}, []string{"answer 404", "Content-Type"}},
		"error that is not JSON":   {exchange{target: "/v1.0/security/devices", status: 404, mime: "text/plain", answer: "404 page not found"}, []string{"answer 404", "Content-Type"}},
		"body where none belongs":  {exchange{method: "POST", target: "/v1.0/security/devices/d1/mdm/enable", header: key(), status: 202, answer: "{}"}, []string{"a body where the contract has none"}},
		"rate limit not a number":  {exchange{target: "/v1.0/users", answer: `{"users":[]}`, answerHeader: map[string]string{"RateLimit-Reset": "soon"}}, []string{"RateLimit-Reset"}},
		"no Location":              {exchange{target: "/v1.0/audits/logs/download?service=auth&startTime=2026-11-01T00:00:00Z&endTime=2026-11-02T00:00:00Z", status: 302}, []string{`"Location" missing`}},
		"negative expires_in":      {token("grant_type=refresh_token&refresh_token=a&client_id=c&client_secret=s", `{"access_token":"t","token_type":"Bearer","expires_in":-1}`), []string{"/expires_in: no alternative fits"}},
		"unknown path":             {exchange{target: "/v1.0/security/phones", status: 404}, []string{"GET /v1.0/security/phones: request: not in the contract"}},
		"path without its prefix":  {exchange{target: "/security/devices", answer: page("")}, []string{"request: not in the contract"}},
		"operation of other base":  {exchange{target: "/oauth2/v2.0/users", status: 404}, []string{"request: not in the contract"}},
		"wrong method":             {exchange{method: "DELETE", target: "/v1.0/security/devices/d1", status: 204}, []string{"request: not in the contract"}},
		"unknown query parameter":  {list("?osVersoin=17", page("")), []string{`request: query parameter "osVersoin" is not in the contract`}},
		"repeated query parameter": {list("?count=10&count=20", page("")), []string{`query parameter "count" is repeated`}},
		"query enum":               {list("?type=mobile", page("")), []string{"query parameter type: ", `got "mobile"`}},
		"count over the limit":     {list("?count=1001", page("")), []string{"query parameter count: "}},
		"unescaped plus":           {list("?cursor=a+b==", page("")), []string{"query parameter cursor: "}},
		"empty query parameter":    {list("?keyword=", page("")), []string{"query parameter keyword: "}},
		"no Idempotency-Key":       {wipe(nil, `{"reason":"r"}`), []string{"POST /v1.0/security/devices/d1/wipe: request: header parameter Idempotency-Key: "}},
		"key that is no UUID":      {wipe(map[string]string{"Idempotency-Key": "1"}, `{"reason":"r"}`), []string{"header parameter Idempotency-Key: "}},
		"key sent twice":           {wipe(map[string]string{"Idempotency-Key": uuid, "idempotency-key": uuid}, `{"reason":"r"}`), []string{"header Idempotency-Key is repeated"}},
		"no reason":                {wipe(key(), `{}`), []string{"request: body: ", `"reason" is missing`}},
		"unknown request property": {wipe(key(), `{"reason":"r","force":true}`), []string{"request: body.force is not in the contract"}},
		"no request body":          {wipe(key(), ""), []string{"request: body: "}},
		"body to an empty request": {exchange{method: "POST", target: "/v1.0/security/devices/d1/mdm/enable", header: key(), body: `{"mode":"x"}`, status: 202}, []string{"request body not allowed"}},
		"no bearer token":          {exchange{target: "/v1.0/security/mdm", header: map[string]string{"Authorization": ""}, answer: `{"domainId":1,"mode":"OPTIONAL","externalMdm":false}`}, []string{"no header Authorization"}},
		"property of other kind":   {exchange{method: "POST", target: "/v1.0/bots/1/users/u/messages", header: key(), body: `{"content":{"type":"text","text":"t","actions":[]}}`, status: 201}, []string{"body.content.actions is not in the contract"}},
		"external key to a bot":    {exchange{method: "POST", target: "/v1.0/bots/1/users/externalKey:k/messages", header: key(), body: `{"content":{"type":"text","text":"t"}}`, status: 201}, []string{"path parameter userId: ", "externalKey:k"}},
		"grant without its field":  {token("grant_type=authorization_code&client_id=c&client_secret=s", `{"access_token":"t","token_type":"Bearer","expires_in":1}`), []string{"request: body: "}},
		"unknown form field":       {token("grant_type=refresh_token&refresh_token=a&client_id=c&client_secret=s&assertoin=x", `{"access_token":"t","token_type":"Bearer","expires_in":1}`), []string{"body.assertoin is not in the contract"}},
		"a form sent as JSON":      {exchange{method: "POST", target: "/oauth2/v2.0/revoke", body: "{}"}, []string{"Content-Type"}},
	}
	v := wiretest.Validator(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ends := map[string][]string{
				"server": test.run(t, v, strictly, nil),
				"client": test.run(t, v, nil, strictly),
			}
			for end, said := range ends {
				if len(said) != 1 {
					t.Errorf("%s: %d reports, want 1: %q", end, len(said), said)
				}
				for _, part := range test.want {
					if !strings.Contains(strings.Join(said, "\n"), part) {
						t.Errorf("%s: %q lacks %q", end, said, part)
					}
				}
			}
		})
	}
}

func TestManyWrongRowsAreOneShortReport(t *testing.T) {
	row := replaced(device, "serialNumber", "serial_number")
	said := list("", page(row+strings.Repeat(","+row, 99))).run(t, wiretest.Validator(t), strictly, nil)
	if len(said) != 1 || len(said[0]) > 400 {
		t.Errorf("reports: %q", said)
	}
}

func TestAllowances(t *testing.T) {
	unknown := func(v *wiretest.V) *wiretest.V { return v.AllowUnknown("/_sandbox/", "/v1.0/nothing") }
	bad := (*wiretest.V).ExpectBadRequests
	faults := (*wiretest.V).AllowFaults
	refused := exchange{target: "/v1.0/security/devices?count=0", status: 400, answer: `{"code":"OUT_OF_RANGE","description":"d"}`}
	accepted := list("?count=0", page(""))
	tests := map[string]struct {
		exchange
		allow func(*wiretest.V) *wiretest.V
		want  int
	}{
		"unknown path that is allowed":     {exchange{target: "/_sandbox/clock", answer: "{}"}, unknown, 0},
		"unknown path that is not":         {exchange{target: "/v1.0/other", status: 404}, unknown, 1},
		"known path is still validated":    {list("", `{}`), func(v *wiretest.V) *wiretest.V { return v.AllowUnknown("/") }, 1},
		"bad request, refused":             {refused, bad, 0},
		"bad request, accepted":            {accepted, bad, 1},
		"bad request, refused wrongly":     {exchange{target: "/v1.0/security/devices?count=0", status: 400, answer: `{"code":"NO_SUCH"}`}, bad, 1},
		"status of a proxy":                {exchange{target: "/v1.0/users", status: 502, mime: "text/html", answer: "<h1>"}, faults, 0},
		"error without a body":             {exchange{target: "/v1.0/security/devices", status: 404}, faults, 0},
		"answer that is not JSON":          {exchange{target: "/v1.0/users", mime: "text/html", answer: "<h1>"}, faults, 0},
		"cut answer":                       {exchange{target: "/v1.0/users", answer: `{"users":[`}, faults, 0},
		"readable answer, still validated": {exchange{target: "/v1.0/users", answer: `{"user":[]}`}, faults, 1},
		"unlisted status, still validated": {exchange{target: "/v1.0/users", status: 418}, faults, 1},
		"request, still validated":         {exchange{target: "/v1.0/users?x=1", status: 502}, faults, 1},
	}
	v := wiretest.Validator(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for end, said := range map[string][]string{"server": test.run(t, v, test.allow, nil), "client": test.run(t, v, nil, test.allow)} {
				if len(said) != test.want {
					t.Errorf("%s: %d reports, want %d: %q", end, len(said), test.want, said)
				}
			}
		})
	}
}

// A body that breaks off reaches the client as it came, with its error, and is
// a violation unless faults are allowed.
func TestCutBodies(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"users":[`)
	}))
	defer srv.Close()
	for want, allow := range []func(*wiretest.V) *wiretest.V{(*wiretest.V).AllowFaults, strictly} {
		tb := &listener{TB: t}
		client := http.Client{Transport: allow(wiretest.Validator(tb)).RoundTripper(nil)}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/v1.0/users", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer t")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if string(got) != `{"users":[` || err == nil {
			t.Errorf("read %q, %v", got, err)
		}
		if len(tb.said) != want {
			t.Errorf("%d reports, want %d: %q", len(tb.said), want, tb.said)
		}
	}
}

// The handler behind the validator can flush and hijack; a hijacked answer is
// not looked at.
func TestHandlerKeepsTheConnectionsAbilities(t *testing.T) {
	tb := &listener{TB: t}
	srv := httptest.NewServer(wiretest.Validator(tb).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1.0/users" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"users":`)
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			_, _ = io.WriteString(w, `[]}`)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.Close()
	})))
	get := func(path string) (string, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer t")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return "", err
		}
		defer func() { _ = resp.Body.Close() }()
		var b bytes.Buffer
		_, err = b.ReadFrom(resp.Body)
		return b.String(), err
	}
	if got, err := get("/v1.0/users"); got != `{"users":[]}` || err != nil {
		t.Errorf("flushed answer: %q, %v", got, err)
	}
	if got, err := get("/v1.0/security/mdm"); err == nil {
		t.Errorf("hijacked connection answered %q", got)
	}
	srv.Close()
	if len(tb.said) > 0 {
		t.Errorf("violations: %q", tb.said)
	}
}
