package sandbox_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
)

func TestBrowserSignIn(t *testing.T) {
	f := open(t)
	const back = "http://127.0.0.1:53682/callback"
	query := url.Values{"client_id": {"app"}, "redirect_uri": {back}, "scope": {"security.device.read"},
		"response_type": {"code"}, "state": {"a+b/c="}}
	authorize := func(q url.Values) reply {
		return f.do(http.MethodGet, sandbox.AuthPath+"/authorize?"+q.Encode(), nil)
	}
	location, err := url.Parse(authorize(query).want(302).header.Get("Location"))
	if err != nil || !strings.HasPrefix(location.String(), back+"?") || location.Query().Get("state") != "a+b/c=" {
		t.Fatalf("Location %v, %v", location, err)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {location.Query().Get("code")},
		"client_id": {"app"}, "client_secret": {"s"}, "redirect_uri": {back}}
	wrong := maps.Clone(form)
	wrong.Set("redirect_uri", "http://127.0.0.1:1/callback")
	f.tokenFor(wrong).want(400, "invalid_grant")
	form.Set("redirect_uri", back)
	var got token
	f.tokenFor(form).want(200).into(&got)
	if got.RefreshToken == "" || got.Scope != "security.device.read" {
		t.Errorf("%+v", got)
	}
	f.devicesWith(got.AccessToken).want(200)
	f.tokenFor(form).want(400, "invalid_grant") // a code is good once

	location, _ = url.Parse(authorize(query).want(302).header.Get("Location"))
	form.Set("code", location.Query().Get("code"))
	f.clock.pass(10 * time.Minute)
	f.tokenFor(form).want(400, "invalid_grant")

	query.Set("redirect_uri", "https://example.com/callback")
	authorize(query).want(400, "invalid_request")
	query.Set("redirect_uri", back)
	query.Set("scope", "everything")
	if l := authorize(query).want(302).header.Get("Location"); !strings.Contains(l, "error=invalid_scope") {
		t.Errorf("Location %s", l)
	}
}

// The challenge of RFC 7636, with the verifier of its appendix B.
func TestBrowserSignInWithAChallenge(t *testing.T) {
	f := open(t)
	const back, verifier = "http://127.0.0.1:53682/callback", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	authorize := func(challenge, method string) reply {
		t.Helper()
		q := url.Values{"client_id": {"app"}, "redirect_uri": {back}, "scope": {"user.read"}, "response_type": {"code"}, "state": {"s"}}
		if challenge != "" {
			q.Set("code_challenge", challenge)
			q.Set("code_challenge_method", method)
		}
		return f.do(http.MethodGet, sandbox.AuthPath+"/authorize?"+q.Encode(), nil)
	}
	const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	for name, tt := range map[string]struct {
		challenge, verifier string
		good                bool
	}{
		"its verifier":     {challenge, verifier, true},
		"another verifier": {challenge, strings.Repeat("x", 43), false},
		"no verifier":      {challenge, "", false},
		"no challenge":     {"", verifier, false},
		"neither":          {"", "", true},
	} {
		location, err := url.Parse(authorize(tt.challenge, "S256").want(302).header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {"app"}, "client_secret": {"s"}, "redirect_uri": {back},
			"code": {location.Query().Get("code")}}
		if tt.verifier != "" {
			form.Set("code_verifier", tt.verifier)
		}
		if got := f.tokenFor(form); (got.status == 200) != tt.good || !tt.good && !strings.Contains(string(got.body), "invalid_grant") {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	authorize(challenge, "plain").want(400, "invalid_request")
}
