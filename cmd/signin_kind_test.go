package cmd_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// TestAnotherKindOfSignIn has a profile change between a browser and a service
// account: nothing of the one is left after the other, here or on the server.
func TestAnotherKindOfSignIn(t *testing.T) {
	w := newWebSignIn(t)
	withBrowser := func() {
		t.Helper()
		login, _, link, talk := w.begin()
		w.visit(link)
		w.ends(login, talk, 0)
	}
	asAccount := func(flags ...string) string {
		t.Helper()
		c, stderr := process(t, w.Server, append([]string{"auth", "login", "--service-account", "acme@example.com", "--private-key-file", w.key,
			"--client-secret-file", filepath.Join(w.folder, "secret.txt")}, flags...)...)
		c.Env = append(c.Env, w.env...)
		if err := c.Run(); err != nil {
			t.Fatalf("%v: %s", err, stderr)
		}
		return stderr.String()
	}
	kept := func(item credential.Item) (api.Secret, bool) {
		t.Helper()
		store := credential.NewFile(filepath.Join(w.folder, "state", "credentials"), func(context.Context, credential.Question) (credential.Passphrase, error) {
			return credential.Passphrase{Text: api.NewSecret("a passphrase")}, nil
		})
		secret, err := store.Get(t.Context(), "default", item)
		if err != nil && !errors.Is(err, credential.ErrNotFound) {
			t.Fatal(err)
		}
		return secret, err == nil
	}
	start, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return start }
	refreshes := func(token api.Secret) bool {
		t.Helper()
		_, err := auth.NewServer(w.URL+sandbox.AuthPath, nil, clock).Refresh(t.Context(), "acme-client", api.NewSecret("acme-secret"), token)
		return err == nil
	}

	withBrowser()
	refresh, _ := kept(credential.RefreshToken)
	if !refreshes(refresh) {
		t.Fatal("the refresh token is of no use")
	}
	if said := asAccount(); said != "" {
		t.Errorf("said %s", said)
	}
	if _, ok := kept(credential.RefreshToken); ok || refreshes(refresh) {
		t.Errorf("the refresh token is kept: %v, and refreshes: %v", ok, refreshes(refresh))
	}
	if out := w.run(testNow, "devices", "list", "--count"); out != "20\n" {
		t.Errorf("%q devices", out)
	}

	if _, ok := kept(credential.PrivateKey); !ok {
		t.Fatal("no key is kept")
	}
	withBrowser()
	if _, ok := kept(credential.PrivateKey); ok {
		t.Error("the key is kept beside the browser's refresh token")
	}
	if out := w.run(testNow, "devices", "list", "--count"); out != "20\n" {
		t.Errorf("%q devices", out)
	}

	// A server that does not revoke is no reason not to sign in.
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sandbox/faults", strings.NewReader(`{"kind":"drop-before","path":"/oauth2/v2.0/revoke","times":-1}`))
	w.backend.ServeHTTP(httptest.NewRecorder(), r)
	if said := asAccount(); !strings.HasPrefix(said, "warning: the sign-in with a browser that profile default had is not revoked: ") {
		t.Errorf("said %s", said)
	}
	if _, ok := kept(credential.RefreshToken); ok {
		t.Error("the refresh token is kept")
	}
}

// TestWhereTheLinkIsOpened names the machine of the browser only where a person
// sits before it, and else the way there.
func TestWhereTheLinkIsOpened(t *testing.T) {
	for name, tt := range map[string]struct {
		env  []string
		here bool
	}{
		"at a desktop":     {[]string{"DISPLAY=:0"}, true},
		"on Wayland":       {[]string{"WAYLAND_DISPLAY=wayland-0"}, true},
		"over SSH":         {[]string{"SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22"}, false},
		"SSH with display": {[]string{"DISPLAY=localhost:10.0", "SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22"}, false},
		"no desktop":       {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWebSignIn(t)
			w.env = append(w.env, tt.env...)
			login, _, link, talk := w.begin()
			u, err := url.Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			back, err := url.Parse(u.Query().Get("redirect_uri"))
			if err != nil {
				t.Fatal(err)
			}
			w.visit(back.String() + "?" + url.Values{"state": {u.Query().Get("state")}, "error": {"access_denied"}}.Encode())
			rest := w.ends(login, talk, 3)
			forward := "ssh -L " + back.Port() + ":127.0.0.1:" + back.Port() + " HOST\n"
			if tt.here == strings.Contains(rest, forward) {
				t.Errorf("after the link: %s", rest)
			}
			before := w.said
			if tt.here != strings.Contains(before, "on this machine") || !strings.Contains(before, "within 5 minutes:") {
				t.Errorf("before the link: %s", before)
			}
		})
	}
}
