// Package prism starts Prism for tests: a mock server from npm, which nobody here
// wrote. It judges requests by the part of docs/openapi.yaml that NAVER WORKS
// publishes, refuses what breaks it, and answers else with the examples that
// stand there. It listens on a loopback address only.
package prism

import (
	"bufio"
	"context"
	"embed"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/worksctl/worksctl/internal/npm"
)

// Wanted is a variable of the environment. When it is "required", a machine
// where Prism can't be installed fails the tests, as .ci/run has it.
const Wanted = "WORKSCTL_TEST_PRISM"

//go:embed testdata
var files embed.FS

// Install puts Prism into a folder. Its error says, in one line, what is missing:
// node, npm, or the registry.
func Install(ctx context.Context, folder string) error { return npm.Install(ctx, folder, files) }

// Start serves the published operations of a description, the file
// docs/openapi.yaml, until the test ends: by the Prism that [Install] has put into
// a folder. It returns the address and the number of operations.
func Start(t *testing.T, folder, description string) (address string, operations int) {
	t.Helper()
	description, operations = published(t, description)
	ctx, cancel := context.WithCancel(t.Context())
	program := filepath.Join(folder, "node_modules", "@stoplight", "prism-cli", "dist", "index.js")
	c := exec.CommandContext(ctx, npm.Node, program, "mock", "--errors", "--host", "127.0.0.1", "--port", "0", description)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = c.Wait() // it was killed
	})
	listening := regexp.MustCompile(`listening on (http://127\.0\.0\.1:\d+)`)
	said := ""
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said += lines.Text() + "\n"
		if found := listening.FindStringSubmatch(said); found != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }() // its log fills the pipe else
			return found[1], operations
		}
	}
	t.Fatalf("Prism does not begin: %s", said)
	return "", 0
}
