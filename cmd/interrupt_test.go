//go:build unix

package cmd_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestSignalsFinishWhatIsUnderWay stops a notify of 5,000 devices while four
// requests are under way: they are finished, nothing leaves after them, and a
// resume sends the rest.
func TestSignalsFinishWhatIsUnderWay(t *testing.T) {
	const underWay = 4
	for signal, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 143} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			back := &countingBackEnd{sent: map[string]int{}}
			held := holdAnswers(back)
			server := httptest.NewServer(held)
			defer server.Close()
			defer held.release()
			state := t.TempDir()

			c, stderr := process(t, server, "notify", "--all", "--yes", "-o", "csv", "--columns", "status", "--no-headers")
			c.Env = append(c.Env, "WORKSCTL_STATE_DIR="+state)
			var out bytes.Buffer
			c.Stdout = &out
			start(t, c)
			for range underWay {
				held.await(t)
			}
			if err := c.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			// Time for the process to hear of it; meanwhile it is at work still.
			id := onlyJob(t, state)
			if n := tally(jobResultsOf(t, server, state, id)); n["sending"] != 100*underWay || n["planned"] != 5000-100*underWay {
				t.Errorf("while the requests are under way: %v", n)
			}
			held.release()

			err := c.Wait()
			if c.ProcessState.ExitCode() != code {
				t.Errorf("%v, want exit code %d", err, code)
			}
			if n := len(back.counts()); n != 100*underWay {
				t.Errorf("%d devices notified, want those under way", n)
			}
			why := map[int]string{130: "interrupted", 143: "terminated"}[code]
			says := fmt.Sprintf("job: %s\nerror: notify: 400 sent, 4600 not sent: stopped: %s\nhint: worksctl jobs resume %s\n", id, why, id)
			if stderr.String() != says {
				t.Errorf("stderr %q, want %q", stderr, says)
			}
			if sent, left := strings.Count(out.String(), "sent\n"), strings.Count(out.String(), "planned\n"); sent != 400 || left != 4600 {
				t.Errorf("%d sent, %d planned in the results", sent, left)
			}

			c, stderr = process(t, server, "jobs", "resume", id, "--yes")
			c.Env = append(c.Env, "WORKSCTL_STATE_DIR="+state)
			if err := c.Run(); err != nil {
				t.Errorf("resume: %v: %s", err, stderr)
			}
			checkEachOnce(t, back)
			if n := tally(jobResultsOf(t, server, state, id)); n["sent"] != 5000 {
				t.Errorf("after the resume: %v", n)
			}
		})
	}
}

// TestTheReaderGoesAway has somebody who reads the first line of a notify only
// (`2>&1 | head -1`): what has begun to act goes on to its end.
func TestTheReaderGoesAway(t *testing.T) {
	back := &countingBackEnd{sent: map[string]int{}}
	held := holdAnswers(back)
	server := httptest.NewServer(held)
	defer server.Close()
	defer held.release()
	state := t.TempDir()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c, _ := process(t, server, "notify", "--all", "--yes", "-v", "-o", "csv")
	c.Env = append(c.Env, "WORKSCTL_STATE_DIR="+state)
	c.Stdout, c.Stderr = writer, writer
	start(t, c)
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	held.await(t)
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	held.release()
	if err := c.Wait(); err != nil {
		t.Errorf("%v: all of it was done, and a script would do it again", err)
	}
	checkEachOnce(t, back)
	if n := tally(jobResultsOf(t, server, state, onlyJob(t, state))); n["sent"] != 5000 {
		t.Errorf("the journal says %v", n)
	}
}

func checkEachOnce(t *testing.T, back *countingBackEnd) {
	t.Helper()
	counts := back.counts()
	if len(counts) != killPages*killPageSize {
		t.Errorf("%d devices notified", len(counts))
	}
	for device, n := range counts {
		if n != 1 {
			t.Errorf("%s was notified %d times", device, n)
		}
	}
}

// tally counts the devices by their status.
func tally(results map[string]string) map[string]int {
	n := map[string]int{}
	for status := range maps.Values(results) {
		n[status]++
	}
	return n
}

// holding acts on requests, and holds the answers back.
type holding struct {
	next    http.Handler
	acted   chan struct{} // a request was acted on
	gate    chan struct{}
	release func() // lets all answers go, from now on
}

func holdAnswers(next http.Handler) *holding {
	h := &holding{next: next, acted: make(chan struct{}, 1000), gate: make(chan struct{})}
	h.release = sync.OnceFunc(func() { close(h.gate) })
	return h
}

func (h *holding) await(t *testing.T) {
	t.Helper()
	select {
	case <-h.acted:
	case <-time.After(patience):
		t.Fatal("no request came")
	}
}

func (h *holding) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		h.next.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	h.next.ServeHTTP(answer, r)
	h.acted <- struct{}{}
	<-h.gate
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}
