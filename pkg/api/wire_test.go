package api_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// wire is a server on bare TCP: it answers the n-th request with the n-th text
// and closes the connection on an empty one. The last answer stays.
type wire struct {
	url string

	mu       sync.Mutex
	requests []string // heads and bodies as they came
	conns    []net.Conn
}

func newWire(t *testing.T, answers ...string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{url: "http://" + l.Addr().String()}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			w.mu.Lock()
			w.conns = append(w.conns, conn)
			w.mu.Unlock()
			running.Go(func() { w.serve(conn, answers) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		w.mu.Lock()
		for _, conn := range w.conns {
			_ = conn.Close()
		}
		w.mu.Unlock()
		running.Wait()
	})
	return w
}

func (w *wire) serve(conn net.Conn, answers []string) {
	defer func() { _ = conn.Close() }()
	var raw strings.Builder
	in := bufio.NewReader(io.TeeReader(conn, &raw))
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.mu.Lock()
		n := len(w.requests)
		w.requests = append(w.requests, raw.String())
		w.mu.Unlock()
		raw.Reset()
		answer := answers[min(n, len(answers)-1)]
		if answer == "" {
			return
		}
		_, _ = io.WriteString(conn, answer)
	}
}

func (w *wire) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.requests...)
}

func (w *wire) connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.conns)
}

const (
	wireDevice   = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"deviceId\":\"d1\"}"
	wireAccepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
	wireRenew    = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
	wireBusy     = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"
)

func TestPostWithoutBodyOnTheWire(t *testing.T) {
	for what, call := range bareCalls() {
		w := newWire(t, wireRenew, wireBusy, wireAccepted) // each attempt anew
		c, _ := newClient(t, w.url, func(o *api.Options) { o.Tokens = &tokens{} })
		if err := call(t.Context(), c); err != nil || len(w.seen()) != 3 {
			t.Errorf("%s: %v after %d requests", what, err, len(w.seen()))
		}
		for _, raw := range w.seen() {
			head, body, _ := strings.Cut(raw, "\r\n\r\n")
			chunked := strings.Contains(head, "Transfer-Encoding")
			empty := strings.Contains(head, "\r\nContent-Length: 0\r\n")
			if chunked || empty != (body == "") || empty == strings.Contains(head, "Content-Type") {
				t.Errorf("%s: sent %q", what, raw)
			}
		}
	}
}

func TestPostWithoutBodyIsSentOnceOnAWarmConnection(t *testing.T) {
	w := newWire(t, wireDevice, "", wireAccepted)
	c, _ := newClient(t, w.url)
	if _, err := c.Devices.Get(t.Context(), "d1"); err != nil {
		t.Fatal(err)
	}
	err := c.Commands.Cancel(t.Context(), "c1", "k")
	if takenFor(err) != open || len(w.seen()) != 2 {
		t.Errorf("%v after %d requests", err, len(w.seen()))
	}
	if w.connections() != 1 {
		t.Error("the connection was not kept, so this test shows nothing")
	}
}

func TestStatusThatIsNoFinalAnswer(t *testing.T) {
	upgrade := "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
	for says, answer := range map[string]string{": 101": upgrade, ": 0": "HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n"} {
		for what, call := range bareCalls() {
			t.Run(what+says, func(t *testing.T) {
				w := newWire(t, answer)
				c, _ := newClient(t, w.url, func(o *api.Options) { o.Timeout = time.Minute })
				if err := soon(t, c, call); takenFor(err) != open || len(w.seen()) != 1 {
					t.Errorf("%v after %d requests", err, len(w.seen()))
				}
			})
		}
		for what, read := range map[string]func(context.Context, *api.Client) error{
			"get": func(ctx context.Context, c *api.Client) error { _, err := c.Devices.Get(ctx, "d1"); return err },
			"download": func(ctx context.Context, c *api.Client) error {
				_, err := c.Audit.Download(ctx, api.AuditQuery{}, io.Discard)
				return err
			},
			"raw": func(ctx context.Context, c *api.Client) error {
				_, err := c.Raw(ctx, api.RawRequest{Path: "/x"})
				return err
			},
		} {
			t.Run(what+says, func(t *testing.T) {
				w := newWire(t, answer)
				c, _ := newClient(t, w.url, func(o *api.Options) { o.Timeout = time.Minute })
				err := soon(t, c, read)
				e, ok := errors.AsType[*api.BackendError](err)
				if !ok || !strings.Contains(e.Reason, says) || len(w.seen()) != 1 {
					t.Errorf("%v after %d requests", err, len(w.seen()))
				}
			})
		}
	}
}

// soon makes a call and fails the test where it hangs.
func soon(t *testing.T, c *api.Client, call func(context.Context, *api.Client) error) error {
	t.Helper()
	over := make(chan error, 1)
	go func() { over <- call(t.Context(), c) }()
	select {
	case err := <-over:
		return err
	case <-time.After(time.Minute):
		t.Fatal("it hangs")
		return nil
	}
}
