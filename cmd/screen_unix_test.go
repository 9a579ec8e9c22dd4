//go:build unix

package cmd_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// screen is the script command
//
//	screen [-type ANSWER | -paste FILE]... 'SHELL COMMAND'
//
// It runs the command with a terminal for standard input, which the command
// reaches as /dev/tty too. Each ANSWER is typed once a question stands there;
// ^C and ^D are those keys. What FILE holds is pasted as it is. What appeared on the terminal is then in the file
// screen, standard output and error are in out and err. (The ttyin of
// testscript closes the terminal before all was read from it.)
func screen(ts *testscript.TestScript, neg bool, args []string) {
	var answers []string
	for ; len(args) > 2; args = args[2:] {
		switch args[0] {
		case "-type":
			answers = append(answers, args[1])
		case "-paste":
			answers = append(answers, strings.TrimSuffix(ts.ReadFile(args[1]), "\n"))
		}
	}
	if len(args) != 1 {
		ts.Fatalf("usage: screen [-type ANSWER | -paste FILE]... 'SHELL COMMAND'")
	}
	terminal, tty, err := pty.Open()
	ts.Check(err)
	defer terminal.Close()

	var out, errs bytes.Buffer
	typist := &typist{terminal: terminal, answers: answers}
	drained := make(chan struct{})
	go func() {
		typist.work()
		close(drained)
	}()
	c := exec.Command("sh", "-c", args[0])
	c.Dir, c.Env = ts.Getenv("WORK"), environ(ts)
	c.Stdin, c.Stdout, c.Stderr = tty, &out, &errs
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	err = c.Run()
	ts.Check(tty.Close())
	<-drained

	for name, text := range map[string][]byte{
		"screen": bytes.ReplaceAll(typist.shown, []byte("\r\n"), []byte("\n")), "out": out.Bytes(), "err": errs.Bytes(),
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), text, 0o600))
	}
	if (err != nil) != neg {
		ts.Fatalf("%v\nterminal: %s\nstderr: %s", err, typist.shown, errs.Bytes())
	}
	if len(typist.answers) > 0 {
		ts.Fatalf("never asked for: %q\nterminal: %s", typist.answers, typist.shown)
	}
}

// typist reads a terminal and answers its questions.
type typist struct {
	terminal *os.File
	answers  []string // left to type
	shown    []byte
}

// work ends with EIO when nobody holds the other end any more.
func (t *typist) work() {
	buf := make([]byte, 4<<10)
	for {
		n, err := t.terminal.Read(buf)
		t.shown = append(t.shown, buf[:n]...)
		if err != nil {
			return
		}
		if len(t.answers) == 0 || !asks(t.shown) {
			continue
		}
		keys := t.answers[0] + "\n"
		switch t.answers[0] {
		case "^C":
			keys = "\x03"
		case "^D":
			keys = "\x04"
		}
		t.answers = t.answers[1:]
		if _, err := t.terminal.WriteString(keys); err != nil {
			return
		}
	}
}

// asks reports whether the last line is a question that waits for its answer.
func asks(shown []byte) bool {
	last := shown[bytes.LastIndexByte(shown, '\n')+1:]
	return bytes.HasSuffix(last, []byte(": ")) || bytes.HasSuffix(last, []byte("] "))
}

// environ is the script's environment, as far as a command at a terminal needs
// it.
func environ(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "TZ", "TERM", "COLUMNS", "NO_COLOR", "CLICOLOR_FORCE", "WORKSCTL_TEST_NOW", "GORACE", "TESTSCRIPT_COMMAND",
		"WORKSCTL_API_URL", "WORKSCTL_AUTH_URL", "WORKSCTL_TOKEN", "WORKSCTL_DOMAIN_ID", "WORKSCTL_PROFILE", "WORKSCTL_STATE_DIR", "WORKSCTL_CONFIG", "ID", "API", "AUTH",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
