package cmd_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
)

// TestNoCredentialFollowsARedirect has a server redirect to another one on this
// machine, as no server of ours does: whatever the status and the request, that
// one is sent neither a token nor a secret, and nothing counts as done.
func TestNoCredentialFollowsARedirect(t *testing.T) {
	private, public, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	devices := wipeable(t, private, public, 1)
	for _, tt := range []struct {
		name, from, method string // which requests are redirected
		args               []string
		follows            bool // a raw GET and a download may, without the token
	}{
		{"list", sandbox.APIPath, http.MethodGet, []string{"devices", "list"}, false},
		{"export", sandbox.APIPath, http.MethodGet, []string{"devices", "export", "--out", "-"}, false},
		{"api", sandbox.APIPath, http.MethodGet, []string{"api", "GET", "/users"}, true},
		{"notify", sandbox.APIPath, http.MethodPost, []string{"notify", "--type", "mobile", "--yes"}, false},
		{"wipe", sandbox.APIPath, http.MethodPost, append([]string{"wipe", "--reason", "lost", "--yes"}, devices...), false},
		{"api acting", sandbox.APIPath, http.MethodPost, []string{"api", "POST", "/users", "--yes"}, false},
		{"sign-out", sandbox.APIPath, http.MethodPost, []string{"members", "sign-out", "seoyeon.choi255@example.com", "--reason", "lost", "--yes"}, false},
		{"bot", sandbox.APIPath, http.MethodPost, []string{"notify", "--via", "bot", "--bot-id", "2000001", "--type", "mobile", "--yes"}, false},
		{"audit", sandbox.APIPath, http.MethodGet, []string{"audit", "download", "--since", "2026-11-19", "--out", "-"}, true},
		{"token", sandbox.AuthPath, http.MethodPost, []string{"devices", "list"}, false},
		{"doctor", sandbox.AuthPath, "", []string{"doctor"}, false},
		{"status", sandbox.AuthPath, http.MethodPost, []string{"auth", "status"}, false},
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(tt.name+" "+strconv.Itoa(status), func(t *testing.T) {
				other := newListener(t)
				s := newTokenServerOf(t, 60, 0, private, public)
				s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasPrefix(r.URL.Path, tt.from) && (tt.method == "" || r.Method == tt.method) {
						http.Redirect(w, r, other.URL+r.URL.Path, status)
						return
					}
					s.ServeHTTP(w, r)
				})
				code, out, said := s.run(t, tt.args...)
				if n := other.armed.Load(); n > 0 {
					t.Errorf("%d requests with a credential went to the other server", n)
				}
				if n := other.all.Load(); n > 0 != tt.follows {
					t.Errorf("%d requests went to the other server", n)
				}
				if !tt.follows && (code == exit.OK || code == exit.Usage) {
					t.Errorf("exit code %d: %s%s", code, out, said)
				}
				for action, done := range s.stats(t) {
					if len(done) > 0 {
						t.Errorf("%s was done", action)
					}
				}
			})
		}
	}
}

// listener counts what it is sent, and answers as any server may.
type listener struct {
	*httptest.Server
	all   atomic.Int64
	armed atomic.Int64 // with a credential
}

func newListener(t *testing.T) *listener {
	t.Helper()
	l := &listener{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		l.all.Add(1)
		said := r.URL.RawQuery + string(body)
		for _, values := range r.Header {
			said += strings.Join(values, " ")
		}
		if r.Header.Get("Authorization") != "" || strings.Contains(said, "acme-secret") || strings.Contains(said, "assertion=") || strings.Contains(said, "eyJhbGciOi") {
			l.armed.Add(1)
		}
		writeJSON(w, http.StatusOK, map[string]any{"devices": []any{}, "access_token": "theirs", "expires_in": 60})
	}))
	t.Cleanup(l.Close)
	return l
}
