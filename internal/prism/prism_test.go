package prism_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/prism"
	"github.com/worksctl/worksctl/pkg/api"
)

// TestMain leaves the tests out where Prism can't be installed. `go test` hides
// what passing tests print, but says "[no tests to run]" behind the name of a
// package of which none ran: so nobody takes that for tests that passed.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

// installed is the folder of Prism.
var installed string

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "prism")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	installed = folder
	if err := prism.Install(context.Background(), folder); err != nil {
		fmt.Fprintf(os.Stderr, "LEFT OUT: the tests with Prism, a mock server that nobody here wrote: %v\n", err)
		if os.Getenv(prism.Wanted) == "required" {
			return 1
		}
		if err := flag.Set("test.run", "^$"); err != nil {
			panic(err)
		}
	}
	return m.Run()
}

const description = "../../docs/openapi.yaml"

// witness notes what Prism says of each request. What leads to another host it
// answers itself.
type witness struct {
	t    *testing.T
	mu   sync.Mutex
	seen map[string]int // by method and path; the status
}

func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.Host, "127.0.0.1:") {
		if r.Header.Get("Authorization") != "" {
			w.t.Errorf("the token went to %s", r.URL.Host)
		}
		header := http.Header{"Content-Type": {"text/csv"}}
		return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader("Date,Task\n")), Request: r}, nil
	}
	r = r.Clone(r.Context())
	if strings.HasPrefix(r.URL.Path, "/audits/") {
		r.Header.Set("Prefer", "code=302") // Prism makes up none but a 2xx by itself
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen[r.Method+" "+r.URL.Path] = resp.StatusCode
	if broken := resp.Header.Get("Sl-Violations"); broken != "" {
		w.t.Errorf("%s %s: %s", r.Method, r.URL, broken)
	}
	return resp, nil
}

func now() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }

func noPause(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

// TestRequestsValidate makes every published call of the client, and every
// grant that it signs in with, against Prism.
func TestRequestsValidate(t *testing.T) {
	address, operations := prism.Start(t, installed, description)
	w := &witness{t: t, seen: map[string]int{}}
	server := auth.NewServer(address, &http.Client{Transport: w}, now)
	c, err := api.New(api.Options{BaseURL: address, Tokens: api.StaticToken(api.NewSecret("token")), Transport: w, Now: now, Sleep: noPause})
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range calls(t, server, c) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// All but the page that a browser is sent to, each with the status that it
	// has when it goes well.
	want := map[string]int{
		"POST /token": 200, "POST /revoke": 200, "GET /users": 200, "GET /users/a@example.com": 200, "GET /users/externalKey:a/b": 200,
		"POST /users/u1/force-logout": 202, "POST /users/u1/suspend": 204, "POST /users/u1/unsuspend": 204,
		"POST /bots/2000001/users/u1/messages": 201, "GET /audits/logs/download": 302,
	}
	for name, status := range want {
		if w.seen[name] != status {
			t.Errorf("%s: %d, want %d", name, w.seen[name], status)
		}
	}
	if len(w.seen) != len(want) || operations != len(want) { // a member is shown in two ways, and authorize is left out
		t.Errorf("%d calls of %d operations, want %d: %v", len(w.seen), operations, len(want), w.seen)
	}
}

func calls(t *testing.T, server *auth.Server, c *api.Client) map[string]error {
	t.Helper()
	ctx, key, secret := t.Context(), api.NewIdempotencyKey(), api.NewSecret("secret")
	_, byAccount := server.ServiceAccount(ctx, auth.ServiceAccount{
		ClientID: "acme", ClientSecret: secret, Account: "acme@example.com", PrivateKey: privateKey(t), Scopes: []string{"user.read", "bot.message"},
	})
	_, byRefresh := server.Refresh(ctx, "acme", secret, api.NewSecret("refresh"))
	page, listed := c.Users.List(ctx, api.UserQuery{DomainID: 10000001, OrderBy: "CREATED_TIME", SortOrder: "DESCENDING", Count: 100}, "kBhF+s/9aQ==")
	if listed == nil && len(page.Items) == 0 {
		t.Error("no members on the page")
	}
	_, byEmail := c.Users.Get(ctx, "a@example.com")
	_, byKey := c.Users.Get(ctx, "externalKey:a/b")
	buttons := []api.Button{{Label: "Update", URI: "https://example.com/a?b=c&d=e", Labels: []api.Translation{{Language: "ko_KR", Text: "업데이트"}}}}
	texts := []api.Translation{{Language: "en_US", Text: "Update"}, {Language: "ja_JP", Text: "更新"}}
	start := now().AddDate(0, 0, -31)
	_, audited := c.Audit.Download(ctx, api.AuditQuery{Service: "auth", StartTime: start, EndTime: now(), Language: "ko_KR", DomainID: 10000001}, io.Discard)
	return map[string]error{
		"service account": byAccount, "refresh": byRefresh,
		"revoke":       server.Revoke(ctx, "acme", secret, api.NewSecret("token"), "access_token"),
		"list members": listed, "member by e-mail": byEmail, "member by key": byKey,
		"sign-out": c.Users.ForceLogout(ctx, "u1", key), "suspend": c.Users.Suspend(ctx, "u1", key), "unsuspend": c.Users.Unsuspend(ctx, "u1", key),
		"text":   c.Bots.SendMessage(ctx, 2000001, "u1", api.Message{Text: "업데이트", Texts: texts}, key),
		"button": c.Bots.SendMessage(ctx, 2000001, "u1", api.Message{Text: strings.Repeat("글", 1000), Texts: texts, Buttons: buttons}, key),
		"audit":  audited,
	}
}

// TestPrismRefuses shows that what breaks the description would be noticed.
func TestPrismRefuses(t *testing.T) {
	address, _ := prism.Start(t, installed, description)
	for name, ask := range map[string]func() (*http.Request, error){
		"no token": func() (*http.Request, error) {
			return http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/users", http.NoBody)
		},
		"count over 100": func() (*http.Request, error) {
			return http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/users?count=101", http.NoBody)
		},
		"a text in no language": func() (*http.Request, error) {
			return http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/bots/1/users/u/messages", strings.NewReader(`{"content":{"type":"text","text":"x","i18nTexts":[{"language":"xx","text":"x"}]}}`))
		},
		"a message without text": func() (*http.Request, error) {
			return http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/bots/1/users/u/messages", strings.NewReader(`{"content":{"type":"text"}}`))
		},
		"the device API": func() (*http.Request, error) {
			return http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/security/devices", http.NoBody)
		},
	} {
		r, err := ask()
		if err != nil {
			t.Fatal(err)
		}
		if name != "no token" {
			r.Header.Set("Authorization", "Bearer token")
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode < http.StatusBadRequest {
			t.Errorf("%s: %s", name, resp.Status)
		}
	}
}

func privateKey(t *testing.T) []byte {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	der, marshaling := x509.MarshalPKCS8PrivateKey(key)
	if err := errors.Join(err, marshaling); err != nil {
		t.Fatal(err)
	}
	return der
}
