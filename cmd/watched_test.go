package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

// patience is how long a test waits for what has to happen.
const patience = 60 * time.Second

// watched is a sandbox on loopback that counts the requests which act.
type watched struct {
	*httptest.Server
	backend *sandbox.Backend
	token   string
	posts   atomic.Int64

	before atomic.Pointer[func(*http.Request)] // see hold
}

func watch(t *testing.T, settings func(*sandbox.Settings), faults ...sandbox.Fault) *watched {
	t.Helper()
	now, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{}
	w.backend, err = sandbox.Open(sandbox.Options{
		Now: func() time.Time { return now }, Seed: seed.Options{Devices: 1000}, Faults: faults,
		Settings: func(s *sandbox.Settings) {
			if s.RateLimit = 0; settings != nil { // its minute would never end
				settings(s)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.token, err = w.backend.AccessToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func (w *watched) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.posts.Add(1)
	}
	if before := w.before.Load(); before != nil {
		(*before)(r)
	}
	w.backend.ServeHTTP(rw, r)
}

// hold has each request wait until before returns.
func (w *watched) hold(before func(*http.Request)) { w.before.Store(&before) }

// control makes a request to the sandbox's controls.
func (w *watched) control(t *testing.T, method, path, body string) []byte {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, sandbox.AdminPath+"/"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	w.backend.ServeHTTP(answer, r)
	if answer.Code >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %d %s", method, path, answer.Code, answer.Body)
	}
	return answer.Body.Bytes()
}

// done is how often an action was really carried out, by device.
func (w *watched) done(t *testing.T, action string) map[string]int {
	t.Helper()
	var stats map[string]map[string]int
	if err := json.Unmarshal(w.control(t, http.MethodGet, "stats", ""), &stats); err != nil {
		t.Fatal(err)
	}
	return stats[action]
}

// shell runs one command line after another in this process, off a terminal,
// with one state folder.
type shell struct{ env cmd.Env }

func newShell(t *testing.T, url, token string) *shell {
	t.Helper()
	now, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{
		"HOME": t.TempDir(), "WORKSCTL_STATE_DIR": t.TempDir(), "WORKSCTL_API_URL": url + sandbox.APIPath, "WORKSCTL_TOKEN": token,
	}
	return &shell{cmd.Env{
		LookupEnv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
		Now:       func() time.Time { return now },
		Location:  time.UTC,
		Sleep:     atOnce,
	}}
}

func (s *shell) run(ctx context.Context, args ...string) (code exit.Code, stdout, stderr string) {
	env := s.env
	var out, talk bytes.Buffer
	env.Args, env.Out = args, &out
	if env.In == nil {
		env.In = &bytes.Buffer{}
	}
	if env.Err == nil {
		env.Err = &talk
	}
	code = cmd.Run(ctx, env)
	return code, out.String(), talk.String()
}

// jobIn is the id that a command named on stderr.
func jobIn(t *testing.T, stderr string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^job: (\S+)$`).FindStringSubmatch(stderr)
	if found == nil {
		t.Fatalf("names no job: %q", stderr)
	}
	return found[1]
}

// start runs c, and kills it when it is stuck.
func start(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(patience, func() { _ = c.Process.Kill() })
	t.Cleanup(func() { stuck.Stop() })
}
