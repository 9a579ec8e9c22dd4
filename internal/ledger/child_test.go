package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/ledger"
)

// childTask tells a child process of this test binary what to do, in which
// folder and as which job.
const childTask = "LEDGER_TEST_CHILD"

func TestMain(m *testing.M) {
	if task, ok := os.LookupEnv(childTask); ok {
		what, rest, _ := strings.Cut(task, "\n")
		folder, job, _ := strings.Cut(rest, "\n")
		if err := child(what, folder, job); err != nil {
			fmt.Println("error:", err)
		}
		return
	}
	os.Exit(m.Run())
}

// child says in a line each what it was told is its own.
func child(what, folder, job string) error {
	r := at(1)
	r.Job = job
	d := ledger.NewDir(folder)
	switch what {
	case "forever", "compacting forever":
		if what != "forever" {
			d.CompactOften()
		}
		for i := 0; ; i++ {
			if err := own(d, r, []string{fmt.Sprint(job, "-", i)}); err != nil {
				return err
			}
		}
	case "same":
		_, _ = io.Copy(io.Discard, os.Stdin) // until all are there
		for from := 0; from < 200; from += 20 {
			var ids []string
			for i := range 20 {
				ids = append(ids, fmt.Sprint("device-", from+i))
			}
			if err := own(d, r, ids); err != nil {
				return err
			}
		}
		return nil
	default:
		return childOfSystem(what, folder)
	}
}

// own reserves ids, says which it got, and confirms them.
func own(d *ledger.Dir, r ledger.Reservation, ids []string) error {
	standing, err := d.Notices().Reserve(context.Background(), r, ids)
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { _, stands := standing[id]; return stands })
	for _, id := range ids {
		fmt.Println(id)
	}
	return d.Notices().Confirm(context.Background(), r, ids)
}

// process is a running child.
type process struct {
	*exec.Cmd
	stdin  io.Closer
	stdout *bufio.Scanner
}

func start(t *testing.T, what, folder, job string) process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := process{Cmd: exec.CommandContext(t.Context(), self)}
	p.Env = append(os.Environ(), childTask+"="+what+"\n"+folder+"\n"+job)
	if p.stdin, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdout, p.Stderr = bufio.NewScanner(stdout), os.Stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.stdin.Close() })
	return p
}

// said returns what the child still says until it ends.
func (p process) said(t *testing.T) []string {
	t.Helper()
	var all []string
	for p.stdout.Scan() {
		if line := p.stdout.Text(); strings.HasPrefix(line, "error:") {
			t.Error(line)
		} else {
			all = append(all, line)
		}
	}
	_ = p.Wait() // killed ones fail
	return all
}

// TestKilled kills processes wherever they are: what they were told is their own
// stays so, at most one more does, and the others go on.
func TestKilled(t *testing.T) {
	folder := t.TempDir()
	d := ledger.NewDir(folder)
	for round := range 16 {
		job := fmt.Sprint("killed-", round)
		p := start(t, []string{"forever", "compacting forever"}[round%2], folder, job)
		ids := []string{}
		for range 1 + round*round%23 {
			if !p.stdout.Scan() {
				t.Fatal("the child ended")
			}
			ids = append(ids, p.stdout.Text())
		}
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, p.said(t)...)
		n := len(ids)
		standing := reserve(t, d, at(1), append(ids, fmt.Sprint(job, "-", n), fmt.Sprint(job, "-", n+1))...)
		for i, id := range ids {
			if notice, stands := standing[id]; !stands || notice.Job != job || !notice.Sure && i < n-1 {
				t.Errorf("%s: %v %v", id, notice, stands)
			}
		}
		if len(standing) > n+1 {
			t.Errorf("of %d that were said %d stand", n, len(standing))
		}
	}
}

func TestProcessesAtTheSameTime(t *testing.T) {
	folder := t.TempDir()
	var all []process
	for i := range 8 {
		all = append(all, start(t, "same", folder, fmt.Sprint("job-", i)))
	}
	for _, p := range all {
		p.stdin.Close()
	}
	times := map[string]int{}
	for _, p := range all {
		for _, id := range p.said(t) {
			times[id]++
		}
	}
	for i := range 200 {
		if n := times[fmt.Sprint("device-", i)]; n != 1 {
			t.Errorf("device-%d is reserved %d times", i, n)
		}
	}
}
