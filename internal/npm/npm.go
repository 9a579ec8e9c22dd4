// Package npm installs what tests run that nobody here wrote: servers from the
// registry of npm, with the exact packages of a lock file.
package npm

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

// Node is the program that runs what was installed.
const Node = "node"

const (
	npm = "npm"

	oldestNode = 20
	limit      = 5 * time.Minute
	endLimit   = 5 * time.Second
)

// Install copies the files in testdata, package.json and package-lock.json among
// them, into a folder, and the packages of the lock file beside them. None of
// their scripts run. Its error says, in one line, what is missing: node, npm, or the registry.
func Install(ctx context.Context, folder string, files embed.FS) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for _, name := range []string{Node, npm} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("there is no %s here", name)
		}
	}
	out, err := exec.CommandContext(ctx, Node, "--print", "process.versions.node").Output()
	if err != nil {
		return fmt.Errorf("%s does not run: %w", Node, err)
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestNode {
		return fmt.Errorf("%s is %s, and %d or later is needed", Node, version, oldestNode)
	}
	source, err := fs.Sub(files, "testdata")
	if err == nil {
		err = os.CopyFS(folder, source)
	}
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund",
		"--no-update-notifier", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
	c.Dir = folder
	c.WaitDelay = endLimit
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci installs nothing: %w: %s", err, reason(out))
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
