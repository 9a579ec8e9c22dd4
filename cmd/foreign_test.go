package cmd_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/auth/foreignserver"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/pkg/api"
)

// TestForeignAuthServer signs in, works, renews and signs out with an auth server
// that nobody here wrote.
func TestForeignAuthServer(t *testing.T) {
	installed := t.TempDir()
	if err := foreignserver.Install(t.Context(), installed); err != nil {
		if os.Getenv(foreignserver.Wanted) == "required" {
			t.Fatal(err)
		}
		t.Logf("LEFT OUT: signing in with an auth server that nobody here wrote: %v", err)
		return
	}
	t.Run("service-account", func(t *testing.T) { newForeign(t, installed).serviceAccount() })
	t.Run("web", func(t *testing.T) { newForeign(t, installed).web() })
}

// foreign is a back end that lets in whom the auth server vouches for, and a home
// for the processes that use it.
type foreign struct {
	*foreignserver.Server
	t      *testing.T
	client foreignserver.Client
	api    *httptest.Server
	key    string // file of the service account's private key
	folder string // secrets and configuration
	ahead  time.Duration

	mu     sync.Mutex
	tokens []string // that the back end was sent, each once
}

const (
	foreignSecret     = "canary+client/secret="
	foreignPassphrase = "canary passphrase"
)

func newForeign(t *testing.T, installed string) *foreign {
	t.Helper()
	private, public, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	f := &foreign{t: t, folder: t.TempDir(), client: foreignserver.Client{
		ID: "acme-client", Secret: foreignSecret, Account: "acme.serviceaccount@example.com", PublicKey: string(public),
		Scopes: []string{"security.device", "security.device.read"},
	}}
	f.key = f.write("key.pem", private)
	f.write("secret.txt", []byte(foreignSecret+"\n"))
	f.Server = foreignserver.Start(t, installed, foreignserver.Options{Now: f.now(), TokenLife: time.Hour, Clients: []foreignserver.Client{f.client}})
	f.api = httptest.NewServer(f)
	t.Cleanup(f.api.Close)
	return f
}

func (f *foreign) write(name string, text []byte) (path string) {
	f.t.Helper()
	path = filepath.Join(f.folder, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		f.t.Fatal(err)
	}
	return path
}

// now is the time on this machine and at the auth server.
func (f *foreign) now() time.Time {
	start, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		f.t.Fatal(err)
	}
	return start.Add(f.ahead)
}

func (f *foreign) pass(d time.Duration) {
	f.ahead += d
	f.SetTime(f.now())
}

// ServeHTTP is the back end: it has three devices.
func (f *foreign) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	f.mu.Lock()
	if len(f.tokens) == 0 || f.tokens[len(f.tokens)-1] != token {
		f.tokens = append(f.tokens, token)
	}
	f.mu.Unlock()
	known := f.Introspect(f.client, token)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", f.now().UTC().Format(http.TimeFormat))
	if !known.Active || !strings.Contains(known.Scope, "security.device.read") {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code":"UNAUTHORIZED","description":"the token is not known"}`)
		return
	}
	_, _ = w.Write(pageOf(0, 1, 3))
}

// used are the tokens that the back end was sent.
func (f *foreign) used() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tokens
}

// worksctl is a process at a time that differs from the server's.
func (f *foreign) worksctl(off time.Duration, args ...string) *exec.Cmd {
	f.t.Helper()
	c, _ := process(f.t, f.api, args...)
	c.Stderr = nil
	c.Env = append(c.Env, "WORKSCTL_API_URL=", "WORKSCTL_TOKEN=", "WORKSCTL_TEST_NOW="+f.now().Add(off).Format(time.RFC3339),
		"WORKSCTL_CONFIG="+filepath.Join(f.folder, "config.yaml"), "WORKSCTL_STATE_DIR="+filepath.Join(f.folder, "state"), "WORKSCTL_PASSPHRASE="+foreignPassphrase)
	return c
}

// run fails unless the process ends with that code.
func (f *foreign) run(code int, off time.Duration, args ...string) (stdout, stderr string) {
	f.t.Helper()
	var out, talk strings.Builder
	c := f.worksctl(off, args...)
	c.Stdout, c.Stderr = &out, &talk
	err := c.Run()
	ended, _ := errors.AsType[*exec.ExitError](err)
	if got := c.ProcessState.ExitCode(); got != code || err != nil && ended == nil {
		f.t.Errorf("%v ends with %d, want %d: %s%s", args, got, code, &out, &talk)
	}
	for name, text := range map[string]string{"stdout": out.String(), "stderr": talk.String()} {
		if strings.Contains(text, "canary") {
			f.t.Errorf("%v shows a secret on %s: %s", args, name, text)
		}
	}
	return out.String(), talk.String()
}

// status is what `auth status` says of a sign-in that works.
func (f *foreign) status() (s struct {
	SignIn, Storage string
	Scopes          []string
	ExpiresTime     time.Time
	Usable          bool
}) {
	f.t.Helper()
	out, _ := f.run(0, 0, "auth", "status", "-o", "json")
	if err := json.Unmarshal([]byte(out), &s); err != nil || !s.Usable || s.Storage != "file" || len(s.Scopes) != 2 {
		f.t.Errorf("%v: %s", err, out)
	}
	return s
}

// works lists the devices, for which the back end must be sent so many tokens in
// all.
func (f *foreign) works(tokens int) {
	f.t.Helper()
	out, talk := f.run(0, 0, "devices", "list", "--count")
	if out != "3\n" || talk != "" || len(f.used()) != tokens {
		f.t.Errorf("%q %q, and the back end was sent %d tokens, want %d", out, talk, len(f.used()), tokens)
	}
}

// login is the command that signs in, with these flags beside and instead of the
// usual ones.
func (f *foreign) login(flags map[string]string) []string {
	all := map[string]string{
		"client-id": f.client.ID, "client-secret-file": filepath.Join(f.folder, "secret.txt"),
		"api-url": f.api.URL, "auth-url": f.URL, "storage": "file",
	}
	maps.Copy(all, flags)
	args := []string{"auth", "login"}
	for name, value := range all {
		args = append(args, "--"+name+"="+value)
	}
	return args
}

func (f *foreign) serviceAccount() {
	other, _, err := newKey()
	if err != nil {
		f.t.Fatal(err)
	}
	flags := map[string]string{"service-account": f.client.Account, "private-key-file": f.key}
	for _, c := range []struct {
		off         time.Duration
		flag, value string
		says        string
	}{
		{0, "private-key-file", f.write("other.pem", other), "signature verification failed"},
		{0, "client-secret-file", f.write("old.txt", []byte("canary-old")), "invalid_client"},
		{0, "service-account", "other@example.com", `"sub" claim`},
		{0, "scope", "bot.message", "invalid_scope"},
		{2 * time.Hour, "scope", "security.device", "clock is 2h0m0s ahead of the auth server's"},
		{-2 * time.Hour, "scope", "security.device", "clock is 2h0m0s behind the auth server's"},
	} {
		wrong := maps.Clone(flags)
		wrong[c.flag] = c.value
		if _, talk := f.run(3, c.off, f.login(wrong)...); !strings.Contains(talk, c.says) {
			f.t.Errorf("%s %s: %s", c.flag, c.value, talk)
		}
	}
	if kept := leftovers(f.t, f.folder); slices.Contains(kept, "state") || slices.Contains(kept, "config.yaml") {
		f.t.Errorf("what was refused is kept: %v", kept)
	}

	f.run(0, 0, f.login(flags)...)
	first := f.status()
	if first.SignIn != "service-account" || !first.ExpiresTime.Equal(f.now().Add(time.Hour)) {
		f.t.Errorf("%+v", first)
	}
	f.works(1)
	f.run(0, 0, "doctor")
	f.works(1)
	f.pass(2 * time.Hour)
	f.works(2)
	if second := f.status(); !second.ExpiresTime.Equal(f.now().Add(time.Hour)) {
		f.t.Errorf("%+v", second)
	}
	f.Revoke(f.client, f.used()[1]) // elsewhere
	f.works(3)
	f.signOut(f.used()[2])
}

// signOut fails unless tokens that work before don't after.
func (f *foreign) signOut(tokens ...string) {
	f.t.Helper()
	for _, token := range tokens {
		if !f.Introspect(f.client, token).Active {
			f.t.Error("a token does not work before the end")
		}
	}
	if _, talk := f.run(0, 0, "auth", "logout"); strings.Contains(talk, "warning") {
		f.t.Error(talk)
	}
	for _, token := range tokens {
		if f.Introspect(f.client, token).Active {
			f.t.Error("a token has outlived the sign-out")
		}
	}
	if _, talk := f.run(3, 0, "devices", "list"); !strings.Contains(talk, "sign in") {
		f.t.Error(talk)
	}
}

// web signs a member in.
func (f *foreign) web() {
	if page, talk := f.signInWeb(false, 3); !strings.Contains(page, "You are not signed in") || !strings.Contains(talk, "access_denied") {
		f.t.Errorf("%s %s", page, talk)
	}
	if page, talk := f.signInWeb(true, 0); !strings.Contains(page, "close this window") {
		f.t.Errorf("%s %s", page, talk)
	}
	if first := f.status(); first.SignIn != "web" || !first.ExpiresTime.Equal(f.now().Add(time.Hour)) {
		f.t.Errorf("%+v", first)
	}
	f.works(1)
	refresh := f.refreshToken()
	f.pass(2 * time.Hour)
	f.works(2)
	rotated := f.refreshToken()
	if rotated.Reveal() == refresh.Reveal() {
		f.t.Error("the server's new refresh token is not kept")
	}
	f.pass(2 * time.Hour)
	f.works(3)
	last := f.refreshToken()
	f.signOut(f.used()[2], last.Reveal())
	server := auth.NewServer(f.URL, nil, f.now)
	if _, err := server.Refresh(f.t.Context(), f.client.ID, api.NewSecret(foreignSecret), last); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
		f.t.Errorf("the refresh token has outlived the sign-out: %v", err)
	}
}

// signInWeb follows the link that login shows.
func (f *foreign) signInWeb(allow bool, code int) (page, talk string) {
	f.t.Helper()
	c := f.worksctl(0, f.login(map[string]string{"web": "true"})...)
	said, err := c.StderrPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		f.t.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), f.URL) {
			if page, err = foreignserver.Browse(f.t.Context(), lines.Text(), allow); err != nil {
				f.t.Error(err)
			}
			continue
		}
		talk += lines.Text() + "\n"
	}
	_ = c.Wait()
	if got := c.ProcessState.ExitCode(); got != code {
		f.t.Errorf("signing in with a browser ends with %d, want %d: %s", got, code, talk)
	}
	return page, talk
}

// refreshToken is the one that is kept.
func (f *foreign) refreshToken() api.Secret {
	f.t.Helper()
	store := credential.NewFile(filepath.Join(f.folder, "state", "credentials"), func(context.Context, credential.Question) (credential.Passphrase, error) {
		return credential.Passphrase{Text: api.NewSecret(foreignPassphrase)}, nil
	})
	refresh, err := store.Get(f.t.Context(), "default", credential.RefreshToken)
	if err != nil {
		f.t.Fatal(err)
	}
	return refresh
}
