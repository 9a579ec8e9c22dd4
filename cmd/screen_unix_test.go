//go:build unix

package cmd_test

import (
	"bytes"
	"os"
	"os/exec"
	"syscall"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// screen is the script command
//
//	screen 'SHELL COMMAND'
//
// It runs the command with a terminal for standard input, which the command
// reaches as /dev/tty too. What appeared on the terminal is then in the file
// screen, standard output and error are in out and err. (The ttyin of
// testscript closes the terminal before all was read from it.)
func screen(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: screen 'SHELL COMMAND'")
	}
	terminal, tty, err := pty.Open()
	ts.Check(err)
	defer terminal.Close()

	var shown, out, errs bytes.Buffer
	drained := make(chan struct{})
	go func() {
		_, _ = shown.ReadFrom(terminal) // ends with EIO when nobody holds tty any more
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
		"screen": bytes.ReplaceAll(shown.Bytes(), []byte("\r\n"), []byte("\n")), "out": out.Bytes(), "err": errs.Bytes(),
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), text, 0o600))
	}
	if (err != nil) != neg {
		ts.Fatalf("%v\nterminal: %s\nstderr: %s", err, shown.Bytes(), errs.Bytes())
	}
}

// environ is the script's environment, as far as a command at a terminal needs
// it.
func environ(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "TZ", "TERM", "COLUMNS", "NO_COLOR", "CLICOLOR_FORCE", "WORKSCTL_TEST_NOW", "GORACE", "TESTSCRIPT_COMMAND",
		"WORKSCTL_API_URL", "WORKSCTL_AUTH_URL", "WORKSCTL_TOKEN", "WORKSCTL_DOMAIN_ID",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
