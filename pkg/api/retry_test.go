package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/pkg/api"
)

func TestReadingIsRepeated(t *testing.T) {
	good := sendJSON(200, `{"deviceId":"d1"}`)
	late := newClock().Now().Add(90 * time.Second).Format(http.TimeFormat)
	for name, tc := range map[string]struct {
		fault    answerFunc
		min, max time.Duration // of waiting
	}{
		"dropped connection":    {drop, 125 * time.Millisecond, 250 * time.Millisecond},
		"cut body":              {cut(`{"deviceId":`), 125 * time.Millisecond, 250 * time.Millisecond},
		"cut by a proxy":        {sendJSON(200, `{"deviceId":"d`), 125 * time.Millisecond, 250 * time.Millisecond},
		"502":                   {refuse(502, ""), 125 * time.Millisecond, 250 * time.Millisecond},
		"503":                   {refuse(503, ""), 125 * time.Millisecond, 250 * time.Millisecond},
		"504":                   {refuse(504, ""), 125 * time.Millisecond, 250 * time.Millisecond},
		"503 with Retry-After":  {refuse(503, "", "Retry-After", "7"), 7 * time.Second, 8 * time.Second},
		"429":                   {refuse(429, ""), time.Second, 2 * time.Second},
		"429 with Retry-After":  {refuse(429, "", "Retry-After", "20"), 20 * time.Second, 21 * time.Second},
		"429 with a date":       {refuse(429, "", "Retry-After", late), 89 * time.Second, 91 * time.Second},
		"429 with the reset":    {refuse(429, "", "rateLimit-reset", "30"), 30 * time.Second, 31 * time.Second},
		"429 with both headers": {refuse(429, "", "rateLimit-reset", "60", "RETRY-AFTER", "3"), 3 * time.Second, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, tc.fault, good)
			c, clk := newClient(t, b.URL)
			d, err := c.Devices.Get(t.Context(), "d1")
			if err != nil || d.DeviceID != "d1" {
				t.Fatalf("%v, %v", d, err)
			}
			if b.count() != 2 {
				t.Errorf("%d requests", b.count())
			}
			if w := clk.total(); w < tc.min || w > tc.max {
				t.Errorf("waited %s, want %s to %s", w, tc.min, tc.max)
			}
		})
	}
}

func TestReadingIsNotRepeatedForEver(t *testing.T) {
	for name, tc := range map[string]struct {
		fault    answerFunc
		requests int
		is       error
	}{
		"gateway":                           {refuse(502, ""), 5, api.ErrServer},
		"limit":                             {refuse(429, ""), 9, api.ErrRateLimited},
		"limit for an hour":                 {refuse(429, "", "Retry-After", "3600"), 1, api.ErrRateLimited},
		"limit for longer than can be told": {refuse(429, "", "Retry-After", "99999999999999999999"), 1, api.ErrRateLimited},
		"away for longer than can be told":  {refuse(503, "", "Retry-After", "99999999999999999999"), 1, api.ErrServer},
		"a reset that can't be told":        {refuse(429, "", "RateLimit-Reset", "99999999999999999999"), 1, api.ErrRateLimited},
		"500":                               {refuse(500, "INTERNAL_SERVER_ERROR"), 1, api.ErrServer},
		"404":                               {refuse(404, "DEVICE_NOT_EXIST"), 1, api.ErrNotFound},
		"a body that is always cut":         {cut(`{}`), 5, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, tc.fault)
			c, _ := newClient(t, b.URL)
			_, err := c.Devices.Get(t.Context(), "d1")
			if !errors.Is(err, tc.is) {
				t.Errorf("%v is not %v", err, tc.is)
			}
			if b.count() != tc.requests {
				t.Errorf("%d requests, want %d", b.count(), tc.requests)
			}
		})
	}
}

// act sends a wipe and says how often the server saw it.
func act(t *testing.T, b *backend, change ...func(*api.Options)) (*api.Command, error) {
	t.Helper()
	c, _ := newClient(t, b.URL, change...)
	return c.Commands.Wipe(t.Context(), "d1", "lost", "key-1")
}

func TestActingIsRepeatedOnlyWhereNotCarriedOut(t *testing.T) {
	accepted := sendJSON(202, `{"commandId":"c1"}`)
	for name, tc := range map[string]struct {
		first    answerFunc
		requests int
		unknown  bool
		is       error
	}{
		"429":                  {refuse(429, "TOO_MANY_REQUESTS"), 2, false, nil},
		"503 with Retry-After": {refuse(503, "", "Retry-After", "1"), 2, false, nil},
		"503":                  {refuse(503, ""), 1, true, api.ErrServer},
		"500":                  {refuse(500, ""), 1, true, api.ErrServer},
		"501":                  {refuse(501, ""), 1, false, api.ErrServer},
		"502":                  {refuse(502, ""), 1, true, api.ErrServer},
		"504":                  {refuse(504, ""), 1, true, api.ErrServer},
		"408":                  {refuse(408, ""), 1, true, nil},
		"dropped":              {drop, 1, true, nil},
		"cut answer":           {cut(`{"commandId":`), 1, true, io.ErrUnexpectedEOF},
		"refused":              {refuse(409, "COMMAND_ALREADY_EXIST"), 1, false, api.ErrCommandPending},
		"redirect":             {sendJSON(307, "", "Location", "/elsewhere"), 1, true, api.ErrRedirected},
		"HTML":                 {sendJSON(202, "<html>", "Content-Type", "text/html"), 1, true, nil},
		"no command":           {sendJSON(202, "{}"), 1, true, nil},
		"half a command":       {sendJSON(202, `{"commandId":`), 1, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, tc.first, accepted)
			cmd, err := act(t, b)
			if b.count() != tc.requests {
				t.Errorf("%d requests, want %d", b.count(), tc.requests)
			}
			if tc.requests == 2 && (err != nil || cmd.CommandID != "c1") {
				t.Errorf("%v, %v", cmd, err)
			}
			if tc.requests == 1 && err == nil {
				t.Error("no error")
			}
			e, unknown := errors.AsType[*api.UnknownOutcomeError](err)
			if unknown != tc.unknown {
				t.Errorf("unknown %v: %v", unknown, err)
			}
			if unknown && (e.Key != "key-1" || e.Path != "/security/devices/d1/wipe") {
				t.Errorf("%+v", e)
			}
			if tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("%v is not %v", err, tc.is)
			}
			for _, r := range b.seen() {
				if diff := cmp.Diff([]string{"key-1"}, r.Header.Values("Idempotency-Key")); diff != "" {
					t.Errorf("%s key %s", r.URL, diff)
				}
			}
			for _, body := range b.bodies {
				if body != `{"reason":"lost"}` {
					t.Errorf("body %q", body)
				}
			}
		})
	}
}

// net/http repeats a POST with an Idempotency-Key when a kept connection drops.
func TestActingIsSentOnceOnAWarmConnection(t *testing.T) {
	warm := devices("")
	b := newBackend(t, warm, drop)
	c, _ := newClient(t, b.URL)
	if _, err := c.Devices.List(t.Context(), api.DeviceQuery{}, ""); err != nil {
		t.Fatal(err)
	}
	_, err := c.Commands.Wipe(t.Context(), "d1", "lost", "key-1")
	if _, ok := errors.AsType[*api.UnknownOutcomeError](err); !ok {
		t.Errorf("not unknown: %v", err)
	}
	if err := c.Commands.Cancel(t.Context(), "c1", "key-2"); err == nil {
		t.Error("no error")
	}
	if b.count() != 3 {
		t.Errorf("%d requests, want 3", b.count())
	}
	if b.seen()[0].RemoteAddr != b.seen()[1].RemoteAddr {
		t.Error("the connection was not kept, so this test shows nothing")
	}
}

func TestActingIsRepeatedWhereNoConnectionWasMade(t *testing.T) {
	b := newBackend(t, sendJSON(202, `{"commandId":"c1"}`))
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for name, dial := range map[string]func(n int) (net.Conn, error){
		"refused": func(int) (net.Conn, error) { return net.Dial("tcp", dead.Addr().String()) },
		"DNS":     func(int) (net.Conn, error) { return nil, &net.DNSError{Err: "no such host", Name: "x"} },
	} {
		t.Run(name, func(t *testing.T) {
			before, n := b.count(), 0
			transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				n++
				if n < 3 {
					return dial(n)
				}
				return (&net.Dialer{}).DialContext(ctx, network, addr)
			}}
			defer transport.CloseIdleConnections()
			cmd, err := act(t, b, func(o *api.Options) { o.Transport = transport })
			if err != nil || cmd.CommandID != "c1" || b.count() != before+1 {
				t.Errorf("%v, %v, %d requests", cmd, err, b.count()-before)
			}
		})
	}
	t.Run("never", func(t *testing.T) {
		c, clk := newClient(t, "http://"+dead.Addr().String())
		err := c.Users.ForceLogout(t.Context(), "u", "k")
		e, ok := errors.AsType[*api.NetworkError](err)
		if !ok || e.Attempts != 5 || len(clk.slept) != 4 {
			t.Errorf("%v after %v", err, clk.slept)
		}
		if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown {
			t.Error("unknown outcome without a connection")
		}
	})
	t.Run("TLS handshake", func(t *testing.T) {
		c, _ := newClient(t, strings.Replace(plain.URL, "http:", "https:", 1))
		err := c.Users.ForceLogout(t.Context(), "u", "k")
		if e, ok := errors.AsType[*api.NetworkError](err); !ok || e.Attempts != 5 {
			t.Errorf("%v", err)
		}
	})
}

type silent struct{}

func (silent) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("boom") }

func TestUntracedTransportLeavesTheOutcomeOpen(t *testing.T) {
	c, _ := newClient(t, "https://example.com", func(o *api.Options) { o.Transport = silent{} })
	err := c.Users.ForceLogout(t.Context(), "u", "k")
	if _, ok := errors.AsType[*api.UnknownOutcomeError](err); !ok {
		t.Errorf("%v", err)
	}
}

func TestTimeoutIsPerAttempt(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	b := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, "{")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}, sendJSON(200, `{"deviceId":"d1"}`))
	c, _ := newClient(t, b.URL, func(o *api.Options) { o.Timeout = 500 * time.Millisecond })
	if _, err := c.Devices.Get(t.Context(), "d1"); err != nil || b.count() != 2 {
		t.Errorf("%v after %d requests", err, b.count())
	}

	hang := newBackend(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, err := act(t, hang, func(o *api.Options) { o.Timeout = 50 * time.Millisecond })
	if _, ok := errors.AsType[*api.UnknownOutcomeError](err); !ok || hang.count() != 1 || !strings.Contains(err.Error(), "time limit") {
		t.Errorf("%v after %d requests", err, hang.count())
	}
}

func TestCancelEndsWaiting(t *testing.T) {
	b := newBackend(t, refuse(429, "", "Retry-After", "60"))
	ctx, cancel := context.WithCancel(t.Context())
	c, _ := newClient(t, b.URL, func(o *api.Options) {
		o.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	})
	err := c.Users.ForceLogout(ctx, "u", "k")
	if !errors.Is(err, context.Canceled) || b.count() != 1 {
		t.Errorf("%v after %d requests", err, b.count())
	}
	if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown {
		t.Error("a 429 was not carried out")
	}
}

func TestHugeAnswerIsRefused(t *testing.T) {
	b := newBackend(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(65<<20))
		_, _ = fmt.Fprint(w, "{")
	})
	c, _ := newClient(t, b.URL)
	_, err := c.Devices.Get(t.Context(), "d1")
	if err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") || b.count() != 1 {
		t.Errorf("%v after %d requests", err, b.count())
	}
}
