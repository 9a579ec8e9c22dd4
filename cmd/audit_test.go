package cmd_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/standin"
)

// TestAuditStopsWithoutATrace interrupts a download when its second part is
// asked for: no part of it is left anywhere, and an older file stays.
func TestAuditStopsWithoutATrace(t *testing.T) {
	for _, out := range []string{"log.csv", "-"} {
		t.Run(out, func(t *testing.T) {
			folder := t.TempDir()
			t.Setenv("TMPDIR", folder)
			t.Chdir(folder)
			if err := os.WriteFile("log.csv", []byte("older\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			now, err := time.Parse(time.RFC3339, testNow)
			if err != nil {
				t.Fatal(err)
			}
			ctx, interrupt := context.WithCancelCause(t.Context())
			defer interrupt(nil)
			asked := 0
			s, err := standin.Start(standin.Options{
				Now: func() time.Time { return now }, Logs: map[string][]standin.Line{"auth": standin.Daily(now.AddDate(0, -3, 0), now)},
				Wrap: func(h http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if asked++; asked == 2 {
							interrupt(&exit.Error{Exit: exit.Interrupted, ID: "INTERRUPTED", Message: "interrupted"})
						}
						h.ServeHTTP(w, r)
					})
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			env := map[string]string{"WORKSCTL_API_URL": s.APIURL(), "WORKSCTL_TOKEN": s.Token(), "HOME": folder}
			var stdout, stderr bytes.Buffer
			code := cmd.Run(ctx, cmd.Env{
				Args: []string{"audit", "download", "--since", "2026-09-01", "--out", out}, In: &bytes.Buffer{}, Out: &stdout, Err: &stderr,
				LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
				Now:       func() time.Time { return now }, Location: time.UTC, Sleep: atOnce,
			})
			if code != exit.Interrupted || stdout.Len() > 0 {
				t.Errorf("exit code %d, %d bytes on stdout: %s", code, stdout.Len(), stderr.String())
			}
			left, err := filepath.Glob(filepath.Join(folder, "*"))
			if err != nil || len(left) != 1 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			if hidden, err := filepath.Glob(filepath.Join(folder, ".*")); err != nil || len(hidden) > 0 {
				t.Errorf("left behind: %v, %v", hidden, err)
			}
			if text, err := os.ReadFile("log.csv"); err != nil || string(text) != "older\n" {
				t.Errorf("the older file is %q, %v", text, err)
			}
		})
	}
}
