package cmd_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

// TestActingRequestsLeaveOnce drops the connection after each acting request
// was read, on a connection that has served requests before: net/http would
// send it again there.
func TestActingRequestsLeaveOnce(t *testing.T) {
	const (
		registered   = "03cb103f-c1e0-40ba-94d4-2b9a73afcf7c" // for remote management
		unregistered = "0037a4aa-c10f-4f67-9a0d-6e96cfb61d8f"
	)
	for _, args := range []string{
		"notify " + unregistered,
		"notify --os ios",
		"wipe --reason lost " + registered,
		"reset --reason lost " + registered,
		"mdm enable " + unregistered,
		"mdm disable " + registered,
		"mdm enable --tenant --mode required",
		"mdm disable --tenant",
	} {
		t.Run(args, func(t *testing.T) {
			back := newDropping(t, args)
			server := httptest.NewServer(back)
			defer server.Close()
			c, stderr := process(t, server, append(strings.Fields(args), "--yes")...)
			c.Env = append(c.Env, "WORKSCTL_TOKEN="+back.token, "WORKSCTL_STATE_DIR="+filepath.Join(t.TempDir(), "state"))
			err := c.Run()
			if code := c.ProcessState.ExitCode(); code != 6 {
				t.Fatalf("exit code %d, %v: %s", code, err, stderr)
			}
			back.once(t)
		})
	}
}

// TestLaterRequestsLeaveOnce is the same for what follows up on a job.
func TestLaterRequestsLeaveOnce(t *testing.T) {
	const registered = "03cb103f-c1e0-40ba-94d4-2b9a73afcf7c"
	for _, tt := range []struct {
		verb  string
		first func(*dropping, http.ResponseWriter, *http.Request) // answers the action itself
		code  int
	}{
		{"resume", func(_ *dropping, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"code":"FORBIDDEN","description":"not today"}`))
		}, 6},
		{"cancel", func(d *dropping, w http.ResponseWriter, r *http.Request) { d.backend.ServeHTTP(w, r) }, 6},
	} {
		t.Run(tt.verb, func(t *testing.T) {
			back := newDropping(t, "")
			server := httptest.NewServer(back)
			defer server.Close()
			state := t.TempDir()
			run := func(args ...string) int {
				c, _ := process(t, server, args...)
				c.Env = append(c.Env, "WORKSCTL_TOKEN="+back.token, "WORKSCTL_STATE_DIR="+state)
				_ = c.Run() // the exit code says more
				return c.ProcessState.ExitCode()
			}
			back.answer(tt.first)
			run("wipe", registered, "--reason", "lost", "--yes")
			back.answer(nil)
			args := []string{"jobs", tt.verb, onlyJob(t, state)}
			if tt.verb == "resume" {
				args = append(args, "--yes")
			}
			if code := run(args...); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			back.once(t)
		})
	}
}

// dropping is a sandbox that reads acting requests and answers none.
type dropping struct {
	backend *sandbox.Backend
	token   string

	mu      sync.Mutex
	instead func(*dropping, http.ResponseWriter, *http.Request) // answers acting requests; nil drops them

	seen  map[string]bool // connections that have had an answer
	posts map[string]int  // acting requests by path and body
	warm  bool            // one came on such a connection
}

// answer has acting requests answered from now on, or with nil dropped.
func (d *dropping) answer(instead func(*dropping, http.ResponseWriter, *http.Request)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.instead = instead
}

// once checks that each acting request was read once, and one of them on a warm
// connection.
func (d *dropping) once(t *testing.T) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for request, times := range d.posts {
		if times != 1 {
			t.Errorf("left %d times: %s", times, request)
		}
	}
	if !d.warm {
		t.Errorf("%d acting requests, none on a warm connection", len(d.posts))
	}
}

func newDropping(t *testing.T, args string) *dropping {
	t.Helper()
	now, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	backend, err := sandbox.Open(sandbox.Options{
		Now: func() time.Time { return now }, Seed: seed.Options{Devices: 1000},
		Settings: func(s *sandbox.Settings) {
			if strings.HasPrefix(args, "mdm enable --tenant") {
				s.MDMMode = "NOT_IN_USE"
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := backend.AccessToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &dropping{backend: backend, token: token, seen: map[string]bool{}, posts: map[string]int{}}
}

func (d *dropping) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		d.backend.ServeHTTP(w, r)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.seen[r.RemoteAddr] = true
		return
	}
	d.mu.Lock()
	instead := d.instead
	d.mu.Unlock()
	if instead != nil {
		instead(d, w, r)
		return
	}
	body, _ := io.ReadAll(r.Body) // read it whole, then drop it
	d.mu.Lock()
	d.posts[r.URL.Path+" "+string(body)]++
	d.warm = d.warm || d.seen[r.RemoteAddr]
	d.mu.Unlock()
	panic(http.ErrAbortHandler)
}
