package auth_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// childTask tells a child process of this test binary its server, its state
// folder and the time.
const childTask = "AUTH_TEST_CHILD"

func TestMain(m *testing.M) {
	if task, ok := os.LookupEnv(childTask); ok {
		child(strings.Split(task, "\n"))
		return
	}
	os.Exit(m.Run())
}

// child says that it is ready, waits for a line, uses a token and says how that
// went.
func child(task []string) {
	now, err := time.Parse(time.RFC3339, task[2])
	if err != nil {
		panic(err)
	}
	s := builtInSource(task[0], task[1], func() time.Time { return now })
	stdin := bufio.NewReader(os.Stdin)
	for fmt.Println("ready"); ; {
		if _, err := stdin.ReadString('\n'); err != nil {
			return
		}
		fmt.Println(useToken(context.Background(), s, task[0]))
	}
}

// builtInFetch renews by the sandbox's built-in client.
func builtInFetch(address string, now func() time.Time) func(context.Context) (auth.Token, error) {
	server := auth.NewServer(address+sandbox.AuthPath, nil, now)
	return func(ctx context.Context) (auth.Token, error) {
		return server.Refresh(ctx, sandbox.BuiltInClientID, secretOf(sandbox.BuiltInClientSecret), secretOf(sandbox.BuiltInRefreshToken))
	}
}

// builtInSource shares its token in folder, if that is named.
func builtInSource(address, folder string, now func() time.Time) *auth.Source {
	var cache *auth.Cache
	if folder != "" {
		cache = auth.NewCache(folder, []api.Secret{secretOf(sandbox.BuiltInClientSecret)}, address, sandbox.BuiltInClientID)
	}
	return auth.NewSource(auth.SourceOptions{Fetch: builtInFetch(address, now), Cache: cache, Now: now,
		Warn: func(w string) { panic(w) }})
}

// useToken makes a request as package api does and returns its status.
func useToken(ctx context.Context, s *auth.Source, address string) string {
	token, err := s.Token(ctx)
	if err != nil {
		return err.Error()
	}
	status := apiStatus(ctx, address, token.Reveal())
	if status == http.StatusUnauthorized {
		if token, err = s.Renew(ctx, token); err != nil {
			return err.Error()
		}
		status = apiStatus(ctx, address, token.Reveal())
	}
	return fmt.Sprint(status)
}

type process struct {
	stdin io.Writer
	said  *bufio.Reader
}

func (p process) line(t *testing.T) string {
	t.Helper()
	said, err := p.said.ReadString('\n')
	if err != nil {
		t.Fatalf("a child says nothing: %v", err)
	}
	return strings.TrimSpace(said)
}

func startChild(t *testing.T, l *lab, folder string) process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), childTask+"="+l.url+"\n"+folder+"\n"+l.clock.Now().Format(time.RFC3339))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); _ = cmd.Wait() })
	return process{stdin, bufio.NewReader(stdout)}
}

// Eight processes start at once with a token that has expired, at a server where
// a new token ends the old one: one renews, and each ends with a token that
// works. Then somebody elsewhere ends their token: again one renews.
func TestProcessesRenewOnce(t *testing.T) {
	l := newLab(t, false, func(s *sandbox.Settings) { s.SingleToken = true; s.TokenSeconds = 3600 })
	folder := t.TempDir()
	if _, err := builtInSource(l.url, folder, l.clock.Now).Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.clock.pass(2 * time.Hour)
	var all []process
	for range 8 {
		p := startChild(t, l, folder)
		if said := p.line(t); said != "ready" {
			t.Fatal(said)
		}
		all = append(all, p)
	}
	for _, when := range []string{"the token has expired", "the token was ended"} {
		if when == "the token was ended" {
			if _, err := builtInFetch(l.url, l.clock.Now)(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		before := l.renewals()
		for _, p := range all {
			if _, err := io.WriteString(p.stdin, "go\n"); err != nil {
				t.Fatal(err)
			}
		}
		for i, p := range all {
			if said := p.line(t); said != "200" {
				t.Errorf("%s: process %d says %s", when, i, said)
			}
		}
		if n := l.renewals() - before; n != 1 {
			t.Errorf("%s: %d renewals", when, n)
		}
	}
}
