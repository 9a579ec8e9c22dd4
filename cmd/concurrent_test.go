package cmd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// ended is what is left of a process.
type ended struct {
	code        int
	out, stderr string
}

// together runs command lines as processes that share a state folder, all at
// the same moment. first is called once, when the first of them has ended; it
// may be nil.
func together(t *testing.T, server *httptest.Server, variables []string, lines [][]string, first func()) []ended {
	t.Helper()
	all := make([]ended, len(lines))
	var processes []*exec.Cmd
	var outs, errs []*bytes.Buffer
	for _, args := range lines {
		c, stderr := process(t, server, args...)
		out := &bytes.Buffer{}
		c.Stdout, c.Env = out, append(c.Env, variables...)
		processes, outs, errs = append(processes, c), append(outs, out), append(errs, stderr)
	}
	for _, c := range processes {
		start(t, c)
	}
	if first == nil {
		first = func() {}
	}
	first = sync.OnceFunc(first)
	var group sync.WaitGroup
	for i, c := range processes {
		group.Go(func() {
			_ = c.Wait() // the exit code says more
			first()
			all[i] = ended{c.ProcessState.ExitCode(), outs[i].String(), errs[i].String()}
		})
	}
	group.Wait()
	return all
}

// gathering holds callers of wait until so many have come.
type gathering struct {
	left atomic.Int64
	all  chan struct{}
}

func gather(n int64) *gathering {
	g := &gathering{all: make(chan struct{})}
	g.left.Store(n)
	return g
}

func (g *gathering) come() {
	if g.left.Add(-1) == 0 {
		close(g.all)
	}
}

// wait gives up when the one who asks has gone.
func (g *gathering) wait(r *http.Request) {
	select {
	case <-g.all:
	case <-r.Context().Done():
	}
}

// TestTwoNotifiesAtOnce starts two notices to the same 1,000 devices at the
// same moment: both have begun to read the list before the first request is
// answered. In every other round none is answered before there are five: one
// process has no more than four under way, so both are sending then.
func TestTwoNotifiesAtOnce(t *testing.T) {
	for round := range 20 {
		back := &countingBackEnd{sent: map[string]int{}}
		listed, posted := gather(2), gather(5)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodPost:
				listed.wait(r)
				if round%2 == 0 {
					posted.come()
					posted.wait(r)
				}
			case !r.URL.Query().Has("cursor"):
				listed.come()
			}
			back.ServeHTTP(w, r)
		}))
		notify := []string{"notify", "--all", "--limit", "1000", "--yes", "-o", "json"}
		both := together(t, server, []string{"WORKSCTL_STATE_DIR=" + t.TempDir()}, [][]string{notify, notify}, nil)
		server.Close()

		counts := back.counts()
		sent := map[string]int{}
		each := make([]int, 2)
		for i, e := range both {
			if e.code != 0 {
				t.Errorf("round %d: exit code %d: %s", round, e.code, e.stderr)
			}
			for device, r := range resultsIn(t, e.out) {
				switch {
				case r == "sent ":
					sent[device]++
					each[i]++
				case r != "skipped RECENTLY_NOTIFIED" && r != "skipped MAYBE_NOTIFIED":
					t.Errorf("round %d: %s ends as %s", round, device, r)
				}
			}
			if n := len(resultsIn(t, e.out)); n != 1000 {
				t.Errorf("round %d: a process accounts for %d devices", round, n)
			}
		}
		if len(counts) != 1000 || len(sent) != 1000 {
			t.Errorf("round %d: %d devices notified, %d called sent", round, len(counts), len(sent))
		}
		for device, n := range counts {
			if n != 1 || sent[device] != 1 {
				t.Errorf("round %d: %s was notified %d times, and is called sent by %d", round, device, n, sent[device])
			}
		}
		if round%2 == 0 && (each[0] == 0 || each[1] == 0) {
			t.Errorf("round %d: the processes sent %d and %d: they did not run at the same moment", round, each[0], each[1])
		}
	}
}

// resultsIn is the status and code of each device in results as JSON.
func resultsIn(t *testing.T, text string) map[string]string {
	t.Helper()
	var job struct {
		Results []struct{ DeviceID, Status, Code string }
	}
	if err := json.Unmarshal([]byte(text), &job); err != nil {
		t.Fatalf("%v: %q", err, text)
	}
	results := map[string]string{}
	for _, r := range job.Results {
		results[r.DeviceID] = r.Status + " " + r.Code
	}
	return results
}

// TestTwoWipesOfOnePhoneAtOnce starts two wipes of a phone at the same moment.
// Both have seen that nothing is pending before either goes on.
func TestTwoWipesOfOnePhoneAtOnce(t *testing.T) {
	for round := range 10 {
		w := watch(t, nil)
		looked := gather(2)
		w.hold(func(r *http.Request) {
			if r.Method == http.MethodGet && r.URL.Path == commandsPath && looked.left.Load() > 0 {
				looked.come()
				looked.wait(r)
			}
		})
		wipe := []string{"wipe", lostPhone, "--reason", "lost", "--yes", "-o", "json"}
		both := together(t, w.Server, []string{"WORKSCTL_TOKEN=" + w.token, "WORKSCTL_STATE_DIR=" + t.TempDir()}, [][]string{wipe, wipe}, nil)
		if n := w.done(t, "wipe")[lostPhone]; n != 1 || w.posts.Load() != 1 {
			t.Errorf("round %d: wiped %d times, by %d requests", round, n, w.posts.Load())
		}
		accepted := 0
		for _, e := range both {
			switch {
			case e.code == 0 && resultsIn(t, e.out)[lostPhone] == "accepted ":
				accepted++
			case e.code == 0 && resultsIn(t, e.out)[lostPhone] == "skipped COMMAND_ALREADY_EXIST":
			case e.code == 5 && strings.Contains(e.stderr, "nothing was sent"):
			default:
				t.Errorf("round %d: exit code %d: %s%s", round, e.code, e.out, e.stderr)
			}
		}
		if accepted != 1 {
			t.Errorf("round %d: %d call it accepted", round, accepted)
		}
	}
}

// TestTheHourlyCapHoldsAcrossProcesses starts eight wipes of different phones
// at the same moment, where three an hour may go out.
func TestTheHourlyCapHoldsAcrossProcesses(t *testing.T) {
	w := watch(t, nil)
	s := newShell(t, w.URL, w.token)
	_, out, _ := s.run(t.Context(), "devices", "list", "--type", "mobile", "--mdm", "registered", "--limit", "8", "-o", "csv", "--columns", "device_id", "--no-headers")
	phones := strings.Fields(out)
	if len(phones) != 8 {
		t.Fatalf("phones to wipe: %q", phones)
	}
	config := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(config, []byte("profiles:\n  - name: acme\n    max_wipes_per_hour: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	looked := gather(8)
	w.hold(func(r *http.Request) {
		if r.Method == http.MethodPost {
			looked.wait(r)
		} else if r.URL.Path == commandsPath && looked.left.Load() > 0 {
			looked.come()
			looked.wait(r)
		}
	})
	var lines [][]string
	for _, id := range phones {
		lines = append(lines, []string{"wipe", id, "--reason", "lost", "--yes"})
	}
	codes := map[int]int{}
	variables := []string{
		"WORKSCTL_TOKEN=" + w.token, "WORKSCTL_STATE_DIR=" + t.TempDir(), "WORKSCTL_CONFIG=" + config, "WORKSCTL_PROFILE=acme",
	}
	for _, e := range together(t, w.Server, variables, lines, nil) {
		codes[e.code]++
		if e.code == 5 && !strings.Contains(e.stderr, "max_wipes_per_hour") {
			t.Errorf("refused, but not for the cap: %s", e.stderr)
		}
	}
	if codes[0] != 3 || codes[5] != 5 {
		t.Errorf("exit codes %v, want 3 times 0 and 5 times 5", codes)
	}
	if done := w.done(t, "wipe"); len(done) != 3 || w.posts.Load() != 3 {
		t.Errorf("%v wiped, by %d requests", done, w.posts.Load())
	}
}

// TestTwoResumesAtOnce resumes a broken notify twice at the same moment. In
// every other round the requests of the first are held until the second has
// ended.
func TestTwoResumesAtOnce(t *testing.T) {
	for round := range 10 {
		back := &countingBackEnd{sent: map[string]int{}}
		var open atomic.Bool
		oneEnded := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method != http.MethodPost:
			case !open.Load():
				writeJSON(w, http.StatusUnauthorized, map[string]string{"code": "UNAUTHORIZED", "description": "expired"})
				return
			case round%2 == 0:
				select {
				case <-oneEnded:
				case <-r.Context().Done():
				}
			}
			back.ServeHTTP(w, r)
		}))
		state := t.TempDir()
		variables := []string{"WORKSCTL_STATE_DIR=" + state}
		if e := together(t, server, variables, [][]string{{"notify", "--all", "--limit", "1000", "--yes"}}, nil)[0]; e.code != 3 {
			t.Fatalf("exit code %d: %s", e.code, e.stderr)
		}
		id := onlyJob(t, state)
		open.Store(true)
		resume := []string{"jobs", "resume", id, "--yes"}
		both := together(t, server, variables, [][]string{resume, resume}, func() { close(oneEnded) })
		server.Close()

		counts := back.counts()
		if len(counts) != 1000 {
			t.Errorf("round %d: %d devices notified", round, len(counts))
		}
		for device, n := range counts {
			if n != 1 {
				t.Errorf("round %d: %s was notified %d times", round, device, n)
			}
		}
		slices.SortFunc(both, func(a, b ended) int { return a.code - b.code })
		held := strings.HasPrefix(both[1].stderr, fmt.Sprintf("error: job %s is held by process ", id))
		switch {
		case both[0].code != 0:
			t.Errorf("round %d: none worked: %+v", round, both)
		case both[1].code == 1 && held:
		case both[1].code == 0 && round%2 == 1: // it came when the other had done all
		default:
			t.Errorf("round %d: exit codes %d and %d: %s", round, both[0].code, both[1].code, both[1].stderr)
		}
	}
}
