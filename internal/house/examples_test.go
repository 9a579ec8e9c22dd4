package house_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/cmd"
)

// TestMain builds worksctl once and puts it on the PATH of all examples.
func TestMain(m *testing.M) { os.Exit(runWithWorksctl(m)) }

func runWithWorksctl(m *testing.M) int {
	dir, err := os.MkdirTemp("", "worksctl-house-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "worksctl"), ".")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	if err := os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// TestDocumentedExamples runs every command line of the documentation: those of
// one page in order, in one folder and on one sandbox. A block that can't be
// run is marked ```text.
func TestDocumentedExamples(t *testing.T) {
	server := startServer(t)
	total := 0
	for _, path := range documents(t) {
		var lines []example
		for _, f := range fences(t, path) {
			if len(f.info) == 0 {
				t.Errorf("%s:%d: a block without a language", f.place, f.first)
				continue
			}
			switch f.info[0] {
			case "sh", "console":
				lines = append(lines, f.examples(t)...)
			case "text":
			default:
				for i, line := range f.lines {
					if ours(line) {
						t.Errorf("%s:%d: a command in a block of %s is not run: use sh, console or text", f.place, f.first+i, f.info[0])
					}
				}
			}
		}
		for _, e := range lines {
			if ours(e.line) {
				total++
			}
		}
		t.Run(filepath.Base(path), func(t *testing.T) { runAll(t, lines, server) })
	}
	if total < 50 {
		t.Errorf("ran %d command lines of the documentation: are they still found?", total)
	}
}

// TestCommandExamples runs the Example of every command. Each command has one. A
// command whose examples need what isn't there says so by an annotation.
func TestCommandExamples(t *testing.T) {
	total := 0
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, child := range c.Commands() {
			walk(child)
		}
		code, _ := strconv.Atoi(c.Annotations["examples exit with"]) // none: 0
		var lines []example
		for i, line := range strings.Split(c.Example, "\n") {
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			place := fmt.Sprintf("%s, line %d", c.CommandPath(), i+1)
			if !ours(line) && !strings.HasPrefix(line, "mkdir -p ") {
				t.Errorf("%s: %q does not run worksctl", place, line)
				continue
			}
			lines = append(lines, example{place: place, line: line, exit: code})
		}
		if len(lines) == 0 {
			t.Errorf("%s has no example", c.CommandPath())
		}
		total += len(lines)
		t.Run(c.CommandPath(), func(t *testing.T) { runAll(t, lines, nil) })
	}
	walk(cmd.Tree())
	if total < 20 {
		t.Errorf("ran %d examples of commands: are they still found?", total)
	}
}

// runAll runs lines in one folder with a home of its own.
func runAll(t *testing.T, lines []example, server []string) {
	dir := t.TempDir()
	env := environment(t)
	for _, e := range lines {
		with := env
		if e.server {
			with = slices.Concat(env, server)
		}
		if strings.Contains(e.line, "worksctl sandbox serve") {
			serveAndInterrupt(t, dir, with, e)
			continue
		}
		// The binary is what `go run .` builds.
		line := strings.ReplaceAll(e.line, "go run . ", "worksctl ")
		c := exec.CommandContext(t.Context(), "sh", "-c", line)
		c.Dir, c.Env = dir, with
		out, err := c.CombinedOutput()
		if code := c.ProcessState.ExitCode(); code != e.exit {
			t.Errorf("%s: %s: exit code %d, want %d (%v)\n%s", e.place, e.line, code, e.exit, err, out)
		}
		if diff := cmp.Diff(strings.Split(e.output, "\n"), strings.Split(string(out), "\n")); e.shown && diff != "" {
			t.Errorf("%s: %s: other output than shown (-shown +printed):\n%s", e.place, e.line, diff)
		}
	}
}

// environment is a home of its own and none of the caller's settings.
func environment(t *testing.T) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TZ=Asia/Seoul", "LANG=C.UTF-8"}
}

// startServer serves a sandbox until the test ends and returns the variables
// by which it is reached.
func startServer(t *testing.T) []string {
	t.Helper()
	c := exec.CommandContext(context.WithoutCancel(t.Context()), "worksctl", "sandbox", "serve", "--addr", "127.0.0.1:0")
	c.Env = environment(t)
	var variables []string
	for _, line := range start(t, c) {
		variables = append(variables, strings.TrimPrefix(line, "export "))
	}
	t.Cleanup(func() { interrupt(t, c) })
	return variables
}

// serveAndInterrupt runs a line that ends by Ctrl-C only, on a free port.
func serveAndInterrupt(t *testing.T, dir string, env []string, e example) {
	t.Helper()
	line := strings.ReplaceAll(e.line, "127.0.0.1:8765", "127.0.0.1:0")
	if !strings.Contains(line, "--addr") {
		line += " --addr 127.0.0.1:0"
	}
	c := exec.CommandContext(context.WithoutCancel(t.Context()), "sh", "-c", "exec "+line)
	c.Dir, c.Env = dir, env
	start(t, c)
	interrupt(t, c)
}

// start starts a server and returns the three lines that it prints.
func start(t *testing.T, c *exec.Cmd) []string {
	t.Helper()
	var talk bytes.Buffer
	c.Stderr = &talk
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for in := bufio.NewScanner(out); len(lines) < 3 && in.Scan(); {
		lines = append(lines, in.Text())
	}
	if len(lines) != 3 {
		_ = c.Wait()
		t.Fatalf("%s: printed %q and %s", c, lines, talk.String())
	}
	return lines
}

func interrupt(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if err := c.Wait(); c.ProcessState.ExitCode() != 130 {
		t.Errorf("%s: %v, want exit code 130 after an interrupt", c, err)
	}
}
