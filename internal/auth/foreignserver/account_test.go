package foreignserver_test

import (
	"crypto/rsa"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/auth/foreignserver"
	"github.com/worksctl/worksctl/pkg/api"
)

func refusal(err error) *auth.Error {
	e, _ := errors.AsType[*auth.Error](err)
	return e
}

func TestServiceAccount(t *testing.T) {
	p := newPlace(t)
	for _, c := range []struct {
		of  foreignserver.Client
		key *rsa.PrivateKey
	}{{p.a, key2048()}, {p.b, key4096()}} {
		got, err := p.server(start()).ServiceAccount(t.Context(), account(c.of, c.key))
		p.wantToken(t, c.of, c.of.Account, got, err)
	}
}

func TestServiceAccountRefused(t *testing.T) {
	p := newPlace(t)
	for _, c := range []struct {
		name   string
		change func(*auth.ServiceAccount)
		code   string
		says   string
	}{
		{"another key", func(a *auth.ServiceAccount) { a.PrivateKey = account(p.a, wrong()).PrivateKey }, "invalid_grant", "signature verification failed"},
		{"another account", func(a *auth.ServiceAccount) { a.Account = p.b.Account }, "invalid_grant", `"sub" claim`},
		{"account and key of another client", func(a *auth.ServiceAccount) {
			a.Account, a.PrivateKey = p.b.Account, account(p.b, key4096()).PrivateKey
		}, "invalid_grant", "signature"},
		{"another secret", func(a *auth.ServiceAccount) { a.ClientSecret = api.NewSecret("canary-old-secret") }, "invalid_client", ""},
		{"secret of another client", func(a *auth.ServiceAccount) { a.ClientSecret = api.NewSecret(p.b.Secret) }, "invalid_client", ""},
		{"another client", func(a *auth.ServiceAccount) { a.ClientID = "app-c" }, "invalid_client", ""},
		{"a scope that it has not", func(a *auth.ServiceAccount) { a.Scopes = []string{read, other} }, "invalid_scope", "not allowed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := account(p.a, key2048())
			c.change(&a)
			_, err := p.server(start()).ServiceAccount(t.Context(), a)
			wantRefusal(t, err, c.code, c.says)
		})
	}
}

// The clocks may differ by a minute, which the verifier allows for, and by
// another where this machine's is ahead, for which worksctl does.
func TestClocks(t *testing.T) {
	p := newPlace(t)
	for ahead, fine := range map[time.Duration]bool{
		0: true, 59 * time.Second: true, -59 * time.Second: true, 119 * time.Second: true,
		10 * time.Minute: false, 2 * time.Hour: false, -2 * time.Hour: false,
	} {
		t.Run(ahead.String(), func(t *testing.T) {
			s := p.server(start().Add(ahead))
			if skew, err := s.Skew(t.Context()); err != nil || skew != ahead {
				t.Errorf("the clocks differ by %v, %v", skew, err)
			}
			_, err := s.ServiceAccount(t.Context(), account(p.a, key2048()))
			if fine {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantRefusal(t, err, "invalid_grant", "claim timestamp check failed")
			if e, ok := errors.AsType[*auth.SkewError](err); !ok || e.Skew != ahead {
				t.Errorf("%v", err)
			}
		})
	}
}

// change is a transport that changes forms on their way.
type change func(form url.Values)

func (f change) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	f(form)
	text := form.Encode()
	changed := r.Clone(r.Context())
	changed.Body, changed.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	return http.DefaultTransport.RoundTrip(changed)
}

func (p place) changing(f change) *auth.Server {
	return auth.NewServer(p.URL, &http.Client{Transport: f}, start)
}

// The judge is one: it takes no assertion that somebody has changed, or sent for
// another client.
func TestAssertionIsJudged(t *testing.T) {
	p := newPlace(t)
	part := func(form url.Values, i int, text string) {
		parts := strings.Split(form.Get("assertion"), ".")
		parts[i] = text
		form.Set("assertion", strings.Join(parts, "."))
	}
	for name, f := range map[string]change{
		"claims": func(form url.Values) { part(form, 1, "eyJpc3MiOiJhcHAtYSJ9") },                // {"iss":"app-a"}
		"header": func(form url.Values) { part(form, 0, "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0") }, // {"alg":"none","typ":"JWT"}
		"none":   func(form url.Values) { form.Del("assertion") },
		"issuer": func(form url.Values) { form.Set("client_id", p.b.ID); form.Set("client_secret", p.b.Secret) },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.changing(f).ServiceAccount(t.Context(), account(p.a, key2048()))
			wantRefusal(t, err, "invalid_grant", "")
		})
	}
}
