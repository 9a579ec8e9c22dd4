package auth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

func secretOf(text string) api.Secret { return api.NewSecret(text) }

func TestAnswers(t *testing.T) {
	day := start().Add(24 * time.Hour)
	for _, c := range []struct {
		name, body string
		want       time.Time
		scope      string
		refresh    string
		fault      string
	}{
		{name: "seconds as text", body: `{"access_token":"a","refresh_token":"r","expires_in":"86400","token_type":"Bearer","scope":"x,y z"}`, want: day, scope: "x y z", refresh: "r"},
		{name: "seconds as number", body: `{"access_token":"a","expires_in":86400,"token_type":"bearer"}`, want: day},
		{name: "seconds with a fraction", body: `{"access_token":"a","expires_in":86400.0}`, want: day},
		{name: "unknown fields", body: `{"access_token":"a","expires_in":86400,"id_token":{"x":[1]}}`, want: day},
		{name: "no life", body: `{"access_token":"a"}`},
		{name: "null", body: `{"access_token":"a","expires_in":null}`},
		{name: "zero", body: `{"access_token":"a","expires_in":0}`},
		{name: "for ever", body: `{"access_token":"a","expires_in":1e99}`, want: start().Add(10 * 365 * 24 * time.Hour)},
		{name: "no number", body: `{"access_token":"a","expires_in":"soon"}`, fault: "expires_in"},
		{name: "an object", body: `{"access_token":"a","expires_in":{}}`, fault: "expires_in"},
		{name: "no token", body: `{"expires_in":1}`, fault: "access_token"},
		{name: "header in the token", body: `{"access_token":"canary\r\nX: y"}`, fault: "access_token"},
		{name: "another type", body: `{"access_token":"canary","token_type":"mac"}`, fault: "token_type"},
		{name: "cut but framed as whole", body: `{"access_token":"canary`, fault: "unexpected EOF"},
		{name: "wrong kinds", body: `{"access_token":["canary"]}`, fault: "can't be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := scripted(t, jsonAnswer(200, c.body))
			got, err := refresh(t, s)
			if c.fault != "" {
				if _, ok := errors.AsType[*api.BackendError](err); !ok || !strings.Contains(err.Error(), c.fault) {
					t.Errorf("%v, want a fault of %s", err, c.fault)
				}
				clean(t, err)
				return
			}
			if err != nil || got.Access.Reveal() != "a" || got.Refresh.Reveal() != c.refresh || !got.Expires.Equal(c.want) || got.Scope != c.scope {
				t.Errorf("%+v until %v, %v", got, got.Expires, err)
			}
		})
	}
}

func TestRefresh(t *testing.T) {
	l := newLab(t, false, nil)
	got, err := l.server(0).Refresh(t.Context(), sandbox.BuiltInClientID, secretOf(sandbox.BuiltInClientSecret), secretOf(sandbox.BuiltInRefreshToken))
	if err != nil || !l.alive(got.Access) || got.Refresh.Reveal() != "" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = l.server(0).Refresh(t.Context(), sandbox.BuiltInClientID, secretOf(sandbox.BuiltInClientSecret), secretOf("canary"))
	if e, ok := errors.AsType[*auth.Error](err); !ok || e.Code != "invalid_grant" || !strings.Contains(e.Remedy(), "auth login --web") {
		t.Errorf("%v", err)
	}
}

func TestRevoke(t *testing.T) {
	l := newLab(t, false, nil)
	s, id, key := l.server(0), sandbox.BuiltInClientID, secretOf(sandbox.BuiltInClientSecret)
	got, err := s.Refresh(t.Context(), id, key, secretOf(sandbox.BuiltInRefreshToken))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it is unknown, which is no error
		if err := s.Revoke(t.Context(), id, key, got.Access, "access_token"); err != nil {
			t.Error(err)
		}
	}
	if l.alive(got.Access) {
		t.Error("the token still works")
	}
	err = s.Revoke(t.Context(), id, secretOf("canary-old"), got.Access, "access_token")
	if e, ok := errors.AsType[*auth.Error](err); !ok || e.Code != "invalid_client" {
		t.Errorf("%v", err)
	}
	clean(t, err, got.Access.Reveal())
}

// What is no OAuth answer is told apart, and nothing that was sent comes back.
func TestRefusals(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error":"invalid_request","error_description":"refresh %s of %s\n in %s"}`, form.Get("refresh_token"), form.Get("client_secret"), body)
	}
	long := strings.Repeat("좋", 200)
	for _, c := range []struct {
		name    string
		answer  http.HandlerFunc
		want    string
		refused bool
	}{
		{"OAuth error", jsonAnswer(400, `{"error":"invalid_grant","error_description":"expired\n today"}`), "refuses the refresh token: invalid_grant: expired today", true},
		{"status 200", jsonAnswer(200, `{"error":"invalid_grant"}`), "refuses the refresh token: invalid_grant", true},
		{"without details", jsonAnswer(401, ``), "401 Unauthorized", true},
		{"error of the API", jsonAnswer(403, `{"code":"ACCESS_DENIED","description":"not from here"}`), "ACCESS_DENIED: not from here", true},
		{"echo", echo, "refresh [redacted] of [redacted] in ", true},
		{"endless", jsonAnswer(400, `{"error":"x","error_description":"`+long+`"}`), "…", true},
		{"broken", answer(500, "text/html", "<h1>oops</h1>"), "the auth server failed: 500 Internal Server Error", false},
		{"busy", answer(429, "text/html", "wait"), "asks to wait: 429", false},
		{"redirect", answer(307, "text/html", "", "Location", "http://elsewhere.example/token?canary=1"), "redirects to http://elsewhere.example, where no credential is sent: check auth_url", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := scripted(t, c.answer)
			_, err := refresh(t, s)
			e, ok := errors.AsType[*auth.Error](err)
			if !ok || !strings.Contains(err.Error(), c.want) || e.Refused() != c.refused || strings.Contains(err.Error(), "\n") || len(err.Error()) > 500 {
				t.Errorf("%v, want %q", err, c.want)
			}
			clean(t, err)
		})
	}
	for _, status := range []int{200, 403} {
		s, _ := scripted(t, answer(status, "text/html; charset=utf-8", "<!doctype html><title>Sign in to the guest network</title>"))
		_, err := refresh(t, s)
		if e, ok := errors.AsType[*api.ContentError](err); !ok || e.Status != status || !strings.Contains(err.Error(), "text/html") {
			t.Errorf("%v", err)
		}
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	var elsewhere int
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	defer target.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		s, _ := scripted(t, answer(status, "text/html", "", "Location", target.URL+"/token"))
		if _, err := refresh(t, s); err == nil {
			t.Errorf("%d gives a token", status)
		}
		if err := s.Revoke(t.Context(), clientID, secretOf(secret), secretOf("canary"), "refresh_token"); err == nil {
			t.Errorf("%d revokes", status)
		}
	}
	if elsewhere != 0 {
		t.Errorf("%d requests went to another server", elsewhere)
	}
}

func TestPlainHTTPIsForLoopbackOnly(t *testing.T) {
	for _, address := range []string{"http://auth.example.com/oauth2/v2.0", "http://10.0.0.1", "ftp://127.0.0.1", "127.0.0.1:80", "https://u:canary@auth.example.com", ""} {
		s := auth.NewServer(address, &http.Client{Transport: noNetwork{t}}, start)
		_, err := refresh(t, s)
		_, skewErr := s.Skew(t.Context())
		_, webErr := auth.SignInWeb(t.Context(), s, auth.WebOptions{})
		for _, err := range []error{err, skewErr, webErr, s.Revoke(t.Context(), clientID, secretOf(secret), secretOf("x"), "")} {
			if _, ok := errors.AsType[*api.BaseURLError](err); !ok {
				t.Errorf("%s: %v", address, err)
			}
			clean(t, err)
		}
		if u := s.AuthorizeURL("a", "b", "c", "d", nil); u != "" {
			t.Errorf("%s: %s", address, u)
		}
	}
}

type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("a request to %s", r.URL.Host)
	return nil, errors.New("no network")
}

func TestRepeats(t *testing.T) {
	good := jsonAnswer(200, `{"access_token":"a"}`)
	half := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"access_token":"canary`)
	}
	bad := answer(502, "text/html", "")
	for _, c := range []struct {
		name     string
		answers  []http.HandlerFunc
		refresh  int // requests
		code     int
		fails    bool
		codeFail bool
	}{
		{"at once", []http.HandlerFunc{good}, 1, 1, false, false},
		{"dropped once", []http.HandlerFunc{drop, good}, 2, 1, false, true},
		{"dropped always", []http.HandlerFunc{drop}, 3, 1, true, true},
		{"cut body", []http.HandlerFunc{half, good}, 2, 1, false, true},
		{"gateway", []http.HandlerFunc{bad, bad, good}, 3, 1, false, true},
		{"gateway always", []http.HandlerFunc{bad}, 3, 1, true, true},
		{"busy", []http.HandlerFunc{jsonAnswer(429, ""), good}, 2, 2, false, false},
		{"busy for 5 s", []http.HandlerFunc{jsonAnswer(503, "", "Retry-After", "5"), good}, 2, 2, false, false},
		{"busy for an hour", []http.HandlerFunc{jsonAnswer(503, "", "Retry-After", "3600"), good}, 1, 1, true, true},
		{"refused", []http.HandlerFunc{jsonAnswer(400, `{"error":"invalid_grant"}`), good}, 1, 1, true, true},
		{"too large", []http.HandlerFunc{answer(200, "application/json", strings.Repeat(" ", 2<<20)), good}, 1, 1, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, asked := scripted(t, c.answers...)
			if _, err := refresh(t, s); asked() != c.refresh || (err != nil) != c.fails {
				t.Errorf("refresh: %d requests, %v", asked(), err)
			} else if err != nil {
				clean(t, err)
			}
			s, asked = scripted(t, c.answers...)
			if _, err := s.Code(t.Context(), clientID, secretOf(secret), "canary-code", "http://127.0.0.1:1/callback", "canary-verifier"); asked() != c.code || (err != nil) != c.codeFail {
				t.Errorf("code, which is good once: %d requests, %v", asked(), err)
			} else if err != nil {
				clean(t, err)
			}
		})
	}
}

// Where nothing listens, nothing was carried out.
func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	s := auth.NewServer(address, nil, start)
	waits := []time.Duration{}
	s.SetSleep(func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil })
	_, err := s.Code(t.Context(), clientID, secretOf(secret), "canary-code", "", "canary-verifier")
	e, ok := errors.AsType[*api.NetworkError](err)
	if !ok || e.Attempts != 3 || fmt.Sprint(waits) != "[500ms 1s]" {
		t.Errorf("%v after %v", err, waits)
	}
	clean(t, err)
}

func TestCallerGivesUp(t *testing.T) {
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	s, asked := scripted(t, func(http.ResponseWriter, *http.Request) { cancel(stop); panic(http.ErrAbortHandler) })
	_, err := s.Refresh(ctx, clientID, secretOf(secret), secretOf("canary"))
	if !errors.Is(err, stop) || asked() != 1 {
		t.Errorf("%v after %d requests", err, asked())
	}
}

func TestTimeLimit(t *testing.T) {
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-done }))
	t.Cleanup(func() { close(done); server.Close() })
	s := auth.NewServer(server.URL, &http.Client{Timeout: time.Millisecond}, start)
	s.SetSleep(noSleep)
	if _, err := s.Skew(t.Context()); !errors.Is(err, api.ErrTimeout) {
		t.Errorf("%v", err)
	}
}

// A refresh token may be good once: the answer to its use must not be lost.
func TestARefreshUnderWayIsFinished(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, asked := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		jsonAnswer(200, `{"access_token":"a","refresh_token":"next"}`)(w, r)
	})
	got, err := s.Refresh(ctx, "client", api.NewSecret("secret"), api.NewSecret("once"))
	if err != nil || got.Refresh.Reveal() != "next" || asked() != 1 {
		t.Errorf("%v: %d asked, %v", err, asked(), got)
	}
	if _, err := s.Refresh(ctx, "client", api.NewSecret("secret"), api.NewSecret("once")); !errors.Is(err, context.Canceled) || asked() != 1 {
		t.Errorf("after the end: %v, %d asked", err, asked())
	}
}
