package cmd_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/creack/pty"

	"github.com/worksctl/worksctl/internal/sandbox"
)

// watcher is a server that looks at the arguments of this test's processes, and
// theirs, while they wait for each of its answers.
type watcher struct {
	*canaryServer
	t    *testing.T
	mu   sync.Mutex
	seen map[string]bool // what they were
}

func newWatcher(t *testing.T) *watcher {
	t.Helper()
	w := &watcher{canaryServer: newCanaryServer(t), t: t, seen: map[string]bool{}}
	w.Config.Handler = w
	return w
}

// ServeHTTP looks after it has noted the secrets of the request.
func (w *watcher) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.add("access token", strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	for _, args := range descendants(w.t, os.Getpid()) {
		w.judge(w.t, "the arguments "+strings.Join(args, " "), []byte(strings.Join(args, "\x00")))
		w.mu.Lock()
		w.seen[strings.Join(args[1:], " ")] = true
		w.mu.Unlock()
	}
	w.canaryServer.ServeHTTP(rw, r)
}

// saw reports whether a process was looked at whose arguments begin so.
func (w *watcher) saw(args ...string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for line := range w.seen {
		if strings.HasPrefix(line, strings.Join(args, " ")) {
			return true
		}
	}
	return false
}

// descendants are the arguments of all processes below one.
func descendants(t *testing.T, of int) (all [][]string) {
	t.Helper()
	children, arguments := map[int][]int{}, map[int][]string{}
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Error(err)
	}
	for _, folder := range folders {
		id, _ := strconv.Atoi(filepath.Base(folder))
		stat, err := os.ReadFile(filepath.Join(folder, "stat"))
		line, errArgs := os.ReadFile(filepath.Join(folder, "cmdline"))
		if err != nil || errArgs != nil || len(line) == 0 {
			continue // it has ended
		}
		rest := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // state, parent, and so on
		parent, _ := strconv.Atoi(rest[1])
		children[parent] = append(children[parent], id)
		arguments[id] = strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
	}
	queue := slices.Clone(children[of])
	for i := 0; i < len(queue); i++ {
		all, queue = append(all, arguments[queue[i]]), append(queue, children[queue[i]]...)
	}
	return all
}

// TestNoSecretInArguments runs commands with every kind of secret from every
// source, and reads the arguments of the processes while they run.
func TestNoSecretInArguments(t *testing.T) {
	w := newWatcher(t)
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const pass = "a canary passphrase, quite long"
	w.add("passphrase", pass)
	secret, passFile := file("secret.txt", canarySecret), file("passphrase.txt", pass)
	api, auth := w.URL+sandbox.APIPath, w.URL+sandbox.AuthPath
	kept := []string{"WORKSCTL_API_URL=", "WORKSCTL_TOKEN=", "WORKSCTL_STATE_DIR=" + filepath.Join(folder, "state"), "WORKSCTL_CONFIG=" + filepath.Join(folder, "config.yaml")}
	ready, err := w.backend.(*sandbox.Backend).AccessToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.add("ready token", ready)
	login := []string{"auth", "login", "--storage", "file", "--client-id", "acme-client", "--service-account", "acme@example.com",
		"--api-url", api, "--auth-url", auth}
	for _, run := range []struct {
		env   []string
		stdin string
		args  []string
	}{
		{append(kept, "WORKSCTL_PASSPHRASE_FILE="+passFile), "", append(login, "--private-key-file", w.key, "--client-secret-file", secret)},
		{append(kept, "WORKSCTL_PASSPHRASE="+pass, "WORKSCTL_CLIENT_SECRET="+canarySecret, "WORKSCTL_PRIVATE_KEY_FILE="+w.key), "", append(login, "--profile", "two")},
		{append(kept, "WORKSCTL_PASSPHRASE="+pass), canarySecret + "\n", append(login, "--private-key-file", w.key, "--client-secret-file", "-", "--profile", "three")},
		{append(kept, "WORKSCTL_PASSPHRASE_FILE="+passFile), "", []string{"devices", "list", "--count"}},
		{append(kept, "WORKSCTL_PASSPHRASE="+pass), "", []string{"notify", "--type", "mobile", "--yes"}},
		{append(kept, "WORKSCTL_PASSPHRASE="+pass), "", []string{"auth", "logout"}},
		{append(w.env, "WORKSCTL_API_URL="+api, "WORKSCTL_CLIENT_SECRET="+canarySecret), "", []string{"devices", "list", "--count", "-v"}},
		{append(w.env, "WORKSCTL_API_URL="+api, "WORKSCTL_CLIENT_SECRET=", "WORKSCTL_CLIENT_SECRET_FILE="+secret), "", []string{"mdm", "status"}},
		{[]string{"WORKSCTL_TOKEN=" + ready}, "", []string{"api", "GET", "/users?count=1"}},
	} {
		c, stderr := process(t, w.Server, run.args...)
		c.Env, c.Stdin = append(c.Env, run.env...), strings.NewReader(run.stdin)
		if out, err := c.Output(); err != nil {
			t.Errorf("%v: %v: %s%s", run.args, err, out, stderr)
		}
		if !w.saw(run.args...) {
			t.Errorf("%v was never seen at work", run.args)
		}
	}
}

// TestNoSecretForTheBrowser has a program in the place of the browser, at a
// terminal with a desktop: it is given the page to sign in at and nothing else,
// neither as argument nor in its environment.
func TestNoSecretForTheBrowser(t *testing.T) {
	w := newWatcher(t)
	folder := t.TempDir()
	opener := "#!/bin/sh\nenv > " + folder + "/environment\nfor a; do echo \"$a\"; done > " + folder + "/arguments.new\nmv " + folder + "/arguments.new " + folder + "/arguments\nread held < " + folder + "/held\n"
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(opener), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "held"), 0o600); err != nil {
		t.Fatal(err)
	}
	terminal, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	c, _ := process(t, w.Server, "auth", "login", "--web", "--storage", "file", "--client-id", "acme-client", "--domain-id", "10000001",
		"--scope", "security.device", "--api-url", w.URL+sandbox.APIPath, "--auth-url", w.URL+sandbox.AuthPath)
	c.Env = append(c.Env, "PATH="+folder+":"+os.Getenv("PATH"), "DISPLAY=:0", "WORKSCTL_API_URL=", "WORKSCTL_TOKEN=",
		"WORKSCTL_STATE_DIR="+filepath.Join(folder, "state"), "WORKSCTL_CONFIG="+filepath.Join(folder, "config.yaml"),
		"WORKSCTL_CLIENT_SECRET="+canarySecret, "WORKSCTL_PASSPHRASE=a canary passphrase, quite long")
	c.Stdin, c.Stderr = tty, tty
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	_ = tty.Close()
	shown := bufio.NewScanner(terminal)
	link := ""
	for link == "" && shown.Scan() {
		if strings.HasPrefix(shown.Text(), "http") {
			link = strings.TrimSpace(shown.Text())
		}
	}
	if link == "" {
		t.Fatal("no link is shown")
	}
	go func() { // what else appears there
		for shown.Scan() {
		}
	}()
	held, err := os.OpenFile(filepath.Join(folder, "held"), os.O_WRONLY, 0) // until the opener reads: it is at work
	if err != nil {
		t.Fatal(err)
	}
	var opened [][]string
	for _, args := range descendants(t, c.Process.Pid) {
		if slices.ContainsFunc(args, func(a string) bool { return strings.HasSuffix(a, "/xdg-open") }) {
			opened = append(opened, args)
		}
	}
	if len(opened) != 1 || !slices.Equal(opened[0][len(opened[0])-1:], []string{link}) {
		t.Errorf("the programs for the link %s are %q", link, opened)
	}
	given, err := os.ReadFile(filepath.Join(folder, "arguments"))
	if err != nil || string(given) != link+"\n" || !strings.HasPrefix(link, w.URL+sandbox.AuthPath+"/authorize?") {
		t.Errorf("%v: the browser is given %s, and the link is %s", err, given, link)
	}
	w.judge(t, "the browser's arguments", fmt.Append(given, opened))
	inherited, err := os.ReadFile(filepath.Join(folder, "environment"))
	if err != nil || !bytes.Contains(inherited, []byte("DISPLAY=:0")) {
		t.Errorf("%v: the browser's environment is %s", err, inherited)
	}
	w.judge(t, "the browser's environment", inherited)
	page, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	_ = held.Close()
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	if !w.saw("auth", "login", "--web") {
		t.Error("the sign-in was never seen at work")
	}
}
