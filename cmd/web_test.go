package cmd_test

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/sandbox"
)

// TestSignInWithABrowser follows the link that login shows, as a browser does,
// and then lives from the refresh token.
func TestSignInWithABrowser(t *testing.T) {
	s := newTokenServer(t, 20, 0)
	folder := t.TempDir()
	secret := filepath.Join(folder, "secret.txt")
	if err := os.WriteFile(secret, []byte("acme-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"WORKSCTL_API_URL=", "WORKSCTL_TOKEN=", "WORKSCTL_STATE_DIR=" + filepath.Join(folder, "state"),
		"WORKSCTL_CONFIG=" + filepath.Join(folder, "config.yaml"), "WORKSCTL_PASSPHRASE=a passphrase",
	}
	login, _ := process(t, s.Server, "auth", "login", "--web", "--client-id", "acme-client", "--client-secret-file", secret,
		"--api-url", s.URL+sandbox.APIPath, "--auth-url", s.URL+sandbox.AuthPath, "--storage", "file", "-o", "json", "--jq", ".signIn")
	login.Env, login.Stderr = append(login.Env, env...), nil
	talk, err := login.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	login.Stdout = &out
	if err := login.Start(); err != nil {
		t.Fatal(err)
	}
	link := ""
	said := bufio.NewScanner(talk)
	for link == "" && said.Scan() {
		if strings.HasPrefix(said.Text(), "http") {
			link = said.Text()
		}
	}
	page, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(page.Body)
	if err != nil || !strings.Contains(string(text), "close this window") {
		t.Errorf("the browser shows %v: %s", err, text)
	}
	_ = page.Body.Close()
	rest, _ := io.ReadAll(talk)
	if err := login.Wait(); err != nil || out.String() != "web\n" {
		t.Fatalf("%v: %q, %s", err, out.String(), rest)
	}
	list := func(now string) {
		t.Helper()
		c, stderr := process(t, s.Server, "devices", "list", "--count")
		c.Env = append(append(c.Env, env...), "WORKSCTL_TEST_NOW="+now)
		if out, err := c.Output(); err != nil || string(out) != "20\n" || stderr.Len() > 0 {
			t.Errorf("%v: %q, %s", err, out, stderr)
		}
	}
	list(testNow)
	if n := s.issued.Load(); n != 2 { // the page and the code
		t.Errorf("the auth server was asked %d times", n)
	}
	list("2026-11-22T11:00:00+09:00") // the token has ended
	if n := s.issued.Load(); n != 3 {
		t.Errorf("the auth server was asked %d times", n)
	}
	logout, stderr := process(t, s.Server, "auth", "logout")
	logout.Env = append(logout.Env, env...)
	if err := logout.Run(); err != nil || stderr.Len() > 0 || s.issued.Load() != 4 {
		t.Errorf("%v: %s", err, stderr)
	}
}
