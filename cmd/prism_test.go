package cmd_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/prism"
	"github.com/worksctl/worksctl/internal/sandbox"
)

// TestPrism has a mock server that nobody here wrote judge what the commands
// send. It answers what breaks the published description with 422, and knows
// nothing between two requests.
func TestPrism(t *testing.T) {
	folder := t.TempDir()
	if err := prism.Install(t.Context(), folder); err != nil {
		if os.Getenv(prism.Wanted) == "required" {
			t.Fatal(err)
		}
		t.Logf("LEFT OUT: commands against a mock server that nobody here wrote: %v", err)
		return
	}
	address, _ := prism.Start(t, folder, "../docs/openapi.yaml")
	var asked sync.Map // by method and path
	server := judged(t, address, &asked)
	devices := filepath.Join(t.TempDir(), "devices.csv")
	const rows = "Device,User,Installed App\nGalaxy S24,길동 홍 (gildong.hong@example.com),NAVER WORKS 4.1.0\n"
	if err := os.WriteFile(devices, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line  string
		code  exit.Code
		asked []string
	}{
		{"members search 太郎 --limit 1", exit.OK, []string{"GET /users"}},
		{"members show taro.yamada@example.com -o json", exit.OK, []string{"GET /users/taro.yamada@example.com"}},
		{"members sign-out taro.yamada@example.com --yes --reason lost", exit.OK, []string{"POST /users/2f7e9a10-84c6-4b3d-9e5f-0a1b2c3d4e5f/force-logout"}},
		{"members suspend taro.yamada@example.com --yes --reason lost", exit.OK, []string{"POST /users/2f7e9a10-84c6-4b3d-9e5f-0a1b2c3d4e5f/suspend"}},
		{"members unsuspend taro.yamada@example.com --yes --reason found", exit.OK, []string{"POST /users/2f7e9a10-84c6-4b3d-9e5f-0a1b2c3d4e5f/unsuspend"}},
		{"audit download --since 2026-11-01 --language ko_KR --out -", exit.OK, []string{"GET /audits/logs/download"}},
		{"notify --via bot --bot-id 2000001 --from " + devices + " --yes", exit.OK, []string{"POST /bots/2000001/users/gildong.hong@example.com/messages"}},
		{"notify --via bot --bot-id 2000001 --link https://example.com/a?b=c --language ko --cooldown 0 --from " + devices + " --yes", exit.OK, nil},
		{"devices list", exit.Failed, []string{"GET /security/devices"}}, // 404 is what it has for them
	} {
		code, _, stderr := run(t, server, "token", strings.Fields(c.line)...)
		if code != c.code {
			t.Errorf("%s: exit code %d, want %d: %s", c.line, code, c.code, stderr)
		}
		for _, a := range c.asked {
			if _, ok := asked.Load(a); !ok {
				t.Errorf("%s: %s was not asked", c.line, a)
			}
		}
	}
}

// judged is Prism behind a listener that notes the requests, and what Prism finds
// wrong in them. Where Prism redirects to an example of an address, the listener
// does to another host of this machine, and it remembers that the one member was suspended.
func judged(t *testing.T, address string, asked *sync.Map) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Errorf("%s: the token went to another host", r.URL)
		}
		_, _ = io.WriteString(w, "Date,Task\n") // a client that has gone needs no answer
	}))
	t.Cleanup(files.Close)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			asked.Store(r.In.Method+" "+r.In.URL.Path, true)
		},
		ModifyResponse: func(r *http.Response) error {
			if broken := r.Header.Get("Sl-Violations"); broken != "" {
				t.Errorf("%s %s: %s", r.Request.Method, r.Request.URL, broken)
			}
			if r.StatusCode == http.StatusFound {
				r.Header.Set("Location", files.URL)
			}
			if _, ok := asked.Load("POST /users/2f7e9a10-84c6-4b3d-9e5f-0a1b2c3d4e5f/suspend"); ok && strings.HasPrefix(r.Request.URL.Path, "/users/") {
				return suspended(r)
			}
			return nil
		},
	}
	server := httptest.NewServer(http.StripPrefix(sandbox.APIPath, proxy))
	t.Cleanup(server.Close)
	return server.URL
}

// suspended has an answer say so of its member.
func suspended(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	body = bytes.Replace(body, []byte(`"isSuspended":false`), []byte(`"isSuspended":true`), 1)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return err
}
