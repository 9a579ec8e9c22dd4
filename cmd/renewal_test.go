package cmd_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
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
	private, public, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	return newTokenServerOf(t, devices, jumpAt, private, public)
}

// newTokenServerOf takes the key of its service account, since making one takes
// its time.
func newTokenServerOf(t *testing.T, devices int, jumpAt int64, private, public []byte) *tokenServer {
	t.Helper()
	start, err := time.Parse(time.RFC3339, testNow)
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

// run executes a command line in this process, as the service account, and
// returns what it writes.
func (s *tokenServer) run(t *testing.T, args ...string) (code exit.Code, stdout, stderr string) {
	t.Helper()
	env := map[string]string{"HOME": t.TempDir(), "WORKSCTL_API_URL": s.URL + sandbox.APIPath}
	for _, line := range s.env {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	start, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	code = cmd.Run(t.Context(), cmd.Env{
		Args: args, In: strings.NewReader(""), Out: &out, Err: &said, Location: time.UTC, Sleep: atOnce,
		Now:       func() time.Time { return start },
		LookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	})
	return code, out.String(), said.String()
}

// stats are what the server has really done, by action and id.
func (s *tokenServer) stats(t *testing.T) (done map[string]map[string]int) {
	t.Helper()
	w := httptest.NewRecorder()
	s.backend.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sandbox/stats", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &done); err != nil {
		t.Fatal(err)
	}
	return done
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

// TestTokenEndsInTheMiddle has the token end, by the server's clock only, at
// every request in turn of an export, a notice and a wipe of several. Nobody may
// notice: the results are those of a run in which it lasts, there is one renewal,
// and each device was acted on once.
func TestTokenEndsInTheMiddle(t *testing.T) {
	private, public, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range []renewedRun{
		{"export", []string{"devices", "export", "--out", "-", "--columns", "device_id"}, ""},
		{"notify", []string{"notify", "--type", "mobile", "--yes"}, "notify"},
		{"wipe", append([]string{"wipe", "--max", "3", "--reason", "lost", "--yes"}, wipeable(t, private, public, 3)...), "wipe"},
	} {
		t.Run(run.name, func(t *testing.T) {
			t.Parallel()
			server, want := run.do(t, private, public, 0)
			if server.issued.Load() != 1 || want == "" {
				t.Fatalf("%d tokens without a renewal: %s", server.issued.Load(), want)
			}
			last := server.requests.Load()
			for n := range last {
				server, got := run.do(t, private, public, n+1)
				if got != want {
					t.Errorf("request %d of %d: %.300s\nwant: %.300s", n+1, last, got, want)
				}
				if tokens := server.issued.Load(); tokens != 2 {
					t.Errorf("request %d of %d: %d tokens were issued, want the first and one more", n+1, last, tokens)
				}
			}
			t.Logf("%d requests", last)
		})
	}
}

// renewedRun is a command line during which the token ends. What it acts by is in
// the server's statistics.
type renewedRun struct {
	name string
	args []string
	acts string
}

// do runs it against a server of its own and returns what it wrote, without the
// id of its job.
func (r renewedRun) do(t *testing.T, private, public []byte, jumpAt int64) (*tokenServer, string) {
	t.Helper()
	s := newTokenServerOf(t, 450, jumpAt, private, public)
	code, out, said := s.run(t, append(slices.Clone(r.args), "-o", "csv")...)
	if job := regexp.MustCompile(`(?m)^job: (\S+)$`).FindStringSubmatch(said); job != nil {
		out, said = strings.ReplaceAll(out, job[1], "JOB"), strings.ReplaceAll(said, job[1], "JOB")
	}
	if talk := "job: JOB\n"; code != exit.OK || said != "" && (said != talk || r.acts == "") {
		t.Fatalf("request %d: exit code %d: %s", jumpAt, code, said)
	}
	if strings.Contains(out, "unknown") {
		t.Errorf("request %d: an outcome is not known: %s", jumpAt, out)
	}
	if r.acts != "" {
		done := strings.Count(out, ",sent,") + strings.Count(out, ",accepted,")
		for id, n := range s.stats(t)[r.acts] {
			if done--; n != 1 || !strings.Contains(out, id) {
				t.Errorf("request %d: %s was done %d times", jumpAt, id, n)
			}
		}
		if done != 0 {
			t.Errorf("request %d: the server counts %d fewer devices than the results", jumpAt, done)
		}
	}
	// The sandbox names its commands at random.
	return s, regexp.MustCompile(`[0-9a-f-]{36} is`).ReplaceAllString(out, "COMMAND is")
}

// wipeable are ids of devices that can be wiped.
func wipeable(t *testing.T, private, public []byte, n int) []string {
	t.Helper()
	s := newTokenServerOf(t, 450, 0, private, public)
	code, out, said := s.run(t, "devices", "list", "--type", "mobile", "--mdm", "registered", "--limit", strconv.Itoa(n), "-o", "json", "--jq", ".[].deviceId")
	ids := strings.Fields(out)
	if code != exit.OK || len(ids) != n {
		t.Fatalf("exit code %d: %s%s", code, out, said)
	}
	return ids
}
