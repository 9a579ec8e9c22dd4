package cmd_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

// tokenServer is a sandbox with one service account, whose clock can be set
// forward. A new token ends the one before.
type tokenServer struct {
	*httptest.Server
	key      string   // file of its private key
	env      []string // by which the account is used
	issued   atomic.Int64
	ahead    atomic.Int64
	requests atomic.Int64 // to the API
	backend  http.Handler
	jumpAt   int64 // the request to the API at which the clock is set past the token's end; 0: none
}

func newTokenServer(t *testing.T, devices int, jumpAt int64) *tokenServer {
	t.Helper()
	start, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	private, public, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(key, private, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &tokenServer{jumpAt: jumpAt, key: key}
	backend, err := sandbox.Open(sandbox.Options{
		Now:  func() time.Time { return start.Add(time.Duration(s.ahead.Load())) },
		Seed: seed.Options{Devices: devices},
		Settings: func(o *sandbox.Settings) {
			o.SingleToken, o.TokenSeconds, o.RateLimit, o.MaxCount = true, 120, 0, 100
			o.Clients = map[string]sandbox.Client{"acme-client": {Secret: "acme-secret", ServiceAccount: "acme@example.com", PublicKey: string(public)}}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.backend = backend
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	s.env = []string{
		"WORKSCTL_AUTH_URL=" + s.URL + sandbox.AuthPath, "WORKSCTL_TOKEN=", "WORKSCTL_STATE_DIR=" + t.TempDir(),
		"WORKSCTL_CLIENT_ID=acme-client", "WORKSCTL_CLIENT_SECRET=acme-secret",
		"WORKSCTL_SERVICE_ACCOUNT=acme@example.com", "WORKSCTL_PRIVATE_KEY_FILE=" + key,
	}
	return s
}

// ServeHTTP counts what it hands on.
func (s *tokenServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, sandbox.AuthPath) {
		s.issued.Add(1)
	} else if s.requests.Add(1) == s.jumpAt {
		s.ahead.Add(int64(200 * time.Second)) // less than the two clocks may differ by
	}
	s.backend.ServeHTTP(w, r)
}

// TestEightProcessesRenewOnce starts them with a token that has ended.
func TestEightProcessesRenewOnce(t *testing.T) {
	s := newTokenServer(t, 20, 0)
	list := func(now string) {
		c, stderr := process(t, s.Server, "devices", "list", "--count")
		c.Env = append(append(c.Env, s.env...), "WORKSCTL_TEST_NOW="+now)
		if out, err := c.Output(); err != nil || string(out) != "20\n" || stderr.Len() > 0 {
			t.Errorf("%v: %q, %s", err, out, stderr)
		}
	}
	list(testNow)
	s.ahead.Store(int64(2 * time.Hour))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { list("2026-11-22T11:00:00+09:00") })
	}
	all.Wait()
	if n := s.issued.Load(); n != 2 {
		t.Errorf("%d tokens were issued, want the first and one more", n)
	}
}

// TestTokenEndsInTheMiddle has the token end, by the server's clock only, while
// an export or a notice is under way. Nobody may notice.
func TestTokenEndsInTheMiddle(t *testing.T) {
	for name, args := range map[string][]string{
		"export": {"devices", "export", "--out", "devices.csv"},
		"notify": {"notify", "--type", "mobile", "--yes", "-o", "json", "--jq", ".counts.sent + .counts.skipped"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTokenServer(t, 450, 4)
			c, stderr := process(t, s.Server, args...)
			c.Env = append(c.Env, s.env...)
			out, err := c.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, stderr)
			}
			if n := s.issued.Load(); n != 2 {
				t.Errorf("%d tokens were issued, want 2", n)
			}
			if name == "notify" {
				if told := strings.Split(strings.TrimSpace(stderr.String()), "\n"); len(told) != 1 || !strings.HasPrefix(told[0], "job: ") {
					t.Errorf("it talks: %s", stderr)
				}
				if strings.TrimSpace(string(out)) == "0" {
					t.Error("nothing was sent")
				}
				return
			}
			text, err := os.ReadFile(filepath.Join(c.Dir, "devices.csv"))
			if err != nil || strings.Count(string(text), "\n") != 451 || stderr.Len() > 0 {
				t.Errorf("%v: %d lines, %s", err, strings.Count(string(text), "\n"), stderr)
			}
		})
	}
}
