package cmd_test

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestSandboxServe serves until a signal comes, says how it is reached, and has
// the data of the sandbox profile: a token that expires through one is renewed
// by the other.
func TestSandboxServe(t *testing.T) {
	unused := pages(t, 1, 1, func(int, *http.Request) {})
	c, stderr := process(t, unused, "sandbox", "serve", "--addr", "127.0.0.1:0", "-o", "json")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 4096)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err, stderr)
	}
	found := regexp.MustCompile(`"apiUrl":"([^"]+)/v1.0","authUrl":"[^"]+","token":"([^"]+)"`).FindSubmatch(line[:n])
	if found == nil {
		t.Fatalf("stdout %q", line[:n])
	}
	send := func(method, path, body string, want int) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, string(found[1])+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+string(found[2]))
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s %s: %s", method, path, answer.Status)
		}
	}
	send(http.MethodGet, "/v1.0/security/devices?count=1", "", http.StatusOK)
	send(http.MethodPost, "/sandbox/faults", `{"kind":"expired-token"}`, http.StatusCreated)

	other, talk := process(t, unused, "devices", "list", "--profile", "sandbox", "--count", "-q", "-v")
	other.Env = append(other.Env, c.Env[1]) // the same home
	if count, err := other.Output(); err != nil || string(count) != "1000\n" {
		t.Errorf("the sandbox profile counts %q, %v: %s", count, err, talk)
	}
	if !strings.Contains(talk.String(), " 401 ") {
		t.Errorf("no token expired: %s", talk)
	}

	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	ended, ok := errors.AsType[*exec.ExitError](c.Wait())
	if !ok || ended.ExitCode() != 130 {
		t.Errorf("ended with %v, want 130", ended)
	}
	if stderr.Len() > 0 {
		t.Errorf("being stopped is no error: %s", stderr)
	}
}
