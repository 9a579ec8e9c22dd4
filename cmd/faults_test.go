package cmd_test

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/internal/wiretest"
)

// run executes a command line in this process, against server, without waiting
// between attempts.
func run(t *testing.T, server, token string, args ...string) (code exit.Code, stdout, stderr string) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{
		"HOME": t.TempDir(), "WORKSCTL_API_URL": server + sandbox.APIPath, "WORKSCTL_TOKEN": token,
	}
	var out, talk bytes.Buffer
	code = cmd.Run(t.Context(), cmd.Env{
		Args: args, In: &bytes.Buffer{}, Out: &out, Err: &talk,
		LookupEnv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
		Now:       func() time.Time { return now },
		Location:  time.UTC,
		Sleep:     atOnce,
	})
	return code, out.String(), talk.String()
}

// fleetServer serves a sandbox with faults, judged by docs/openapi.yaml.
func fleetServer(t *testing.T, judge *wiretest.V, settings func(*sandbox.Settings), faults ...sandbox.Fault) (server *httptest.Server, token string) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	backend, err := sandbox.Open(sandbox.Options{
		Now: func() time.Time { return now }, Seed: seed.Options{Devices: 420}, Settings: settings, Faults: faults,
	})
	if err != nil {
		t.Fatal(err)
	}
	if token, err = backend.AccessToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	return httptest.NewServer(judge.Handler(backend)), token
}

// anyFault draws a disturbance: of one request or of all from some moment on.
func anyFault(t *rapid.T) sandbox.Fault {
	f := sandbox.Fault{
		After: rapid.IntRange(0, 12).Draw(t, "after"),
		Times: rapid.SampledFrom([]int{1, 1, 1, 2, 3, 6, 9, -1}).Draw(t, "times"),
	}
	switch rapid.IntRange(0, 8).Draw(t, "kind") {
	case 0:
		f.Kind = "drop-before"
	case 1:
		f.Kind = "drop-after"
	case 2:
		f.Kind = "cut-body"
	case 3:
		f.Kind = "non-json"
	case 4:
		f.Kind = "expired-token"
	case 5:
		f.Kind = "repeated-cursor"
	case 6, 7:
		f.Kind = "row-moving"
	default:
		f.Kind, f.Status = "status", rapid.SampledFrom([]int{400, 403, 404, 429, 500, 502, 503, 504}).Draw(t, "status")
		f.RetryAfter = rapid.SampledFrom([]string{"", "1"}).Draw(t, "retry after")
	}
	return f
}

// TestExportIsExact is the promise of cli.md: whatever the faults, the export
// is the exact set with exit code 0, or an error and no file.
func TestExportIsExact(t *testing.T) {
	judge := wiretest.Validator(t).AllowFaults()
	dir := t.TempDir()
	quiet := func(s *sandbox.Settings) { s.RateLimit = 0 }
	server, token := fleetServer(t, judge, quiet)
	want := filepath.Join(dir, "want.csv")
	if code, _, stderr := run(t, server.URL, token, "devices", "export", "--out", want); code != exit.OK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	server.Close()
	fleet := sortedLines(t, want)

	ended := map[bool]int{}
	rapid.Check(t, func(r *rapid.T) {
		settings := func(s *sandbox.Settings) {
			s.RateLimit = rapid.SampledFrom([]int{0, 0, 240, 5}).Draw(r, "rate limit")
			s.MaxCount = rapid.SampledFrom([]int{100, 300, 1000}).Draw(r, "max count")
			s.OverCount = rapid.SampledFrom([]string{"error", "empty"}).Draw(r, "over count")
			s.LastPage = rapid.SampledFrom([]string{"null", "empty", "absent", "missing"}).Draw(r, "last page")
		}
		faults := rapid.SliceOfN(rapid.Custom(anyFault), 0, 4).Draw(r, "faults")
		server, token := fleetServer(t, judge, settings, faults...)
		defer server.Close()
		out := filepath.Join(dir, "got.csv")
		_ = os.Remove(out)
		code, stdout, stderr := run(t, server.URL, token, "devices", "export", "--out", out)
		_, err := os.Stat(out)
		ended[code == exit.OK]++
		switch {
		case stdout != "":
			r.Fatalf("stdout %q", stdout)
		case code == exit.OK && stderr != "":
			r.Fatalf("success talks: %q", stderr)
		case code != exit.OK && (err == nil || !isNotice(stderr)):
			r.Fatalf("exit code %d with a file (%v) or without an error line: %q", code, err == nil, stderr)
		case code == exit.OK:
			if diff := cmp.Diff(fleet, sortedLines(t, out)); diff != "" {
				r.Fatalf("not the exact set: %s", diff)
			}
		}
		if names := leftovers(t, dir); len(names) > 2 {
			r.Fatalf("left in the folder: %v", names)
		}
	})
	if ended[true] == 0 || ended[false] == 0 {
		t.Errorf("one-sided: %d exports were whole, %d failed", ended[true], ended[false])
	}
}

func sortedLines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range bytes.Lines(text) {
		lines = append(lines, string(line))
	}
	slices.Sort(lines)
	return lines
}

// TestEveryFailureHasItsExitCode holds one status after the other against the
// list of cli.md.
func TestEveryFailureHasItsExitCode(t *testing.T) {
	judge := wiretest.Validator(t).AllowFaults()
	for status, want := range map[int]exit.Code{400: 1, 401: 3, 403: 3, 404: 1, 429: 1, 500: 1, 501: 1, 502: 1, 503: 1, 504: 1} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			server, token := fleetServer(t, judge, nil, sandbox.Fault{Kind: "status", Status: status, Times: -1})
			defer server.Close()
			code, stdout, stderr := run(t, server.URL, token, "devices", "list")
			if code != want || stdout != "" || !isNotice(stderr) {
				t.Errorf("exit code %d, want %d; stdout %q, stderr %q", code, want, stdout, stderr)
			}
		})
	}
}
