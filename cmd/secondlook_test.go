package cmd_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
)

// TestAWipeSeesAnotherThatHasNotArrived holds the request of the first of two
// wipes of a phone until the second has ended: the back end knows of no command
// then, only the journal of the first.
func TestAWipeSeesAnotherThatHasNotArrived(t *testing.T) {
	w := watch(t, nil)
	looked, ended := gather(2), gather(1)
	w.hold(func(r *http.Request) {
		switch {
		case r.Method == http.MethodPost && w.posts.Load() > 1:
			ended.come() // which it must not; nobody waits for it in vain
		case r.Method == http.MethodPost:
			ended.wait(r)
		case r.URL.Path == commandsPath && looked.left.Load() > 0:
			looked.come()
			looked.wait(r)
		}
	})
	wipe := []string{"wipe", lostPhone, "--reason", "lost", "--yes"}
	variables := []string{"WORKSCTL_TOKEN=" + w.token, "WORKSCTL_STATE_DIR=" + t.TempDir()}
	codes := map[int]int{}
	for _, e := range together(t, w.Server, variables, [][]string{wipe, wipe}, ended.come) {
		if codes[e.code]++; e.code == 5 && !strings.Contains(e.stderr, "nothing was sent") {
			t.Errorf("refused otherwise: %s", e.stderr)
		}
	}
	if codes[0] != 1 || codes[5] != 1 || w.posts.Load() != 1 {
		t.Errorf("exit codes %v, and %d requests", codes, w.posts.Load())
	}
}

// TestAResumeIsOvertaken has the phone wiped from another machine at the last
// moment at which a resume looks.
func TestAResumeIsOvertaken(t *testing.T) {
	looks := 0
	for _, overtaken := range []bool{false, true} { // at first only counts the looks
		w := watch(t, nil, sandbox.Fault{Kind: "expired-token", Method: http.MethodPost, Path: devicesPath})
		state := t.TempDir()
		run := func(args ...string) ended {
			variables := []string{"WORKSCTL_TOKEN=" + w.token, "WORKSCTL_STATE_DIR=" + state}
			return together(t, w.Server, variables, [][]string{args}, nil)[0]
		}
		wipe := []string{"wipe", lostPhone, "--reason", "lost", "--yes"}
		first := run(wipe...)
		if first.code != 3 || w.posts.Swap(0) != 1 {
			t.Fatalf("exit code %d: %s", first.code, first.stderr)
		}
		other := newShell(t, w.URL, w.token)
		var seen atomic.Int64
		w.hold(func(r *http.Request) {
			if r.Method != http.MethodGet || r.URL.Path != commandsPath || seen.Add(1) != int64(looks) {
				return
			}
			if code, _, stderr := other.run(t.Context(), wipe...); code != exit.OK {
				t.Errorf("the other wipe: exit code %d: %s", code, stderr)
			}
		})
		resumed := run("jobs", "resume", jobIn(t, first.stderr), "--yes")
		switch {
		case !overtaken && resumed.code != 0:
			t.Fatalf("exit code %d: %s", resumed.code, resumed.stderr)
		case overtaken && (resumed.code != 5 || !strings.Contains(resumed.stderr, "was sent a WIPE meanwhile")):
			t.Errorf("exit code %d: %s", resumed.code, resumed.stderr)
		}
		if n := w.done(t, "wipe")[lostPhone]; n != 1 || w.posts.Load() != 1 {
			t.Errorf("wiped %d times, by %d requests", n, w.posts.Load())
		}
		looks = int(seen.Load())
	}
}
