//go:build unix

package cmd_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
)

// TestNothingTypedAheadWipes types the word of a phone where it answers no
// question: before the question stands there, and behind the reason in one
// paste.
func TestNothingTypedAheadWipes(t *testing.T) {
	w := watch(t, nil)
	wipe := func(ahead string, answers []string, flags ...string) (code int, shown string) {
		c, _ := process(t, w.Server, append([]string{"wipe", lostPhone}, flags...)...)
		c.Env = append(c.Env, "WORKSCTL_TOKEN="+w.token, "WORKSCTL_STATE_DIR="+filepath.Join(t.TempDir(), "state"), "TERM=dumb")
		var terminal *os.File
		var once sync.Once
		started := make(chan struct{})
		w.hold(func(*http.Request) {
			<-started
			once.Do(func() { _, _ = terminal.WriteString(ahead) }) // it shows on the terminal
		})
		terminal = startAtTerminal(t, c)
		close(started)
		typist := &typist{terminal: terminal, answers: answers}
		typist.work()
		_ = c.Wait() // the exit code says more
		return c.ProcessState.ExitCode(), string(typist.shown)
	}
	_, shown := wipe("", []string{""}, "--reason", "lost")
	found := regexp.MustCompile(`Type (\S+) to go on`).FindStringSubmatch(shown)
	if found == nil {
		t.Fatalf("no question: %s", shown)
	}
	word := found[1]
	for name, tt := range map[string]struct {
		ahead          string
		answers, flags []string
	}{
		"before the question": {word + "\n" + word + "\n", []string{""}, []string{"--reason", "lost"}},
		"behind the reason":   {"", []string{"lost phone\n" + word, ""}, nil},
		"half a word before":  {word[:2], []string{word[2:]}, []string{"--reason", "lost"}},
	} {
		t.Run(name, func(t *testing.T) {
			if code, shown := wipe(tt.ahead, tt.answers, tt.flags...); code != 5 {
				t.Errorf("exit code %d: %s", code, shown)
			}
			if n := w.posts.Load(); n != 0 {
				t.Fatalf("%d acting requests", n)
			}
		})
	}
	if code, shown := wipe("", []string{word}, "--reason", "lost"); code != 0 || w.posts.Load() != 1 {
		t.Errorf("the word at the question: exit code %d: %s", code, shown)
	}
}

// TestATerminalClosedAtAQuestion is as good as no answer.
func TestATerminalClosedAtAQuestion(t *testing.T) {
	w := watch(t, nil)
	c, _ := process(t, w.Server, "wipe", lostPhone, "--reason", "lost")
	c.Env = append(c.Env, "WORKSCTL_TOKEN="+w.token, "WORKSCTL_STATE_DIR="+filepath.Join(t.TempDir(), "state"), "TERM=dumb")
	terminal := startAtTerminal(t, c)
	buf := make([]byte, 4<<10)
	for shown := []byte(nil); !asks(shown); {
		n, err := terminal.Read(buf)
		if shown = append(shown, buf[:n]...); err != nil {
			t.Fatalf("%v: %s", err, shown)
		}
	}
	if err := terminal.Close(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // by SIGHUP, or because nobody answered
	if code := c.ProcessState.ExitCode(); code != 5 && code != -1 && code != 129 && code != 143 || w.posts.Load() != 0 {
		t.Errorf("exit code %d, %d acting requests", code, w.posts.Load())
	}
}
