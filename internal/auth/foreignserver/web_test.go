package foreignserver_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/auth/foreignserver"
	"github.com/worksctl/worksctl/pkg/api"
)

// signIn signs a member in with a browser.
func (p place) signIn(t *testing.T, s *auth.Server, allow bool, scopes ...string) (got auth.Token, page string, err error) {
	t.Helper()
	seen := make(chan struct{})
	got, err = auth.SignInWeb(t.Context(), s, auth.WebOptions{
		ClientID: p.a.ID, ClientSecret: api.NewSecret(p.a.Secret), Scopes: scopes,
		Open: func(ctx context.Context, link string) (err error) {
			defer close(seen)
			page, err = foreignserver.Browse(ctx, link, allow)
			return err
		},
	})
	<-seen
	return got, page, err
}

func (p place) refresh(t *testing.T, refresh api.Secret) (auth.Token, error) {
	t.Helper()
	return p.server(start()).Refresh(t.Context(), p.a.ID, api.NewSecret(p.a.Secret), refresh)
}

func TestSignInWeb(t *testing.T) {
	p := newPlace(t)
	got, page, err := p.signIn(t, p.server(start()), true, act, read)
	p.wantToken(t, p.a, "member@example.com", got, err)
	if !strings.Contains(page, "close this window") {
		t.Errorf("the browser shows %s", page)
	}
}

// A server may leave scopes out, and says so in its answer.
func TestScopesLeftOut(t *testing.T) {
	p := newPlace(t)
	got, _, err := p.signIn(t, p.server(start()), true, read, "scope.of.nobody")
	if err != nil || got.Scope != read {
		t.Errorf("%q, %v", got.Scope, err)
	}
}

func TestSignInWebRefused(t *testing.T) {
	p := newPlace(t)
	_, page, err := p.signIn(t, p.server(start()), false, read)
	wantRefusal(t, err, "access_denied", "refuses the browser sign-in")
	if !strings.Contains(page, "You are not signed in") {
		t.Errorf("the browser shows %s", page)
	}
	_, _, err = p.signIn(t, p.server(start()), true, read, other)
	wantRefusal(t, err, "invalid_scope", "not allowed")
	_, _, err = p.signIn(t, p.changing(func(form url.Values) { form.Set("code_verifier", strings.Repeat("x", 52)) }), true, read)
	wantRefusal(t, err, "invalid_grant", "refuses the browser sign-in")
	_, _, err = p.signIn(t, p.changing(func(form url.Values) { form.Set("redirect_uri", "http://127.0.0.1:1/callback") }), true, read)
	wantRefusal(t, err, "invalid_grant", "")
}

// A code is good once, and somebody who uses it again ends what was made from it.
func TestCodeTwice(t *testing.T) {
	p := newPlace(t)
	var sent url.Values
	got, _, err := p.signIn(t, p.changing(func(form url.Values) { sent = form }), true, act, read)
	p.wantToken(t, p.a, "member@example.com", got, err)
	_, err = p.server(start()).Code(t.Context(), p.a.ID, api.NewSecret(p.a.Secret), sent.Get("code"), sent.Get("redirect_uri"), sent.Get("code_verifier"))
	wantRefusal(t, err, "invalid_grant", "")
	_, err = p.refresh(t, got.Refresh)
	wantRefusal(t, err, "invalid_grant", "worksctl auth login --web")
}

func TestRefreshWithRotation(t *testing.T) {
	p := newPlace(t)
	first, _, err := p.signIn(t, p.server(start()), true, act, read)
	p.wantToken(t, p.a, "member@example.com", first, err)
	second, err := p.refresh(t, first.Refresh)
	p.wantToken(t, p.a, "member@example.com", second, err)
	third, err := p.refresh(t, second.Refresh)
	p.wantToken(t, p.a, "member@example.com", third, err)
	if first.Refresh.Reveal() == second.Refresh.Reveal() || second.Refresh.Reveal() == third.Refresh.Reveal() {
		t.Error("the server keeps the refresh token: the test shows nothing")
	}
	_, err = p.refresh(t, first.Refresh) // as somebody who has stolen it
	wantRefusal(t, err, "invalid_grant", "refuses the refresh token")
	_, err = p.refresh(t, third.Refresh)
	wantRefusal(t, err, "invalid_grant", "")
}

func TestTokenEnds(t *testing.T) {
	p := newPlace(t)
	got, err := p.server(start()).ServiceAccount(t.Context(), account(p.a, key2048()))
	p.wantToken(t, p.a, p.a.Account, got, err)
	p.SetTime(got.Expires.Add(-time.Second))
	if !p.Introspect(p.a, got.Access.Reveal()).Active {
		t.Error("it has ended too early")
	}
	p.SetTime(got.Expires)
	if p.Introspect(p.a, got.Access.Reveal()).Active {
		t.Error("it has not ended")
	}
}

func TestRevoke(t *testing.T) {
	p := newPlace(t)
	s, secret := p.server(start()), api.NewSecret(p.a.Secret)
	got, _, err := p.signIn(t, s, true, act, read)
	p.wantToken(t, p.a, "member@example.com", got, err)
	wantRefusal(t, s.Revoke(t.Context(), p.a.ID, api.NewSecret("canary-old-secret"), got.Refresh, "refresh_token"), "invalid_client", "")
	for range 2 { // the second time it is unknown, which is no error
		if err := s.Revoke(t.Context(), p.a.ID, secret, got.Refresh, "refresh_token"); err != nil {
			t.Error(err)
		}
	}
	_, err = p.refresh(t, got.Refresh)
	wantRefusal(t, err, "invalid_grant", "refuses the refresh token")
	if p.Introspect(p.a, got.Access.Reveal()).Active {
		t.Error("the access token has outlived its refresh token")
	}
	of, err := s.ServiceAccount(t.Context(), account(p.a, key2048()))
	p.wantToken(t, p.a, p.a.Account, of, err)
	if err := s.Revoke(t.Context(), p.a.ID, secret, of.Access, "access_token"); err != nil || p.Introspect(p.a, of.Access.Reveal()).Active {
		t.Errorf("%v", err)
	}
}
