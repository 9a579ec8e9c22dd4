package standin_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/standin"
	"github.com/worksctl/worksctl/internal/wiretest"
	"github.com/worksctl/worksctl/pkg/api"
)

// clock is one clock for both sides, moved by waiting.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time {
	return time.Date(2026, 11, 22, 9, 0, 0, 0, time.FixedZone("", 9*60*60)).Add(time.Duration(c.ahead.Load()))
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.ahead.Add(int64(d))
	return context.Cause(ctx)
}

const (
	botID   = 2000001
	outside = 9 // the place of a member whom the bot isn't opened to
)

// start starts a stand-in that is judged by docs/openapi.yaml.
func start(t *testing.T, c *clock, change func(*standin.Options)) *standin.Service {
	t.Helper()
	members := standin.Directory(250)
	o := standin.Options{
		Now: c.now, Members: members, Bots: []standin.Bot{{ID: botID, Outside: []string{members[outside].UserID}}},
		Wrap: wiretest.Validator(t).AllowUnknown("/").AllowFaults().ExpectBadRequests().Handler,
	}
	if change != nil {
		change(&o)
	}
	s, err := standin.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// client is the real one, judged too. It may retry.
func client(t *testing.T, s *standin.Service, c *clock, token api.Secret) *api.Client {
	t.Helper()
	made, err := api.New(api.Options{
		BaseURL: s.APIURL(), Tokens: api.StaticToken(token), Now: c.now, Sleep: c.sleep,
		Transport: wiretest.Validator(t).AllowUnknown("/").AllowFaults().RoundTripper(nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// app registers an app with a key of its own.
func app(t *testing.T, o *standin.Options) auth.ServiceAccount {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	const secret, account = "acme-secret", "acme.serviceaccount@example.com"
	o.Apps = map[string]standin.App{"acme": {Secret: secret, ServiceAccount: account, Key: &key.PublicKey}}
	return auth.ServiceAccount{ClientID: "acme", ClientSecret: api.NewSecret(secret), Account: account, PrivateKey: der, Scopes: standin.Scopes()}
}

// ask sends a request by hand: method, path, body, and headers as name and
// value.
func ask(t *testing.T, s *standin.Service, token, method, path, body string, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(s.APIURL(), standin.APIPath)+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", "6fa459ea-ee8a-4ca4-894e-db77e160355e")
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	plain := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := plain.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}
