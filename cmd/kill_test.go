package cmd_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
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

	run := func(moment func(<-chan *os.Process) func(), args ...string) int {
		c, stderr := process(t, server, args...)
		c.Env = append(c.Env, "WORKSCTL_STATE_DIR="+state)
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
	id := ""
	for id == "" { // killed before the journal appeared, nothing was sent
		run(back.killAt(random, 300*time.Millisecond), "notify", "--all", "--yes")
		id = onlyJob(t, state)
		if n := len(back.counts()); id == "" && n > 0 {
			t.Fatalf("%d devices notified by a job that left no journal", n)
		}
	}
	run(back.killAt(random, 200*time.Millisecond), "jobs", "resume", id, "--yes")
	last := run(func(<-chan *os.Process) func() { return func() {} }, "jobs", "resume", id, "--yes")

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
			t.Errorf("%s ends as %q", device, status)
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

// countingBackEnd lists numbered devices and counts notices by device. Once it
// kills the client, at a certain request for a notice.
type countingBackEnd struct {
	mu    sync.Mutex
	sent  map[string]int
	until int    // requests for notices to go before kill
	late  bool   // kill only after the notices are counted
	kill  func() // nil: nobody is to be killed
}

// counts are the notices of each device so far.
func (b *countingBackEnd) counts() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.sent)
}

// killAt chooses the moment of death: a request for a notice, before or after
// it is counted, or any time.
func (b *countingBackEnd) killAt(random *rand.Rand, span time.Duration) func(<-chan *os.Process) func() {
	chosen, anyTime := random.IntN(3), time.Duration(random.Int64N(int64(span)))
	return func(started <-chan *os.Process) func() {
		once := sync.OnceFunc(func() { _ = (<-started).Kill() }) // it may be over
		if chosen == 0 {
			timer := time.AfterFunc(anyTime, once)
			return func() { timer.Stop() }
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.until, b.late, b.kill = random.IntN(50), chosen == 2, once
		return func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.kill = nil
		}
	}
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
	b.mu.Lock()
	defer b.mu.Unlock()
	dies := b.kill != nil && b.until == 0
	b.until--
	if dies && !b.late {
		b.kill()
	}
	results := make([]string, len(in.DeviceIDs))
	for i, id := range in.DeviceIDs {
		b.sent[id]++
		results[i] = fmt.Sprintf(`{"deviceId":%q,"status":"SENT"}`, id)
	}
	if dies && b.late {
		b.kill()
	}
	_, _ = fmt.Fprintf(w, `{"results":[%s]}`, strings.Join(results, ","))
}
