//go:build unix

package cmd_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
)

// TestASignalEndsAWaitAtOnce interrupts a notify of 5,000 devices while it
// waits for the rate limit: it doesn't wait for the limit's end, and sends
// nothing more.
func TestASignalEndsAWaitAtOnce(t *testing.T) {
	for name, limit := range map[string]func(w http.ResponseWriter) (acts bool){
		"429": func(w http.ResponseWriter) bool {
			w.Header().Set("Retry-After", "60")
			writeJSON(w, http.StatusTooManyRequests, map[string]string{"code": "TOO_MANY_REQUESTS", "description": "later"})
			return false
		},
		"nothing remains": func(w http.ResponseWriter) bool {
			w.Header().Set("RateLimit-Limit", "240")
			w.Header().Set("RateLimit-Remaining", "0")
			w.Header().Set("RateLimit-Reset", "60")
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			back := &countingBackEnd{sent: map[string]int{}}
			var signaled atomic.Bool
			var after atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost && signaled.Load() {
					after.Add(1)
				}
				if r.Method == http.MethodGet || limit(w) {
					back.ServeHTTP(w, r)
				}
			}))
			defer server.Close()
			s := newShell(t, server.URL, "token")
			interrupt := sync.OnceFunc(func() {
				if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
					t.Error(err)
				}
			})
			s.env.Sleep = func(ctx context.Context, d time.Duration) error {
				if d < 50*time.Second {
					t.Errorf("waits for %s only", d)
				}
				interrupt()
				select {
				case <-ctx.Done():
					signaled.Store(true)
				case <-time.After(patience):
					t.Error("the signal didn't end the wait")
				}
				return context.Cause(ctx)
			}
			code, _, stderr := s.run(cmd.WithSignals(t.Context()), "notify", "--all", "--yes")
			id := jobIn(t, stderr)
			if code != exit.Interrupted || !strings.Contains(stderr, "\nhint: worksctl jobs resume "+id+"\n") {
				t.Errorf("exit code %d, want 130 and how to go on: %s", code, stderr)
			}
			if n := after.Load(); n > 3 { // which were on their way while the fourth waited
				t.Errorf("%d requests left after the signal", n)
			}
			state, _ := s.env.LookupEnv("WORKSCTL_STATE_DIR")
			n := tally(jobResultsOf(t, server, state, id))
			if sent := len(back.counts()); n["sent"] != sent || n["planned"] != 5000-sent {
				t.Errorf("%d devices notified; the journal says %v", sent, n)
			}
		})
	}
}

// TestInterruptedAtTheQuestion presses Ctrl-C, and ends the process from
// outside, while the question of an action stands there.
func TestInterruptedAtTheQuestion(t *testing.T) {
	for _, action := range []string{"notify --os ios", "notify " + lostPhone, "wipe --reason lost " + lostPhone, "reset " + lostPhone, "mdm disable " + lostPhone, "mdm disable --tenant"} {
		for key, codes := range map[string][]int{
			"^C": {130}, "SIGTERM": {143}, "SIGHUP": {143}, "no terminal any more": {143, 1, 5}, // whichever is noticed first: the signal, a fault, the end of the input
		} {
			t.Run(action+", "+key, func(t *testing.T) {
				t.Parallel()
				w := watch(t, nil)
				state := t.TempDir()
				c, _ := process(t, w.Server, strings.Fields(action)...)
				c.Env = append(c.Env, "WORKSCTL_TOKEN="+w.token, "WORKSCTL_STATE_DIR="+state, "TERM=dumb")
				var out bytes.Buffer
				c.Stdout = &out
				terminal := startAtTerminal(t, c)
				shown := untilAsked(terminal, func(string) { // an error shows in the exit code
					switch key {
					case "^C":
						_, _ = terminal.WriteString("\x03")
					case "SIGTERM":
						_ = c.Process.Signal(syscall.SIGTERM)
					case "SIGHUP":
						_ = c.Process.Signal(syscall.SIGHUP)
					case "no terminal any more":
						_ = terminal.Close()
					}
				})
				err := c.Wait()
				if code := c.ProcessState.ExitCode(); !slices.Contains(codes, code) {
					t.Errorf("%v, want exit code %v: %s", err, codes, shown)
				}
				if n := w.posts.Load(); n != 0 || out.Len() > 0 {
					t.Errorf("%d acting requests; stdout %q", n, out.String())
				}
				left, err := filepath.Glob(filepath.Join(state, "jobs", "*")) // with hidden ones
				if err != nil || len(slices.DeleteFunc(left, func(path string) bool { return filepath.Base(path) == ".lock" })) > 0 {
					t.Errorf("left in the folder of jobs: %s, %v", left, err)
				}
			})
		}
	}
}

// startAtTerminal starts c with a terminal of its own for standard input and
// error.
func startAtTerminal(t *testing.T, c *exec.Cmd) (terminal *os.File) {
	t.Helper()
	terminal, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = terminal.Close() }) // a test may have closed it
	c.Stdin, c.Stderr = tty, tty
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	start(t, c)
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	return terminal
}

// untilAsked calls then once a question stands on the terminal, and returns
// all that was shown when nobody holds the other end any more.
func untilAsked(terminal *os.File, then func(question string)) (shown []byte) {
	called := false
	buf := make([]byte, 4<<10)
	for {
		n, err := terminal.Read(buf)
		if shown = append(shown, buf[:n]...); err != nil {
			return shown
		}
		if !called && asks(shown) {
			called = true
			then(string(shown))
		}
	}
}

// TestInterruptedWhileAWipeIsFollowed stops `wipe --wait`: the phone has yet to
// be online, which is not known yet, and the job goes on by other commands.
func TestInterruptedWhileAWipeIsFollowed(t *testing.T) {
	w := watch(t, nil)
	state := filepath.Join(t.TempDir(), "state")
	command := func(args ...string) (code int, out, talk string) {
		c, stderr := process(t, w.Server, args...)
		c.Env = append(c.Env, "WORKSCTL_TOKEN="+w.token, "WORKSCTL_STATE_DIR="+state)
		var stdout bytes.Buffer
		c.Stdout = &stdout
		start(t, c)
		var polls atomic.Int64
		w.hold(func(r *http.Request) {
			if args[0] == "wipe" && strings.HasPrefix(r.URL.Path, commandsPath+"/") && polls.Add(1) == 3 {
				_ = c.Process.Signal(syscall.SIGINT) // it shows in the exit code
			}
		})
		_ = c.Wait() // the exit code says more
		return c.ProcessState.ExitCode(), stdout.String(), stderr.String()
	}
	code, out, talk := command("wipe", lostPhone, "--reason", "lost", "--yes", "--wait", "--wait-timeout", "365d")
	id := jobIn(t, talk)
	if code != 6 || !strings.Contains(out, "accepted") || !strings.Contains(talk, "interrupted\nhint: worksctl jobs wait "+id) {
		t.Errorf("exit code %d, want 6: %s%s", code, out, talk)
	}
	check := func(code int, args ...string) {
		t.Helper()
		if got, out, talk := command(args...); got != code {
			t.Errorf("%v: exit code %d, want %d: %s%s", args, got, code, out, talk)
		}
	}
	check(6, "jobs", "wait", id, "--wait-timeout", "1m")
	check(6, "jobs", "verify", id)
	w.control(t, http.MethodPost, "devices/"+lostPhone+"/online", "")
	w.control(t, http.MethodPost, "clock", `{"advance":"1h"}`)
	check(0, "jobs", "wait", id, "--wait-timeout", "1m")
	check(0, "jobs", "verify", id)
	if n := w.done(t, "wipe")[lostPhone]; n != 1 || w.posts.Load() != 1 {
		t.Errorf("wiped %d times, by %d requests", n, w.posts.Load())
	}
}
