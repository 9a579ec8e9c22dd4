package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/exit"
)

// browse opens an address as a browser would, following redirects, and returns
// the page at the end.
func browse(ctx context.Context, address string) (status int, page string, header http.Header, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), resp.Header, err
}

// callback is the address that the auth server would send the browser to.
func callback(t *testing.T, authorize string, change func(url.Values)) string {
	t.Helper()
	u, err := url.Parse(authorize)
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{"state": {u.Query().Get("state")}}
	change(q)
	return u.Query().Get("redirect_uri") + "?" + q.Encode()
}

func webOptions(open func(context.Context, string) error) auth.WebOptions {
	return auth.WebOptions{ClientID: clientID, ClientSecret: secretOf(secret), Scopes: []string{"security.device.read", "user.read"}, Open: open}
}

func TestWebSignIn(t *testing.T) {
	l := newLab(t, false, nil)
	var address, page string
	var header http.Header
	seen := make(chan struct{})
	got, err := auth.SignInWeb(t.Context(), l.server(0), webOptions(func(ctx context.Context, a string) (err error) {
		defer close(seen)
		address = a
		_, page, header, err = browse(ctx, a)
		return err
	}))
	<-seen
	if err != nil || !l.alive(got.Access) || got.Refresh.Reveal() == "" || got.Scope != "security.device.read user.read" {
		t.Fatalf("%+v, %v", got, err)
	}
	u, _ := url.Parse(address)
	q := u.Query()
	redirect, _ := url.Parse(q.Get("redirect_uri"))
	if redirect.Hostname() != "127.0.0.1" || redirect.Path != "/callback" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" {
		t.Errorf("address %s", address)
	}
	if !strings.Contains(address, "scope=security.device.read%20user.read") {
		t.Errorf("blanks in %s", address)
	}
	verifier := l.form(0, "code_verifier")
	sum := sha256.Sum256([]byte(verifier))
	if len(verifier) < 43 || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
		t.Errorf("challenge %s of verifier %s", q.Get("code_challenge"), verifier)
	}
	if l.form(0, "redirect_uri") != q.Get("redirect_uri") || len(q.Get("state")) < 22 {
		t.Errorf("form %s, state %s", l.form(0, "redirect_uri"), q.Get("state"))
	}
	if !strings.Contains(page, "close this window") || header.Get("Referrer-Policy") != "no-referrer" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("page %s %v", page, header)
	}
	if _, _, _, err := browse(t.Context(), redirect.String()); err == nil {
		t.Error("somebody listens after the sign-in")
	}
}

func TestWebSignInWithAnotherState(t *testing.T) {
	l := newLab(t, false, nil)
	var first, second int
	seen := make(chan struct{})
	_, err := auth.SignInWeb(t.Context(), l.server(0), webOptions(func(ctx context.Context, a string) (err error) {
		defer close(seen)
		for _, state := range []string{"", "x"} {
			forged := callback(t, a, func(q url.Values) { q.Set("state", state); q.Set("code", "forged") })
			if first, _, _, err = browse(ctx, forged); err != nil {
				return err
			}
		}
		second, _, _, err = browse(ctx, a)
		return err
	}))
	<-seen
	if err != nil || first != http.StatusBadRequest || second != http.StatusOK || l.renewals() != 1 {
		t.Errorf("forged %d, own %d, %d codes were used, %v", first, second, l.renewals(), err)
	}
}

func TestWebSignInEnds(t *testing.T) {
	l := newLab(t, false, nil)
	visit := func(change func(url.Values)) func(context.Context, string) error {
		return func(ctx context.Context, a string) error {
			_, _, _, err := browse(ctx, callback(t, a, change))
			return err
		}
	}
	denied := visit(func(q url.Values) { q.Set("error", "access_denied"); q.Set("error_description", "no\nthanks") })
	nothing := visit(func(url.Values) {})
	wrong := visit(func(q url.Values) { q.Set("code", "canary-code") })
	stray := visit(func(q url.Values) { q.Set("state", "x") })
	for _, c := range []struct {
		name, want string
		code       exit.Code
		open       func(context.Context, string) error
		limit      time.Duration
	}{
		{"denied", "refuses the browser sign-in: access_denied: no thanks", exit.Failed, denied, 0},
		{"without a code", "without a code", exit.Failed, nothing, 0},
		{"with a wrong code", "invalid_grant", exit.Failed, wrong, 0},
		{"by no browser", "open a browser: no display", exit.Failed, func(context.Context, string) error { return errors.New("no display") }, 0},
		{"by nobody", "nobody signed in with the browser within 1ms", exit.SignIn, func(context.Context, string) error { return nil }, time.Millisecond},
		{"by a stranger", "use the newest link", exit.SignIn, stray, time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := webOptions(c.open)
			o.Limit = c.limit
			_, err := auth.SignInWeb(t.Context(), l.server(0), o)
			if err == nil || !strings.Contains(err.Error(), c.want) || exit.CodeOf(err) != c.code {
				t.Fatalf("%v, want %q", err, c.want)
			}
			clean(t, err)
		})
	}
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := auth.SignInWeb(ctx, l.server(0), webOptions(func(context.Context, string) error { cancel(stop); return nil }))
	if !errors.Is(err, stop) {
		t.Errorf("interrupted: %v", err)
	}
}

// One answer counts: a second one, while the first is being used, is told so.
func TestSecondAnswerOfTheBrowser(t *testing.T) {
	answered := make(chan struct{})
	s, asked := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		<-answered
		jsonAnswer(200, `{"access_token":"a"}`)(w, r)
	})
	var statuses []int
	_, err := auth.SignInWeb(t.Context(), s, webOptions(func(ctx context.Context, a string) error {
		defer close(answered)
		own := callback(t, a, func(q url.Values) { q.Set("code", "c") })
		for _, address := range []string{strings.Replace(own, "/callback", "/favicon.ico", 1), own, own} {
			status, _, _, err := browse(ctx, address)
			if err != nil {
				return err
			}
			statuses = append(statuses, status)
		}
		return nil
	}))
	if err != nil || fmt.Sprint(statuses) != "[404 200 410]" || asked() != 1 {
		t.Errorf("another page, first and second answer: %v, %d codes used, %v", statuses, asked(), err)
	}
}

func TestWebSignInOnAPortInUse(t *testing.T) {
	l := newLab(t, false, nil)
	_, err := auth.SignInWeb(t.Context(), l.server(0), webOptions(func(ctx context.Context, a string) error {
		u, _ := url.Parse(a)
		redirect, _ := url.Parse(u.Query().Get("redirect_uri"))
		o := webOptions(func(context.Context, string) error { t.Error("a browser opens"); return nil })
		for _, c := range redirect.Port() {
			o.Port = o.Port*10 + int(c-'0')
		}
		_, err := auth.SignInWeb(ctx, l.server(0), o)
		if e := exit.As(err); e == nil || e.Exit != exit.Failed || !strings.Contains(e.Hint, "--port") ||
			!strings.Contains(err.Error(), "wait for the browser at http://127.0.0.1:"+redirect.Port()+"/callback: ") {
			t.Errorf("port in use: %v", err)
		}
		_, _, _, err = browse(ctx, a)
		return err
	}))
	if err != nil {
		t.Error(err)
	}
}
