package wiretest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/worksctl/worksctl/internal/wiretest"
)

const (
	device = `{"deviceId":"5e0c2f8e-6f0b-4d0e-9a44-3b1f8b5d2c10","domainId":10000001,"type":"MOBILE","model":"iPhone 15 Pro",
		"vendorId":"3F2504E0-4F89-11D3-9A0C-0305E82C3301","serialNumber":null,
		"user":{"userId":"u1","email":"gildong.hong@example.com","userName":"홍길동"},"os":{"type":"IOS","version":"18.1"},
		"app":{"type":"WORKS_MOBILE","version":"4.2.1"},"mdm":{"status":"REGISTERED","provider":"NAVER_WORKS"},
		"lastAccessTime":"2026-11-20T10:15:00+09:00"}`
	command = `{"commandId":"c1","deviceId":"d1","type":"WIPE","status":"REQUESTED","idempotencyKey":null,"reason":"분실",
		"requestedBy":"admin","requestedTime":"2026-11-21T02:04:11+09:00"}`
	uuid = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
	jwt  = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
)

// exchange is a request and the answer that the handler gives to it.
type exchange struct {
	method, target string // POST by default when there is a body
	header         map[string]string
	body           string
	status         int // 200 by default
	mime           string
	answer         string
	answerHeader   map[string]string
}

func list(query, answer string) exchange {
	return exchange{target: "/v1.0/security/devices" + query, answer: answer}
}

func wipe(header map[string]string, body string) exchange {
	return exchange{
		method: "POST", target: "/v1.0/security/devices/d1/wipe", header: header, body: body,
		status: http.StatusAccepted, answer: command,
	}
}

func key() map[string]string { return map[string]string{"Idempotency-Key": uuid} }

func token(form, answer string) exchange {
	return exchange{
		method: "POST", target: "/oauth2/v2.0/token", body: form, answer: answer,
		header: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Authorization": ""},
	}
}

func (x exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if got, err := io.ReadAll(r.Body); err != nil || string(got) != x.body {
		panic(fmt.Sprintf("the handler got %q, %v; sent was %q", got, err, x.body))
	}
	for name, value := range x.answerHeader {
		w.Header()[name] = []string{value}
	}
	if x.answer != "" {
		w.Header().Set("Content-Type", or(x.mime, "application/json; charset=UTF-8"))
	}
	if x.status != 0 {
		w.WriteHeader(x.status)
	}
	_, _ = io.WriteString(w, x.answer)
}

// run sends x from a client to a server, each of which may be validated, and
// returns what the validators said of it.
func (x exchange) run(t *testing.T, v *wiretest.V, server, client func(*wiretest.V) *wiretest.V) (said []string) {
	t.Helper()
	tb := &listener{TB: t}
	v = v.With(tb)
	var h http.Handler = x
	if server != nil {
		h = server(v).Handler(h)
	}
	srv := httptest.NewServer(h)
	transport := http.DefaultTransport
	if client != nil {
		transport = client(v).RoundTripper(nil)
	}
	req, err := http.NewRequestWithContext(t.Context(), or(x.method, "GET"), srv.URL+x.target, strings.NewReader(x.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header["Authorization"] = []string{"Bearer t"}
	if x.body != "" {
		req.Header["Content-Type"] = []string{"application/json"}
	}
	for name, value := range x.header {
		if value == "" {
			delete(req.Header, name)
			continue
		}
		req.Header[name] = []string{value}
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || string(got) != x.answer {
		t.Errorf("the client got %q, %v; written was %q", got, err, x.answer)
	}
	srv.Close() // the handler has reported when this returns
	return tb.said
}

// listener hears what a test would be failed with.
type listener struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

func (l *listener) Errorf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, fmt.Sprintf(format, args...))
}

func strictly(v *wiretest.V) *wiretest.V { return v }

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// replaced returns text with one replacement that must have happened.
func replaced(text, old, by string) string {
	if !strings.Contains(text, old) {
		panic("nothing to replace: " + old)
	}
	return strings.Replace(text, old, by, 1)
}
