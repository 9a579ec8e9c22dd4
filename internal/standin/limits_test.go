package standin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/standin"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestPages(t *testing.T) {
	var clk clock
	s := start(t, &clk, func(o *standin.Options) { o.Wrap = nil }) // a count over 100 breaks the contract
	read := func(query string) (users int, cursor string) {
		var page struct {
			Users            []json.RawMessage
			ResponseMetaData struct{ NextCursor string }
		}
		resp := ask(t, s, s.Token("directory.read"), http.MethodGet, standin.APIPath+"/users"+query, "")
		if err := json.NewDecoder(resp.Body).Decode(&page); err != nil || page.Users == nil {
			t.Fatalf("%s: %v", query, err)
		}
		return len(page.Users), page.ResponseMetaData.NextCursor
	}
	if n, cursor := read("?count=101"); n != 0 || cursor != "" {
		t.Errorf("count 101: %d members, cursor %q", n, cursor)
	}
	n, cursor := read("")
	if n != 100 || !strings.Contains(cursor, "+") || !strings.Contains(cursor, "/") || !strings.HasSuffix(cursor, "=") {
		t.Errorf("%d members, cursor %q", n, cursor)
	}
	if n, cursor := read("?domainId=7"); n != 0 || cursor != "" {
		t.Errorf("domain 7: %d members, cursor %q", n, cursor)
	}
}

// The limit is one for each operation, and told in the published spelling.
func TestRateLimit(t *testing.T) {
	for limit, change := range map[int]func(*standin.Options){240: nil, 60: func(o *standin.Options) { o.PerMinute = 60 }} {
		var clk clock
		s := start(t, &clk, change)
		token := s.Token()
		for range limit {
			resp := ask(t, s, token, http.MethodGet, standin.APIPath+"/users?count=1", "")
			if resp.StatusCode != http.StatusOK {
				t.Fatalf("%d: %s", limit, resp.Status)
			}
		}
		clk.ahead.Add(int64(20500 * time.Millisecond))
		resp := ask(t, s, token, http.MethodGet, standin.APIPath+"/users?count=1", "")
		if h := resp.Header; resp.StatusCode != http.StatusTooManyRequests || h.Get("rateLimit-remaining") != "0" || h.Get("rateLimit-reset") != "40" {
			t.Errorf("%d: %s %v", limit, resp.Status, h)
		}
		if resp := ask(t, s, token, http.MethodGet, standin.APIPath+"/users/nobody", ""); resp.StatusCode != http.StatusNotFound {
			t.Errorf("another operation: %s", resp.Status)
		}
		clk.ahead.Add(int64(40 * time.Second))
		if resp := ask(t, s, token, http.MethodGet, standin.APIPath+"/users?count=1", ""); resp.StatusCode != http.StatusOK {
			t.Errorf("a minute later: %s", resp.Status)
		}
		if n := s.Record().Throttled; n != 1 {
			t.Errorf("throttled %d times", n)
		}
		if text := onTheWire(t, s, token); !strings.Contains(text, fmt.Sprintf("\r\nrateLimit-limit: %d\r\n", limit)) || !strings.Contains(text, "\r\nrateLimit-reset: 20\r\n") {
			t.Errorf("%d: %s", limit, text)
		}
	}
}

// onTheWire is an answer as it comes, which net/http changes the spelling of.
func onTheWire(t *testing.T, s *standin.Service, token string) string {
	t.Helper()
	address, _, _ := strings.Cut(strings.TrimPrefix(s.APIURL(), "http://"), "/")
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "GET /v1.0/users/me HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n", address, token)
	text, reading := io.ReadAll(conn)
	if err := errors.Join(err, reading); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The client keeps to both limits by itself.
func TestClientKeepsToTheLimits(t *testing.T) {
	var clk clock
	s := start(t, &clk, func(o *standin.Options) { o.PerMinute = 60 })
	c := client(t, s, &clk, api.NewSecret(s.Token()))
	for range 150 {
		if _, err := c.Users.Get(t.Context(), standin.Directory(1)[0].UserID); err != nil {
			t.Fatal(err)
		}
	}
	day := clk.now().AddDate(0, -1, 0)
	for range 25 {
		if _, err := c.Audit.Download(t.Context(), api.AuditQuery{Service: "auth", StartTime: day, EndTime: day}, &strings.Builder{}); err != nil {
			t.Fatal(err)
		}
	}
	if r := s.Record(); r.Throttled != 0 || r.Parallel != 0 || r.Leaked != 0 {
		t.Errorf("%+v", r)
	}
}

// A log is under way until its file is fetched or its address has expired; the
// file is on another host and takes no token.
func TestAuditFiles(t *testing.T) {
	var clk clock
	s := start(t, &clk, nil)
	path := standin.APIPath + "/audits/logs/download?service=auth&startTime=2026-11-01T00:00:00Z&endTime=2026-11-02T00:00:00Z"
	first := ask(t, s, s.Token(), http.MethodGet, path, "")
	at := first.Header.Get("Location")
	if first.StatusCode != http.StatusFound || at == "" || strings.HasPrefix(at, strings.TrimSuffix(s.APIURL(), standin.APIPath)) {
		t.Fatalf("%s to %q", first.Status, at)
	}
	if resp := ask(t, s, s.Token(), http.MethodGet, path, ""); resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("in parallel: %s", resp.Status)
	}
	get := func(token string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	if status := get(s.Token()); status != http.StatusBadRequest || s.Record().Leaked != 1 {
		t.Errorf("with a token: %d, %d leaked", status, s.Record().Leaked)
	}
	if status := get(""); status != http.StatusOK {
		t.Errorf("without a token: %d", status)
	}
	if status := get(""); status != http.StatusNotFound {
		t.Errorf("twice: %d", status)
	}
	at = ask(t, s, s.Token(), http.MethodGet, path, "").Header.Get("Location")
	clk.ahead.Add(int64(time.Minute))
	if status := get(""); status != http.StatusNotFound {
		t.Errorf("too late: %d", status)
	}
	if r := s.Record(); r.Parallel != 1 || len(r.Spans) != 2 {
		t.Errorf("%+v", r)
	}
}

// A failure is before or after the deed, as planned.
func TestFaults(t *testing.T) {
	var clk clock
	s := start(t, &clk, nil)
	c := client(t, s, &clk, api.NewSecret(s.Token()))
	id := standin.Directory(9)[8].UserID
	for i, kind := range []standin.Kind{standin.DropBefore, standin.DropAfter, standin.FailBefore, standin.FailAfter} {
		s.AddFault(standin.Fault{Kind: kind, Method: http.MethodPost, Path: "/force-logout"})
		err := c.Users.ForceLogout(t.Context(), id, api.NewIdempotencyKey())
		if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); !unknown {
			t.Errorf("%s: %v", kind, err)
		}
		if got, want := s.Record().Total("force-logout"), (i+1)/2; got != want {
			t.Errorf("%s: done %d times, want %d", kind, got, want)
		}
	}
	s.AddFault(standin.Fault{Kind: standin.LogError, Path: ".csv", After: 1})
	for i, want := range []error{nil, api.ErrAuditIncomplete, nil} {
		day := clk.now().AddDate(0, -1, 0)
		if _, err := c.Audit.Download(t.Context(), api.AuditQuery{Service: "auth", StartTime: day, EndTime: day}, &strings.Builder{}); !errors.Is(err, want) {
			t.Errorf("log %d: %v", i, err)
		}
	}
}
