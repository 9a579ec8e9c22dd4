package journal_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/journal"
)

// childTask tells a child process of this test binary what to do, in which
// folder and with which job.
const childTask = "JOURNAL_TEST_CHILD"

func TestMain(m *testing.M) {
	if task, ok := os.LookupEnv(childTask); ok {
		child(strings.Split(task, "\n"))
		return
	}
	os.Exit(m.Run())
}

// child does its task, says how it went in one line, and waits for the end of
// its input or to be killed.
func child(task []string) {
	what, id := task[0], task[2]
	store := journal.NewDir(task[1], now)
	var j journal.Journal
	var d journal.Draft
	var err error
	switch what {
	case "hold":
		j, err = store.Open(context.Background(), id)
	case "send":
		if j, err = store.Open(context.Background(), id); err == nil {
			err = errors.Join(j.Sending([]int{0}, "k", now()), j.Settle(settled(journal.Sent, 0)), j.Sending([]int{1}, "k", now()))
		}
	case "draft":
		d, err = store.Draft(context.Background(), journal.Job{Action: "notify", CreatedTime: now()})
	default:
		err = childOfSystem(what, store, id)
	}
	fmt.Println(err)
	_, _ = io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(j) // or the garbage collector closes its lock
	runtime.KeepAlive(d)
}

// process is a running child.
type process struct {
	*exec.Cmd
	stdin io.Closer
}

// start has a child do its task and returns what it said.
func start(t *testing.T, what, folder, id string) (p process, said string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p.Cmd = exec.CommandContext(t.Context(), self)
	p.Env = append(os.Environ(), childTask+"="+what+"\n"+folder+"\n"+id)
	if p.stdin, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.Stderr = os.Stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.stdin.Close() })
	said, err = bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the child says nothing: %v", err)
	}
	return p, strings.TrimSpace(said)
}

func (p process) kill(t *testing.T) {
	t.Helper()
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait() // "signal: killed"
}
