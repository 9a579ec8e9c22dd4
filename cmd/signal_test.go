package cmd_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSignals sends signals in the middle of a listing: while the third page is
// held back, the rows of the first have been handed on.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // there is no such signal to send to another process
	}
	list := []string{"devices", "list", "-o", "csv"}
	export := []string{"devices", "export", "--out", "x.csv"}
	for name, test := range map[string]struct {
		args   []string
		signal os.Signal
		code   int
		says   string
	}{
		"list, SIGINT":      {list, syscall.SIGINT, 130, `^error: the list is not complete: it broke after [12]000 devices: interrupted\n$`},
		"list, SIGTERM":     {list, syscall.SIGTERM, 143, `^error: the list is not complete: it broke after [12]000 devices: terminated\n$`},
		"count, SIGINT":     {[]string{"devices", "list", "--count", "--sort", "user"}, syscall.SIGINT, 130, `^error: nothing is shown: the list broke after [12]000 devices: interrupted\n$`},
		"export, SIGINT":    {export, syscall.SIGINT, 130, `^error: nothing was exported: the list broke after [12]000 devices: interrupted\n$`},
		"export, SIGTERM":   {export, syscall.SIGTERM, 143, `^error: nothing was exported: the list broke after [12]000 devices: terminated\n$`},
		"xlsx, SIGTERM":     {[]string{"devices", "export", "--out", "x.xlsx"}, syscall.SIGTERM, 143, `^error: nothing was exported: `},
		"manifest, SIGTERM": {append(export[:len(export):len(export)], "--manifest"), syscall.SIGTERM, 143, `^error: nothing was exported: `},
		"json, SIGINT":      {append(list[:2:2], "-o", "json"), syscall.SIGINT, 130, `^\{"error":\{"code":"INTERRUPTED",.*"exitCode":130\}\}\n$`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan struct{})
			server := pages(t, 4, 1000, func(page int, r *http.Request) {
				if page == 2 {
					close(asked)
					<-r.Context().Done()
				}
			})
			c, stderr := process(t, server, test.args...)
			var out bytes.Buffer
			c.Stdout = &out
			old := filepath.Join(c.Dir, "x.csv")
			if err := os.WriteFile(old, []byte("of yesterday\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-asked:
			case <-time.After(patience):
				t.Error("the third page was not asked for")
			}
			if err := c.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			err := c.Wait()
			if ended, ok := errors.AsType[*exec.ExitError](err); !ok || ended.ExitCode() != test.code {
				t.Errorf("%v, want exit code %d", err, test.code)
			}
			if !regexp.MustCompile(test.says).MatchString(stderr.String()) {
				t.Errorf("stderr %q doesn't match %s", stderr, test.says)
			}
			checkAfterSignal(t, test.args, c.Dir, out.String())
		})
	}
}

// checkAfterSignal looks for what a broken run may leave: whole lines on
// stdout, and nothing in its folder.
func checkAfterSignal(t *testing.T, args []string, dir, out string) {
	t.Helper()
	if names := leftovers(t, dir); len(names) != 1 {
		t.Errorf("left in the folder: %v", names)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "x.csv")); err != nil || string(text) != "of yesterday\n" {
		t.Errorf("the older file is %q, %v", text, err)
	}
	streams := args[1] == "list" && args[2] == "-o"
	if !streams && out != "" {
		t.Errorf("stdout %q", out)
	}
	if streams && strings.Count(out, "device-") < 1000 {
		t.Errorf("only %d rows came out", strings.Count(out, "device-"))
	}
	if streams && strings.HasSuffix(strings.TrimSpace(out), "]") {
		t.Error("a broken JSON list is closed")
	}
}

// TestSignalWhileInputIsAwaited has a program that feeds nothing.
func TestSignalWhileInputIsAwaited(t *testing.T) {
	server := pages(t, 1, 1, func(int, *http.Request) {})
	c, stderr := process(t, server, "devices", "list", "--from", "-")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: when it is written the process is reading.
	if _, err := in.Write([]byte("device_id\n" + strings.Repeat("a-1\n", 100_000))); err != nil {
		t.Fatal(err)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(patience, func() { _ = c.Process.Kill() })
	defer stuck.Stop()
	if err := c.Wait(); c.ProcessState.ExitCode() != 143 {
		t.Errorf("%v, want exit code 143; stderr %q", err, stderr)
	}
}
