// Package foreignserver starts an auth server that nobody here wrote, for tests:
// oidc-provider, a certified OpenID provider from npm, in which the verifier jose
// judges assertions (testdata/server.mjs). It listens on a loopback address only.
package foreignserver

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Wanted is a variable of the environment. When it is "required", a machine
// where the server can't be installed fails the tests, as .ci/run has it.
const Wanted = "WORKSCTL_TEST_FOREIGN"

const (
	node = "node"
	npm  = "npm"

	oldestNode   = 20
	installLimit = 2 * time.Minute
)

//go:embed testdata
var files embed.FS

// Install puts the server into a folder, with the exact packages of its lock
// file, none of whose scripts run. Its error says, in one line, what is missing:
// node, npm, or the registry.
func Install(ctx context.Context, folder string) error {
	ctx, cancel := context.WithTimeout(ctx, installLimit)
	defer cancel()
	for _, name := range []string{node, npm} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("there is no %s here", name)
		}
	}
	out, err := exec.CommandContext(ctx, node, "--print", "process.versions.node").Output()
	if err != nil {
		return fmt.Errorf("%s does not run: %w", node, err)
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestNode {
		return fmt.Errorf("%s is %s, and %d or later is needed", node, version, oldestNode)
	}
	source, err := fs.Sub(files, "testdata")
	if err != nil {
		return err
	}
	if err := os.CopyFS(folder, source); err != nil {
		return err
	}
	c := exec.CommandContext(ctx, npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund",
		"--no-update-notifier", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
	c.Dir = folder
	c.WaitDelay = endLimit
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci installs no server: %w: %s", err, reason(out))
	}
	return nil
}

// reason is the line of npm's that says what is the matter.
func reason(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, line := range lines {
		if strings.Contains(line, "reason:") || strings.Contains(line, "failed") {
			return line
		}
	}
	return lines[0]
}
