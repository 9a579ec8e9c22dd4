package cmd_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
)

// lostPhone is registered for remote management.
const lostPhone = "00d21a16-796a-41f2-b60a-f383f5de956f"

const (
	devicesPath  = sandbox.APIPath + "/security/devices/"
	commandsPath = sandbox.APIPath + "/security/device-commands"
)

// TestALostAnswerIsSettledAtOnce loses the answer to a wipe or reset that was
// carried out: the back end is asked what became of it.
func TestALostAnswerIsSettledAtOnce(t *testing.T) {
	noKeys := func(s *sandbox.Settings) { s.KeepIdempotencyKeys = false }
	for name, test := range map[string]struct {
		fault    sandbox.Fault
		settings func(*sandbox.Settings)
		detail   string
	}{
		"connection drops":                    {sandbox.Fault{Kind: "drop-after"}, nil, "waits until the phone is online"},
		"half an answer":                      {sandbox.Fault{Kind: "cut-body"}, nil, "waits until the phone is online"},
		"a page of a guest network":           {sandbox.Fault{Kind: "non-json", Acts: true}, nil, "waits until the phone is online"},
		"500":                                 {sandbox.Fault{Kind: "status", Status: 500, Acts: true}, nil, "waits until the phone is online"},
		"connection drops, no keys are kept":  {sandbox.Fault{Kind: "drop-after"}, noKeys, "waits until the phone is online (matched by time)"},
		"504 of a gateway, no keys are kept":  {sandbox.Fault{Kind: "status", Status: 504, Acts: true}, noKeys, "waits until the phone is online (matched by time)"},
		"half an answer, keys are not obeyed": {sandbox.Fault{Kind: "cut-body"}, func(s *sandbox.Settings) { s.HonorIdempotencyKeys = false }, "waits until the phone is online"},
	} {
		for _, verb := range []string{"wipe", "reset"} {
			t.Run(verb+", "+name, func(t *testing.T) {
				test.fault.Method, test.fault.Path = http.MethodPost, devicesPath
				w := watch(t, test.settings, test.fault)
				s := newShell(t, w.URL, w.token)
				code, out, stderr := s.run(t.Context(), verb, lostPhone, "--reason", "lost", "--yes", "-o", "csv", "--columns", "device_id,status,detail", "--no-headers")
				if want := lostPhone + ",accepted," + test.detail + "\n"; code != exit.OK || out != want {
					t.Errorf("exit code %d, want 0: %q, want %q: %s", code, out, want, stderr)
				}
				if n := w.done(t, verb)[lostPhone]; n != 1 || w.posts.Load() != 1 {
					t.Errorf("done %d times, by %d requests", n, w.posts.Load())
				}
				// A resume finds nothing to do.
				if code, _, stderr := s.run(t.Context(), "jobs", "resume", jobIn(t, stderr), "--yes"); code != exit.OK || w.posts.Load() != 1 {
					t.Errorf("resume: exit code %d, %d requests: %s", code, w.posts.Load(), stderr)
				}
			})
		}
	}
}

// TestAnUnknownCommandIsNotSentAgain drops a wipe or reset before anything is
// done: the back end shows none, which may change yet.
func TestAnUnknownCommandIsNotSentAgain(t *testing.T) {
	for _, verb := range []string{"wipe", "reset"} {
		t.Run(verb, func(t *testing.T) {
			w := watch(t, nil, sandbox.Fault{Kind: "drop-before", Method: http.MethodPost, Path: devicesPath})
			s := newShell(t, w.URL, w.token)
			act := func(verb string) []string { return []string{verb, lostPhone, "--reason", "lost", "--yes"} }
			code, _, stderr := s.run(t.Context(), act(verb)...)
			id := jobIn(t, stderr)
			if hint := "hint: worksctl jobs resume " + id + " "; code != exit.Unknown || !strings.Contains(stderr, hint) {
				t.Errorf("exit code %d, want 6 and %q: %s", code, hint, stderr)
			}
			// Neither typing it again nor the other command sends anything.
			for _, again := range [][]string{act("wipe"), act("reset")} {
				code, _, stderr := s.run(t.Context(), again...)
				if code != exit.Refused || !strings.Contains(stderr, id) {
					t.Errorf("%v: exit code %d, want 5 naming job %s: %s", again, code, id, stderr)
				}
			}
			for _, step := range []struct {
				args []string
				code exit.Code
			}{
				{[]string{"jobs", "resume", id, "--yes"}, exit.Unknown},
				{[]string{"jobs", "resume", id, "--resend-unknown"}, exit.Usage},
				{[]string{"jobs", "wait", id, "--wait-timeout", "1m"}, exit.Unknown},
				{[]string{"jobs", "verify", id}, exit.Unknown},
			} {
				if code, out, stderr := s.run(t.Context(), step.args...); code != step.code {
					t.Errorf("%v: exit code %d, want %d: %s%s", step.args, code, step.code, out, stderr)
				}
			}
			if n := w.posts.Load(); n != 1 {
				t.Fatalf("%d requests left, want the first only", n)
			}
			for range 2 { // the second time nothing is unknown any more
				code, out, stderr := s.run(t.Context(), "jobs", "resume", id, "--resend-unknown", "--yes", "-o", "csv", "--columns", "device_id,status", "--no-headers")
				if want := lostPhone + ",accepted\n"; code != exit.OK || out != want {
					t.Errorf("exit code %d, %q, want %q: %s", code, out, want, stderr)
				}
				if n := w.done(t, verb)[lostPhone]; n != 1 || w.posts.Load() != 2 {
					t.Errorf("done %d times, by %d requests", n, w.posts.Load()-1)
				}
			}
		})
	}
}

// TestABackEndThatCantBeAsked loses the answer to a command that was carried
// out, and every answer about it: a resume finds it when the back end is well.
func TestABackEndThatCantBeAsked(t *testing.T) {
	for name, deaf := range map[string]sandbox.Fault{
		"no answer":                 {Kind: "drop-before"},
		"half an answer":            {Kind: "cut-body"},
		"a page of a guest network": {Kind: "non-json"},
		"500":                       {Kind: "status", Status: 500},
		"503":                       {Kind: "status", Status: 503, RetryAfter: "10"},
	} {
		for _, verb := range []string{"wipe", "reset"} {
			t.Run(verb+", "+name, func(t *testing.T) {
				deaf.Method, deaf.Path, deaf.Times = http.MethodGet, commandsPath, -1
				w := watch(t, nil, sandbox.Fault{Kind: "drop-after", Method: http.MethodPost, Path: devicesPath})
				w.hold(func(r *http.Request) {
					if r.Method != http.MethodPost {
						return
					}
					if _, err := w.backend.AddFault(r.Context(), deaf); err != nil {
						t.Error(err)
					}
				})
				s := newShell(t, w.URL, w.token)
				act := []string{verb, lostPhone, "--reason", "lost", "--yes"}
				code, _, stderr := s.run(t.Context(), act...)
				id := jobIn(t, stderr)
				if code != exit.Unknown {
					t.Errorf("exit code %d, want 6: %s", code, stderr)
				}
				for _, args := range [][]string{{"jobs", "resume", id, "--yes"}, {"jobs", "resume", id, "--resend-unknown", "--yes"}} {
					if code, out, stderr := s.run(t.Context(), args...); code != exit.Unknown {
						t.Errorf("%v: exit code %d, want 6: %s%s", args, code, out, stderr)
					}
				}
				if code, _, stderr := s.run(t.Context(), act...); code != exit.Refused {
					t.Errorf("%v: exit code %d, want 5: %s", act, code, stderr)
				}
				w.control(t, http.MethodDelete, "faults", "")
				code, out, stderr := s.run(t.Context(), "jobs", "resume", id, "--resend-unknown", "--yes", "-o", "csv", "--columns", "device_id,status", "--no-headers")
				if want := lostPhone + ",accepted\n"; code != exit.OK || out != want {
					t.Errorf("exit code %d, %q, want %q: %s", code, out, want, stderr)
				}
				if n := w.done(t, verb)[lostPhone]; n != 1 || w.posts.Load() != 1 {
					t.Errorf("done %d times, by %d requests", n, w.posts.Load())
				}
			})
		}
	}
}

// TestAnUnknownNoticeIsNotSentAgain sends notices whose answer can't be read:
// nobody can be asked, so they stay unknown, and nothing sends them again but
// the flag that says so.
func TestAnUnknownNoticeIsNotSentAgain(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"connection drops":            {Kind: "drop-after"},
		"half an answer":              {Kind: "cut-body"},
		"a page of a guest network":   {Kind: "non-json", Acts: true},
		"502":                         {Kind: "status", Status: 502, Acts: true},
		"connection drops before it":  {Kind: "drop-before"},
		"a page before anything else": {Kind: "non-json"},
	} {
		t.Run(name, func(t *testing.T) {
			fault.Method, fault.Path = http.MethodPost, devicesPath+"update-notifications"
			w := watch(t, nil, fault)
			s := newShell(t, w.URL, w.token)
			want := 1
			if fault.Kind == "drop-before" || fault.Kind == "non-json" && !fault.Acts {
				want = 0 // which nobody but this test knows
			}
			notify := []string{"notify", lostPhone, "--yes", "-o", "csv", "--columns", "status,code", "--no-headers"}
			code, out, stderr := s.run(t.Context(), notify...)
			id := jobIn(t, stderr)
			if code != exit.Unknown || out != "unknown,OUTCOME_UNKNOWN\n" {
				t.Errorf("exit code %d, %q, want 6 and unknown: %s", code, out, stderr)
			}
			if code, out, stderr := s.run(t.Context(), notify...); code != exit.OK || out != "skipped,MAYBE_NOTIFIED\n" {
				t.Errorf("again: exit code %d, %q, want 0 and skipped: %s", code, out, stderr)
			}
			if code, out, stderr := s.run(t.Context(), "jobs", "resume", id, "--yes"); code != exit.Unknown {
				t.Errorf("resume: exit code %d, want 6: %s%s", code, out, stderr)
			}
			if n := w.done(t, "notify")[lostPhone]; n != want || w.posts.Load() != 1 {
				t.Errorf("notified %d times, want %d, by %d requests", n, want, w.posts.Load())
			}
			if code, out, stderr := s.run(t.Context(), "jobs", "resume", id, "--resend-unknown", "--yes"); code != exit.OK {
				t.Errorf("resume --resend-unknown: exit code %d: %s%s", code, out, stderr)
			}
			if n := w.done(t, "notify")[lostPhone]; n != want+1 || w.posts.Load() != 2 {
				t.Errorf("notified %d times, want %d, by %d requests", n, want+1, w.posts.Load())
			}
		})
	}
}
