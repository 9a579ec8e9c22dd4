package cmd_test

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/wiretest"
)

// testNow is the wall clock of every script, so that the sandbox's fleet and
// relative times are the same on every day.
const testNow = "2026-11-22T09:00:00+09:00"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"worksctl": worksctl})
}

// worksctl is main for scripts: a process of its own with real signals, and a
// clock that starts at WORKSCTL_TEST_NOW.
func worksctl() {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if <-signals == syscall.SIGTERM {
			cancel(&exit.Error{Exit: exit.Terminated, ID: "TERMINATED", Message: "terminated"})
		} else {
			cancel(&exit.Error{Exit: exit.Interrupted, ID: "INTERRUPTED", Message: "interrupted"})
		}
	}()
	start := time.Now()
	origin, err := time.Parse(time.RFC3339, os.Getenv("WORKSCTL_TEST_NOW"))
	if err != nil {
		panic(err)
	}
	os.Exit(int(cmd.Run(ctx, cmd.Env{
		Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, LookupEnv: os.LookupEnv,
		Now:      func() time.Time { return origin.Add(time.Since(start)) },
		Location: time.Local,
		Build:    cmd.Build{Version: "1.2.3", Commit: "abc", Date: "2026-11-22"},
	})))
}

// TestScript runs every script below testdata/script against the sandbox. With
// UPDATE_SCRIPTS=1 the goldens in them are rewritten.
func TestScript(t *testing.T) {
	judge := wiretest.Validator(t).AllowFaults()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:         func(e *testscript.Env) error { return isolate(e) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"server": func(ts *testscript.TestScript, neg bool, args []string) { startServer(judge, ts, neg, args) },
		},
	})
}

// isolate gives a script a home of its own and none of the caller's settings.
func isolate(e *testscript.Env) error {
	home := filepath.Join(e.WorkDir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	e.Setenv("HOME", home)
	e.Setenv("TZ", "Asia/Seoul")
	e.Setenv("WORKSCTL_TEST_NOW", testNow)
	return nil
}
