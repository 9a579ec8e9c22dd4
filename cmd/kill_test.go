package cmd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
)

// The fleet of the kill test: 5,000 devices, 50 batches.
const (
	killPages    = 5
	killPageSize = 1000
)

// TestKilledRunsNotifyOnce kills a notify of 5,000 devices at a random moment,
// resumes it, kills that too, and resumes it to its end. The server honors no
// idempotency key and keeps no record that a client could ask: it only counts.
// By that count nobody is notified twice, who is called sent was notified, and
// everybody else is called unknown (docs/adr/0015).
func TestKilledRunsNotifyOnce(t *testing.T) {
	for round := range killRounds {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			killRound(t, rand.New(rand.NewPCG(uint64(round), 3)))
		})
	}
}

func killRound(t *testing.T, random *rand.Rand) {
	back := &countingBackEnd{sent: map[string]int{}}
	server := httptest.NewServer(back)
	defer server.Close()
	state := t.TempDir()

	said := "" // by the last run
	run := func(moment func(<-chan *os.Process) func(), args ...string) int {
		c, stderr := process(t, server, args...)
		c.Env = append(c.Env, "WORKSCTL_STATE_DIR="+state)
		code := runKilled(t, c, stderr, moment)
		said = stderr.String()
		return code
	}
	id := ""
	for id == "" { // killed before the journal appeared, nothing was sent
		run(back.killAt(random, 50, 300*time.Millisecond), "notify", "--all", "--yes")
		id = onlyJob(t, state)
		if n := len(back.counts()); id == "" && n > 0 {
			t.Fatalf("%d devices notified by a job that left no journal", n)
		}
	}
	run(back.killAt(random, 50, 200*time.Millisecond), "jobs", "resume", id, "--yes")
	last := run(unharmed, "jobs", "resume", id, "--yes")

	unknown := 0
	results := jobResultsOf(t, server, state, id)
	if len(results) != killPages*killPageSize {
		t.Errorf("%d devices accounted for", len(results))
	}
	counts := back.counts()
	for device, status := range results {
		n := counts[device]
		switch {
		case n > 1:
			t.Errorf("%s was notified %d times", device, n)
		case status == "sent" && n != 1:
			t.Errorf("%s is called sent, and was notified %d times", device, n)
		case status == "unknown":
			unknown++
		case status != "sent":
			t.Fatalf("%s ends as %q: %s", device, status, said)
		}
	}
	// What was under way when a process died, at most four requests each time.
	if unknown > 2*4*100 {
		t.Errorf("%d devices unknown", unknown)
	}
	if want := map[bool]int{true: 6, false: 0}[unknown > 0]; last != want {
		t.Errorf("exit code %d with %d devices unknown", last, unknown)
	}
}

// runKilled runs a worksctl that is killed at a moment, unless it ends before, and
// returns its exit code; -1 of one that was killed.
func runKilled(t *testing.T, c *exec.Cmd, stderr *bytes.Buffer, moment func(<-chan *os.Process) func()) int {
	t.Helper()
	started := make(chan *os.Process, 1)
	over := moment(started)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	started <- c.Process
	err := c.Wait()
	over()
	if code := c.ProcessState.ExitCode(); code != -1 && code != 0 && code != 6 {
		t.Fatalf("exit code %d: %v: %s", code, err, stderr)
	}
	return c.ProcessState.ExitCode()
}

// unharmed is no moment at all.
func unharmed(<-chan *os.Process) func() { return func() {} }

// onlyJob is the id of the one job in a state folder, or nothing.
func onlyJob(t *testing.T, state string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(state, "jobs", "*.jsonl"))
	if err != nil || len(found) > 1 {
		t.Fatalf("%v, %v", found, err)
	}
	if len(found) == 0 {
		return ""
	}
	return strings.TrimSuffix(filepath.Base(found[0]), ".jsonl")
}

// jobResultsOf is the status of each device as jobs show tells it.
func jobResultsOf(t *testing.T, server *httptest.Server, state, id string) map[string]string {
	t.Helper()
	c, stderr := process(t, server, "jobs", "show", id, "-o", "json")
	c.Env = append(c.Env, "WORKSCTL_STATE_DIR="+state)
	text, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	var job struct {
		Results []struct{ DeviceID, Status string }
	}
	if err := json.Unmarshal(text, &job); err != nil {
		t.Fatal(err)
	}
	status := map[string]string{}
	for _, r := range job.Results {
		status[r.DeviceID] = r.Status
	}
	return status
}

// reaper kills a client at a certain one of its acting requests.
type reaper struct {
	mu    sync.Mutex
	until int    // acting requests to go before kill
	late  bool   // kill only after the request was carried out
	kill  func() // nil: nobody is to be killed
}

// killAt chooses the moment of death: one of the next requests, before or after
// it is carried out, or any time within a span.
func (r *reaper) killAt(random *rand.Rand, requests int, span time.Duration) func(<-chan *os.Process) func() {
	chosen, anyTime := random.IntN(3), time.Duration(random.Int64N(int64(span)))
	return func(started <-chan *os.Process) func() {
		once := sync.OnceFunc(func() { _ = (<-started).Kill() }) // it may be over
		if chosen == 0 {
			timer := time.AfterFunc(anyTime, once)
			return func() { timer.Stop() }
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.until, r.late, r.kill = random.IntN(requests), chosen == 2, once
		return func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.kill = nil
		}
	}
}

// during carries out an acting request, and kills the client before or after it
// if that is its moment.
func (r *reaper) during(act func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	dies := r.kill != nil && r.until == 0
	r.until--
	if dies && !r.late {
		r.kill()
	}
	act()
	if dies && r.late {
		r.kill()
	}
}

// countingBackEnd lists numbered devices and counts notices by device.
type countingBackEnd struct {
	reaper
	sent map[string]int
}

// counts are the notices of each device so far.
func (b *countingBackEnd) counts() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.sent)
}

func (b *countingBackEnd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if id, one := strings.CutPrefix(r.URL.Path, sandbox.APIPath+"/security/devices/device-"); one && r.Method == http.MethodGet {
		var n int
		_, _ = fmt.Sscan(strings.TrimLeft(id, "0")+" ", &n) // 0 for the first
		_, _ = w.Write([]byte(deviceJSON(n)))
		return
	}
	if r.Method == http.MethodGet {
		page := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("cursor"), &page) // the first has none
		_, _ = w.Write(pageOf(page, killPages, killPageSize))
		return
	}
	var in struct{ DeviceIDs []string }
	if r.URL.Path != sandbox.APIPath+"/security/devices/update-notifications" || json.NewDecoder(r.Body).Decode(&in) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	results := make([]string, len(in.DeviceIDs))
	b.during(func() {
		for i, id := range in.DeviceIDs {
			b.sent[id]++
			results[i] = fmt.Sprintf(`{"deviceId":%q,"status":"SENT"}`, id)
		}
	})
	_, _ = fmt.Fprintf(w, `{"results":[%s]}`, strings.Join(results, ","))
}
