package prism_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// installed is the folder that holds Prism, by the lockfile beside this test. It
// is installed into the user's cache once for each lockfile, if may says so.
func installed(may bool) (folder string, err error) {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", fmt.Errorf("there is no %s here", program)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		return "", err
	}
	folder = filepath.Join(cache, "worksctl", fmt.Sprintf("prism-%x", sha256.Sum256(lock))[:18])
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	if !may {
		return "", errors.New("it is not installed; " + wanted + "=required installs it from npm")
	}
	return folder, install(folder)
}

// install lets the folder appear whole.
func install(folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(folder), "prism-*.tmp")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }() // after the renaming there is nothing
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(temporary, name), text, 0o600)
		}
		if err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = temporary
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, out)
	}
	if err := os.Rename(temporary, folder); err != nil {
		if _, there := os.Stat(folder); there != nil { // else another test was faster
			return err
		}
	}
	return nil
}

// startPrism serves a description until the test ends and returns the address.
// Requests that break it are refused.
func startPrism(t *testing.T, folder, description string) (address string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	program := filepath.Join(folder, "node_modules", "@stoplight", "prism-cli", "dist", "index.js")
	prism := exec.CommandContext(ctx, "node", program, "mock", "--errors", "--host", "127.0.0.1", "--port", "0", description)
	out, err := prism.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := prism.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = prism.Wait() // it was killed
	})
	said := ""
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said += lines.Text() + "\n"
		if found := regexp.MustCompile(`listening on (http://127\.0\.0\.1:\d+)`).FindStringSubmatch(said); found != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }() // its log fills the pipe else
			return found[1]
		}
	}
	t.Fatalf("Prism does not begin: %s", said)
	return ""
}
