//go:build unix

package cmd_test

import (
	"bytes"
	"net/http"
	"regexp"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
)

// TestAWipeIsOvertakenAtTheQuestion has a wipe of the same phone go out while
// the question of another stands there: the word that is then typed was
// meant for a phone of which nothing was pending, and sends nothing.
func TestAWipeIsOvertakenAtTheQuestion(t *testing.T) {
	for name, meanwhile := range map[string]func(t *testing.T, w *watched){
		"pending":   func(*testing.T, *watched) {},
		"delivered": func(t *testing.T, w *watched) { w.control(t, http.MethodPost, "devices/"+lostPhone+"/online", "") },
		"completed": func(t *testing.T, w *watched) {
			w.control(t, http.MethodPost, "devices/"+lostPhone+"/online", "")
			w.control(t, http.MethodPost, "clock", `{"advance":"1h"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := watch(t, nil)
			s := newShell(t, w.URL, w.token)
			state, _ := s.env.LookupEnv("WORKSCTL_STATE_DIR")

			c, _ := process(t, w.Server, "wipe", lostPhone, "--reason", "lost")
			c.Env = append(c.Env, "WORKSCTL_TOKEN="+w.token, "WORKSCTL_STATE_DIR="+state, "TERM=dumb")
			var out bytes.Buffer
			c.Stdout = &out
			terminal := startAtTerminal(t, c)
			shown := untilAsked(terminal, func(question string) {
				if code, _, stderr := s.run(t.Context(), "wipe", lostPhone, "--reason", "lost", "--yes"); code != exit.OK {
					t.Errorf("the other wipe: exit code %d: %s", code, stderr)
				}
				meanwhile(t, w)
				word := regexp.MustCompile(`Type (\S+) to go on`).FindStringSubmatch(question)
				_, _ = terminal.WriteString(word[1] + "\n") // it shows in what follows
			})
			_ = c.Wait() // the exit code says more
			if code := c.ProcessState.ExitCode(); code != 0 && code != 5 {
				t.Errorf("exit code %d: %s", code, shown)
			}
			if n := w.done(t, "wipe")[lostPhone]; n != 1 || w.posts.Load() != 1 {
				t.Errorf("wiped %d times, by %d requests: %s%s", n, w.posts.Load(), out.String(), shown)
			}
		})
	}
}
