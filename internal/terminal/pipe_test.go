package terminal_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/worksctl/worksctl/internal/terminal"
)

func TestIsBrokenPipe(t *testing.T) {
	broken := syscall.EPIPE
	if runtime.GOOS == "windows" {
		broken = syscall.Errno(232)
	}
	stdout := &fs.PathError{Op: "write", Path: "/dev/stdout", Err: broken}
	for err, want := range map[error]bool{
		stdout:                                 true,
		fmt.Errorf("writing rows: %w", stdout): true,
		&fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}:            false,
		&fs.PathError{Op: "write", Path: "out.fifo", Err: broken}:                       false,
		&net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", broken)}: false,
		io.ErrClosedPipe:    false,
		errors.New("EPIPE"): false,
	} {
		if got := terminal.IsBrokenPipe(err); got != want {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
	}
	if terminal.IsBrokenPipe(nil) {
		t.Error("nil is no error")
	}
}

// What a process sees when the reader of its stdout has gone: the signal ends
// it, or, with the signal ignored, the error that IsBrokenPipe knows.
func TestBrokenStdoutOfAProcess(t *testing.T) {
	switch os.Getenv("WORKSCTL_TEST_CHILD") {
	case "ignoring":
		signal.Ignore(syscall.SIGPIPE)
		fallthrough
	case "plain":
		_, err := os.Stdout.WriteString("x\n")
		fmt.Fprintf(os.Stderr, "broken pipe: %v\n", terminal.IsBrokenPipe(err))
		os.Exit(0)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := func(mode string) (string, error) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
		defer func() { _ = w.Close() }()
		var talk strings.Builder
		child := exec.CommandContext(t.Context(), self, "-test.run=^TestBrokenStdoutOfAProcess$")
		child.Env = append(os.Environ(), "WORKSCTL_TEST_CHILD="+mode)
		child.Stdout, child.Stderr = w, &talk
		err = child.Run()
		return talk.String(), err
	}
	if said, err := run("ignoring"); err != nil || !strings.Contains(said, "broken pipe: true") {
		t.Errorf("signal ignored: %q, %v", said, err)
	}
	if runtime.GOOS != "windows" {
		if said, err := run("plain"); err == nil || !strings.Contains(err.Error(), "broken pipe") || said != "" {
			t.Errorf("signal: %q, %v", said, err)
		}
	}
}
