package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/pkg/api"
)

// tokens counts renewals: tok-1, tok-2 …
type tokens struct {
	mu      sync.Mutex
	n       int
	refused []string
	err     error
}

func (s *tokens) Token(context.Context) (api.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return api.NewSecret(fmt.Sprintf("tok-%d", s.n+1)), nil
}

func (s *tokens) Renew(_ context.Context, refused api.Secret) (api.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = append(s.refused, refused.Reveal())
	if s.err != nil {
		return api.Secret{}, s.err
	}
	s.n++
	return api.NewSecret(fmt.Sprintf("tok-%d", s.n+1)), nil
}

func bearers(b *backend) []string {
	var out []string
	for _, r := range b.seen() {
		out = append(out, r.Header.Get("Authorization"))
	}
	return out
}

func TestTokenIsRenewedOnce(t *testing.T) {
	src := &tokens{}
	b := newBackend(t, refuse(401, "UNAUTHORIZED"), sendJSON(202, `{"commandId":"c1"}`))
	cmd, err := act(t, b, func(o *api.Options) { o.Tokens = src })
	if err != nil || cmd.CommandID != "c1" {
		t.Fatalf("%v, %v", cmd, err)
	}
	if diff := cmp.Diff([]string{"Bearer tok-1", "Bearer tok-2"}, bearers(b)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`{"reason":"lost"}`, `{"reason":"lost"}`}, b.bodies); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"tok-1"}, src.refused); diff != "" {
		t.Error(diff)
	}
}

func TestSecond401IsFinal(t *testing.T) {
	b := newBackend(t, refuse(401, "UNAUTHORIZED"))
	_, err := act(t, b, func(o *api.Options) { o.Tokens = &tokens{} })
	e, ok := errors.AsType[*api.Error](err)
	if !ok || e.Status != 401 || !errors.Is(err, api.ErrUnauthorized) || b.count() != 2 {
		t.Errorf("%v after %d requests", err, b.count())
	}
	if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown {
		t.Error("a 401 was not carried out")
	}
}

func TestRenewalFails(t *testing.T) {
	b := newBackend(t, refuse(401, "UNAUTHORIZED"))
	_, err := act(t, b)
	if !errors.Is(err, api.ErrTokenRefused) || !errors.Is(err, api.ErrUnauthorized) || b.count() != 1 {
		t.Errorf("%v after %d requests", err, b.count())
	}
	if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown {
		t.Error("a 401 was not carried out")
	}
}

func TestTokenStaysAtHome(t *testing.T) {
	other := newBackend(t, sendJSON(200, `{"deviceId":"d1"}`))
	home := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/elsewhere?sig=1", http.StatusFound)
	})
	c, _ := newClient(t, home.URL)
	if _, err := c.Devices.Get(t.Context(), "d1"); err == nil || other.count() != 0 {
		t.Errorf("another host was asked about a device: %v", err)
	}
	if _, err := c.Raw(t.Context(), api.RawRequest{Path: "/a"}); err != nil {
		t.Fatal(err)
	}
	got := other.seen()[0].Header
	if got.Get("Authorization") != "" || got.Get("Referer") != "" {
		t.Errorf("the other host got %v", got)
	}
	if home.seen()[0].Header.Get("Authorization") != "Bearer tok-1" {
		t.Error("home got no token")
	}

	if _, err := act(t, home); err == nil || other.count() != 1 {
		t.Errorf("an acting request followed a redirect: %v", err)
	}
}

func TestRedirectAtHomeKeepsToken(t *testing.T) {
	b := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/security/devices/d2", http.StatusTemporaryRedirect)
	}, sendJSON(200, `{"deviceId":"d2"}`))
	c, _ := newClient(t, b.URL)
	if _, err := c.Devices.Get(t.Context(), "d1"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Bearer tok-1", "Bearer tok-1"}, bearers(b)); diff != "" {
		t.Error(diff)
	}
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	for name, tc := range map[string]struct{ to, says string }{
		"plain http": {"http://example.com/login", "plain http"},
		"a loop":     {"/security/devices/d1", "10 redirects"},
	} {
		b := newBackend(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, tc.to, http.StatusFound) })
		c, _ := newClient(t, b.URL)
		_, err := c.Devices.Get(t.Context(), "d1")
		if err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBaseURL(t *testing.T) {
	for url, says := range map[string]string{
		"https://www.worksapis.com/v1.0":  "",
		"https://www.worksapis.com/v1.0/": "",
		"http://127.0.0.1:8080":           "",
		"http://127.8.9.1:8080":           "",
		"http://[::1]:8080/v1":            "",
		"http://LOCALHOST/v1":             "",
		"http://www.worksapis.com":        "plain http",
		"http://127.0.0.1.example.com":    "plain http",
		"http://localhost.example.com":    "plain http",
		"http://10.0.0.1":                 "plain http",
		"http://[::2]":                    "plain http",
		"ftp://example.com":               "https://",
		"www.worksapis.com":               "no host",
		"https:www.worksapis.com":         "no host",
		"":                                "no host",
		"https://":                        "no host",
		"https://me:pw@example.com":       "password",
		"https://example.com/?x=1":        "query",
		"https://example.com/#x":          "fragment",
		"https://exa mple.com":            "not a URL",
	} {
		_, err := api.New(api.Options{BaseURL: url, Tokens: &tokens{}, Now: newClock().Now})
		if says == "" {
			if err != nil {
				t.Errorf("%q: %v", url, err)
			}
			continue
		}
		if _, ok := errors.AsType[*api.BaseURLError](err); !ok || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "pw") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for says, o := range map[string]api.Options{
		"Tokens":  {BaseURL: "https://example.com", Now: newClock().Now},
		"Now":     {BaseURL: "https://example.com", Tokens: &tokens{}},
		"Timeout": {BaseURL: "https://example.com", Tokens: &tokens{}, Now: newClock().Now, Timeout: -1},
	} {
		if _, err := api.New(o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	s := api.NewSecret("hunter2")
	nested := struct{ hidden, Open api.Secret }{s, s}
	raw, err := s.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{
		fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s), fmt.Sprintf("%v %+v %#v", nested, nested, nested),
		s.LogValue().String(), string(raw), string(text), s.String(), s.GoString(),
	} {
		if strings.Contains(got, "hunter2") || strings.Contains(got, "68756e") {
			t.Errorf("printed %q", got)
		}
	}
	if s.Reveal() != "hunter2" || (api.Secret{}).Reveal() != "" {
		t.Error("Reveal")
	}
}

// A call renews its token once, whatever else goes wrong with it.
func TestOneRenewalForAllAttempts(t *testing.T) {
	b := newBackend(t, refuse(401, "UNAUTHORIZED"), refuse(502, ""), refuse(401, "UNAUTHORIZED"), sendJSON(200, `{"deviceId":"d"}`))
	source := &tokens{}
	c, _ := newClient(t, b.URL, func(o *api.Options) { o.Tokens = source })
	_, err := c.Devices.Get(t.Context(), "d")
	if !errors.Is(err, api.ErrUnauthorized) || b.count() != 3 {
		t.Errorf("%v after %d requests", err, b.count())
	}
	if diff := cmp.Diff([]string{"Bearer tok-1", "Bearer tok-2", "Bearer tok-2"}, bearers(b)); diff != "" {
		t.Error(diff)
	}
}
