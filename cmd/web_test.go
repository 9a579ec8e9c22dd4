package cmd_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/wiretest"
)

// webSignIn is a back end to sign in to with a browser, and a home to do it in.
type webSignIn struct {
	*tokenServer
	t      *testing.T
	folder string
	env    []string
	said   string // by the latest login before its link
}

func newWebSignIn(t *testing.T) *webSignIn {
	t.Helper()
	s := newTokenServer(t, 20, 0)
	s.Server = httptest.NewServer(wiretest.Validator(t).ExpectBadRequests().Handler(s))
	t.Cleanup(s.Close)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "secret.txt"), []byte("acme-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return &webSignIn{tokenServer: s, t: t, folder: folder, env: []string{
		"WORKSCTL_API_URL=", "WORKSCTL_TOKEN=", "WORKSCTL_STATE_DIR=" + filepath.Join(folder, "state"),
		"WORKSCTL_CONFIG=" + filepath.Join(folder, "config.yaml"), "WORKSCTL_PASSPHRASE=a passphrase",
	}}
}

// begin starts a sign-in and returns the link that it shows, which is empty when
// it ends before, and what it writes after that.
func (w *webSignIn) begin(flags ...string) (login *exec.Cmd, out *bytes.Buffer, link string, talk io.Reader) {
	w.t.Helper()
	login, _ = process(w.t, w.Server, append([]string{"auth", "login", "--web", "--client-id", "acme-client",
		"--client-secret-file", filepath.Join(w.folder, "secret.txt"), "--storage", "file",
		"--api-url", w.URL + sandbox.APIPath, "--auth-url", w.URL + sandbox.AuthPath}, flags...)...)
	out = &bytes.Buffer{}
	login.Env, login.Stdout, login.Stderr = append(login.Env, w.env...), out, nil
	pipe, err := login.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := login.Start(); err != nil {
		w.t.Fatal(err)
	}
	said := bufio.NewReader(pipe)
	w.said = ""
	for {
		line, err := said.ReadString('\n')
		w.said += line
		switch {
		case strings.HasPrefix(line, "http"):
			return login, out, strings.TrimSpace(line), said
		case err != nil || strings.HasPrefix(line, "error"):
			return login, out, "", io.MultiReader(strings.NewReader(line), said)
		}
	}
}

// ends waits for a process to end with exactly that code and returns the rest of
// its talk.
func (w *webSignIn) ends(c *exec.Cmd, talk io.Reader, code int) string {
	w.t.Helper()
	rest, err := io.ReadAll(talk)
	if err != nil {
		w.t.Error(err)
	}
	err = c.Wait()
	got := 0
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		got = ended.ExitCode()
	} else if err != nil {
		w.t.Error(err)
	}
	if got != code {
		w.t.Errorf("exit code %d, want %d: %s", got, code, rest)
	}
	return string(rest)
}

// run is a command of the one who signed in.
func (w *webSignIn) run(now string, args ...string) string {
	w.t.Helper()
	c, stderr := process(w.t, w.Server, args...)
	c.Env = append(append(c.Env, w.env...), "WORKSCTL_TEST_NOW="+now)
	out, err := c.Output()
	if err != nil || stderr.Len() > 0 {
		w.t.Errorf("%v: %v: %s", args, err, stderr)
	}
	return string(out)
}

// keptNothing looks for what a sign-in leaves behind.
func (w *webSignIn) keptNothing() {
	w.t.Helper()
	for _, name := range []string{"config.yaml", "state/credentials/default.age", "state/tokens"} {
		if _, err := os.Lstat(filepath.Join(w.folder, name)); err == nil {
			w.t.Errorf("%s was kept", name)
		}
	}
}

func (w *webSignIn) visit(address string) string {
	w.t.Helper()
	page, err := http.Get(address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer page.Body.Close()
	text, err := io.ReadAll(page.Body)
	if err != nil {
		w.t.Error(err)
	}
	return string(text)
}

// TestSignInWithABrowser follows the link that login shows, as a browser does,
// and then lives from the refresh token.
func TestSignInWithABrowser(t *testing.T) {
	w := newWebSignIn(t)
	login, out, link, talk := w.begin("-o", "json", "--jq", ".signIn")
	if text := w.visit(link); !strings.Contains(text, "close this window") {
		t.Errorf("the browser shows %s", text)
	}
	if w.ends(login, talk, 0); out.String() != "web\n" {
		t.Errorf("printed %q", out)
	}
	list := func(now string) {
		t.Helper()
		if out := w.run(now, "devices", "list", "--count"); out != "20\n" {
			t.Errorf("%q devices", out)
		}
	}
	list(testNow)
	if n := w.issued.Load(); n != 2 { // the page and the code
		t.Errorf("the auth server was asked %d times", n)
	}
	list("2026-11-22T11:00:00+09:00") // the token has ended
	if n := w.issued.Load(); n != 3 {
		t.Errorf("the auth server was asked %d times", n)
	}
	var status struct {
		SignIn, Storage, ClientID string
		ServiceAccount, Problem   *string
		Scopes, RequestedScopes   []string
		ExpiresTime               string
		Usable                    bool
	}
	if err := json.Unmarshal([]byte(w.run("2026-11-22T11:00:00+09:00", "auth", "status", "-o", "json")), &status); err != nil ||
		status.SignIn != "web" || status.Storage != "file" || status.ClientID != "acme-client" || status.ServiceAccount != nil || !status.Usable || status.Problem != nil ||
		len(status.Scopes) != 2 || len(status.RequestedScopes) != 2 || status.ExpiresTime == "" {
		t.Errorf("status %+v, %v", status, err)
	}
	if w.run(testNow, "auth", "logout"); w.issued.Load() != 4 {
		t.Errorf("the auth server was asked %d times", w.issued.Load())
	}
}

// TestSignInAtAPort uses the address that is registered, and says so when
// another process has its port.
func TestSignInAtAPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	w := newWebSignIn(t)
	login, out, link, talk := w.begin("--port", port)
	said := w.ends(login, talk, 1)
	if link != "" || out.Len() > 0 || !strings.Contains(said, "error: wait for the browser at http://127.0.0.1:"+port+"/callback: ") || !strings.Contains(said, "\nhint: end what uses the port") {
		t.Errorf("a port in use: link %q, %s", link, said)
	}
	w.keptNothing()
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}

	for range 2 { // the second time it has to be given again
		login, _, link, talk = w.begin("--port", port)
		u, err := url.Parse(link)
		if err != nil || u.Query().Get("redirect_uri") != "http://127.0.0.1:"+port+"/callback" {
			t.Errorf("link %s, %v", link, err)
		}
		w.visit(link)
		w.ends(login, talk, 0)
	}
	if text, err := os.ReadFile(filepath.Join(w.folder, "config.yaml")); err != nil || bytes.Contains(text, []byte("port")) {
		t.Errorf("%s, %v", text, err)
	}
}

// TestSignInThatDoesNotHappen keeps nothing when the person says no or goes away.
func TestSignInThatDoesNotHappen(t *testing.T) {
	w := newWebSignIn(t)
	login, _, link, talk := w.begin()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	w.visit(u.Query().Get("redirect_uri") + "?" + url.Values{"state": {u.Query().Get("state")}, "error": {"access_denied"}}.Encode())
	if said := w.ends(login, talk, 3); !strings.Contains(said, "error: the auth server refuses the browser sign-in: access_denied") || !strings.Contains(said, "\nhint: sign in again and allow the app") {
		t.Errorf("denied: %s", said)
	}
	w.keptNothing()

	login, _, link, talk = w.begin()
	if err := login.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	w.ends(login, talk, 130)
	if link == "" {
		t.Error("no link was shown")
	}
	w.keptNothing()
}

// TestWhoSignedIn has login and status say it, where a scope lets it be told: a
// browser may have somebody else's session.
func TestWhoSignedIn(t *testing.T) {
	w := newWebSignIn(t)
	for scope, want := range map[string]string{"user.read": "@example", "security.device": "null"} {
		login, out, link, talk := w.begin("--scope", scope, "-o", "json", "--jq", ".member")
		w.visit(link)
		if w.ends(login, talk, 0); !strings.Contains(out.String(), want) {
			t.Errorf("login with %s: %q", scope, out)
		}
		if said := w.run(testNow, "auth", "status", "-o", "json", "--jq", ".member"); said != out.String() {
			t.Errorf("status with %s: %q, login said %q", scope, said, out)
		}
	}
}
