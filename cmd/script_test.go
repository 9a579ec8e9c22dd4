package cmd_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/wiretest"
)

// testNow is the wall clock of every test, so that the sandbox's fleet and
// relative times are the same on every day.
const testNow = "2026-11-22T09:00:00+09:00"

// noExitSleep keeps the race detector from waiting a second at each process's
// end.
const noExitSleep = "atexit_sleep_ms=0"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"worksctl": worksctl})
}

// worksctl is main for tests: a process of its own with real signals, a clock
// that begins at WORKSCTL_TEST_NOW, and waits that take no time but move it.
func worksctl() {
	origin, err := time.Parse(time.RFC3339, os.Getenv("WORKSCTL_TEST_NOW"))
	if err != nil {
		panic(err)
	}
	var waited atomic.Int64
	os.Exit(int(cmd.Run(cmd.WithSignals(context.Background()), cmd.Env{
		Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, LookupEnv: os.LookupEnv,
		Now:      func() time.Time { return origin.Add(time.Duration(waited.Load())) },
		Location: time.FixedZone("KST", 9*60*60),
		Build:    cmd.Build{Version: "1.2.3", Commit: "abc", Date: "2026-11-22"},
		Sleep: func(ctx context.Context, d time.Duration) error {
			waited.Add(int64(d))
			return atOnce(ctx, d)
		},
	})))
}

// atOnce is a wait that only looks whether it was broken off.
func atOnce(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

// TestScript runs every script below testdata/script against the sandbox. With
// UPDATE_SCRIPTS=1 the goldens in them are rewritten.
func TestScript(t *testing.T) {
	judge := wiretest.Validator(t).AllowFaults()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:         isolate,
		Condition: func(name string) (bool, error) {
			if name != "race" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return underRace, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"screen":   screen,
			"notice":   notice,
			"requests": requests,
			"stats":    stats,
			"control":  control,
			"job":      jobID,
			"key":      makeKey,
			"absent":   absent,
			"server": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg {
					ts.Fatalf("unsupported: ! server")
				}
				startServer(judge, ts, args)
			},
			"standin": func(ts *testscript.TestScript, neg bool, args []string) { standIn(judge, ts, neg, args) },
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
	e.Setenv("WORKSCTL_TEST_NOW", testNow)
	e.Setenv("GORACE", noExitSleep)
	e.Values[counterKey{}] = &counter{}
	e.Values[standinKey{}] = &standing{}
	return nil
}

// exits is the script command
//
//	exits CODE PROGRAM ARGUMENT...
//
// It is exec for a program that must end with exactly that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENT...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		got = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// notice is the script command
//
//	notice CODE PROGRAM ARGUMENT...
//
// It is exits for a program that must write nothing to stdout, and to stderr an
// error of one line with at most one line of advice after it.
func notice(ts *testscript.TestScript, neg bool, args []string) {
	exits(ts, neg, args)
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("wrote to stdout: %q", out)
	}
	if text := ts.ReadFile("stderr"); !isNotice(text) {
		ts.Fatalf("is no error line with at most one hint: %q", text)
	}
}

// jobID is the script command
//
//	job NAME
//
// It sets the variable NAME to the id that the last command named on stderr.
func jobID(ts *testscript.TestScript, neg bool, args []string) {
	found := regexp.MustCompile(`(?m)^job: (\S+)$`).FindStringSubmatch(ts.ReadFile("stderr"))
	if neg || len(args) != 1 || found == nil {
		ts.Fatalf("usage: job NAME, after a command that names its job")
	}
	ts.Setenv(args[0], found[1])
}
