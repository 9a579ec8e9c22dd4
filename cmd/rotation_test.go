package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
)

// rotating is an auth server with an API. Each refresh token is good once: a
// second use ends all that came from the same sign-in, as servers do that look
// for stolen tokens. Its API tells whose the token is.
type rotating struct {
	*httptest.Server
	mu      sync.Mutex
	next    string            // who signs in next
	owner   map[string]string // of a token
	spent   map[string]bool
	ended   map[string]bool // whose sign-in is ended
	reused  int
	counter int
	held    chan struct{} // a renewal waits until it is closed; nil: none waits
	arrived chan struct{} // gets one for each renewal that waits
}

func newRotating(t *testing.T) *rotating {
	t.Helper()
	s := &rotating{owner: map[string]string{}, spent: map[string]bool{}, ended: map[string]bool{}, arrived: make(chan struct{}, 8)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *rotating) hold() (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := make(chan struct{})
	s.held = held
	return func() { close(held) }
}

func (s *rotating) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	switch {
	case strings.HasSuffix(r.URL.Path, "/authorize"):
		back, _ := url.Parse(r.Form.Get("redirect_uri"))
		back.RawQuery = url.Values{"code": {s.who()}, "state": {r.Form.Get("state")}}.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
	case strings.HasSuffix(r.URL.Path, "/revoke"):
		s.mu.Lock()
		s.ended[s.owner[r.Form.Get("token")]] = true
		s.mu.Unlock()
	case r.Form.Get("grant_type") == "authorization_code":
		s.give(w, r.Form.Get("code"))
	case r.Form.Get("grant_type") == "refresh_token":
		s.refresh(w, r.Form.Get("refresh_token"))
	default:
		s.mu.Lock()
		who := s.owner[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
		s.mu.Unlock()
		writeJSON(w, http.StatusOK, map[string]string{"whoami": who})
	}
}

func (s *rotating) who() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next
}

func (s *rotating) refresh(w http.ResponseWriter, token string) {
	s.mu.Lock()
	who := s.owner[token]
	if s.spent[token] {
		s.reused++
		s.ended[who] = true
	}
	ended, held := s.ended[who] || who == "", s.held
	s.spent[token], s.held = true, nil
	s.mu.Unlock()
	if held != nil {
		s.arrived <- struct{}{}
		<-held
	}
	if ended {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	s.give(w, who)
}

func (s *rotating) give(w http.ResponseWriter, who string) {
	s.mu.Lock()
	s.counter++
	access, refresh := fmt.Sprintf("access-%s-%d", who, s.counter), fmt.Sprintf("refresh-%s-%d", who, s.counter)
	s.owner[access], s.owner[refresh] = who, who
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{"access_token": access, "refresh_token": refresh, "expires_in": 3600, "token_type": "Bearer"})
}

// desk is a person's worksctl with one profile, signed in to with a browser.
type desk struct {
	*rotating
	t      *testing.T
	folder string
	env    map[string]string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	folder := t.TempDir()
	return &desk{newRotating(t), t, folder, map[string]string{
		"WORKSCTL_STATE_DIR": filepath.Join(folder, "state"), "WORKSCTL_CONFIG": filepath.Join(folder, "config.yaml"),
		"WORKSCTL_PASSPHRASE": "a passphrase",
	}}
}

func (d *desk) run(ctx context.Context, args ...string) (exit.Code, string) {
	out := &browser{}
	code := cmd.Run(ctx, cmd.Env{
		Args: args, In: &bytes.Buffer{}, Out: out, Err: out, Now: time.Now, Location: time.UTC,
		LookupEnv: func(name string) (string, bool) { v, ok := d.env[name]; return v, ok },
	})
	return code, out.String()
}

func (d *desk) login(who string) {
	d.t.Helper()
	d.mu.Lock()
	d.next = who
	d.mu.Unlock()
	secret := filepath.Join(d.folder, "secret.txt")
	if err := os.WriteFile(secret, []byte("a-client-secret"), 0o600); err != nil {
		d.t.Fatal(err)
	}
	if code, out := d.run(d.t.Context(), "auth", "login", "--web", "--client-secret-file", secret, "--storage", "file", "--profile", "me", "--client-id", "c",
		"--api-url", d.URL+"/api", "--auth-url", d.URL+"/auth"); code != exit.OK {
		d.t.Fatalf("login: %d: %s", code, out)
	}
}

// age has every access token end.
func (d *desk) age() {
	d.t.Helper()
	if err := os.RemoveAll(filepath.Join(d.folder, "state", "tokens")); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) is(who string) {
	d.t.Helper()
	code, out := d.run(d.t.Context(), "api", "GET", "/me", "-q")
	var got map[string]string
	if err := json.Unmarshal([]byte(out), &got); code != exit.OK || err != nil || got["whoami"] != who {
		d.t.Errorf("%d: %s, want %s", code, out, who)
	}
}

// renewing has a renewal wait at the server while act is done.
func (d *desk) renewing(ctx context.Context, act func()) (exit.Code, string) {
	d.t.Helper()
	d.age()
	release := d.hold()
	var code exit.Code
	var out string
	var done sync.WaitGroup
	ended := make(chan struct{})
	done.Go(func() { code, out = d.run(ctx, "api", "GET", "/me"); close(ended) })
	select {
	case <-d.arrived:
	case <-ended:
		d.t.Fatalf("nothing was renewed: %s", out)
	}
	var acted sync.WaitGroup
	acted.Go(act)
	time.AfterFunc(200*time.Millisecond, release) // act may wait for the renewal, which only this lets end
	acted.Wait()
	done.Wait()
	return code, out
}

func TestSigningInDuringARenewal(t *testing.T) {
	d := newDesk(t)
	d.login("alice")
	d.is("alice")
	d.renewing(t.Context(), func() { d.login("bob") })
	d.is("bob")
	d.age()
	d.is("bob")
	if d.reused != 0 {
		t.Errorf("%d refresh tokens were used twice", d.reused)
	}
}

func TestSigningOutDuringARenewal(t *testing.T) {
	for _, args := range [][]string{{"auth", "logout", "--profile", "me"}, {"profile", "remove", "me", "--yes"}} {
		d := newDesk(t)
		d.login("alice")
		d.renewing(t.Context(), func() {
			if code, out := d.run(t.Context(), args...); code != exit.OK {
				t.Errorf("%v: %d: %s", args, code, out)
			}
		})
		for _, pattern := range []string{"credentials/*.age", "tokens/*.json"} {
			if left, _ := filepath.Glob(filepath.Join(d.folder, "state", pattern)); len(left) > 0 {
				t.Errorf("%v leaves %v", args, left)
			}
		}
		if !d.ended["alice"] {
			t.Errorf("%v revokes nothing", args)
		}
	}
}

func TestARenewalThatIsInterrupted(t *testing.T) {
	d := newDesk(t)
	d.login("alice")
	ctx, cancel := context.WithCancelCause(t.Context())
	if code, out := d.renewing(ctx, func() { cancel(errors.New("stop")) }); code == exit.OK {
		t.Errorf("not interrupted: %s", out)
	}
	d.age()
	d.is("alice")
}

func TestSixProcessesRotateOneRefreshToken(t *testing.T) {
	d := newDesk(t)
	d.login("alice")
	for range 3 {
		d.age()
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() { d.is("alice") })
		}
		all.Wait()
	}
	if d.reused != 0 {
		t.Errorf("%d refresh tokens were used twice", d.reused)
	}
}

// A profile of the same name elsewhere, or changed by hand, is another one.
func TestSecretsStayWithTheirAddresses(t *testing.T) {
	d, other := newDesk(t), newRotating(t)
	d.login("alice")
	config := d.env["WORKSCTL_CONFIG"]
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"/api", "/auth"} {
		for _, aged := range []bool{false, true} {
			d.env["WORKSCTL_CONFIG"] = filepath.Join(t.TempDir(), "config.yaml")
			changed := strings.Replace(string(text), d.URL+part, other.URL+part, 1)
			if err := os.WriteFile(d.env["WORKSCTL_CONFIG"], []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
			if aged {
				d.age()
			}
			if code, out := d.run(t.Context(), "api", "GET", "/me"); code != exit.SignIn || !strings.Contains(out, "was given for") {
				t.Errorf("%s: %d: %s", part, code, out)
			}
			if code, out := d.run(t.Context(), "auth", "logout"); code != exit.SignIn {
				t.Errorf("%s: %d: %s", part, code, out)
			}
		}
	}
	if other.counter != 0 {
		t.Error("another server was asked")
	}
	d.env["WORKSCTL_CONFIG"] = config
	d.is("alice")
}
