package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// clock is a virtual one: sleeping moves it on.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

func (c *clock) total() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var sum time.Duration
	for _, d := range c.slept {
		sum += d
	}
	return sum
}

// backend is a scripted server: the n-th request gets the n-th answer, and the
// last answer stays.
type backend struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

type answerFunc func(w http.ResponseWriter, r *http.Request)

func newBackend(t *testing.T, answers ...answerFunc) *backend {
	t.Helper()
	b := &backend{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body strings.Builder
		_, _ = fmt.Fprint(&body, readString(r))
		b.mu.Lock()
		n := len(b.requests)
		b.requests = append(b.requests, r)
		b.bodies = append(b.bodies, body.String())
		b.mu.Unlock()
		answers[min(n, len(answers)-1)](w, r)
	}))
	t.Cleanup(b.Close)
	return b
}

func readString(r *http.Request) string {
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := r.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return b.String()
		}
	}
}

func (b *backend) seen() []*http.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.requests)
}

func (b *backend) count() int { return len(b.seen()) }

func newClient(t *testing.T, url string, change ...func(*api.Options)) (*api.Client, *clock) {
	t.Helper()
	clk := newClock()
	o := api.Options{
		BaseURL: url, Tokens: api.StaticToken(api.NewSecret("tok-1")),
		Now: clk.Now, Sleep: clk.Sleep, Timeout: 5 * time.Second,
	}
	for _, f := range change {
		f(&o)
	}
	c, err := api.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, clk
}

func sendJSON(status int, body string, headers ...string) answerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

func refuse(status int, code string, headers ...string) answerFunc {
	return sendJSON(status, fmt.Sprintf(`{"code":%q,"description":"because"}`, code), headers...)
}

// drop closes the connection without an answer, after reading the request.
func drop(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// cut promises a longer body than it sends.
func cut(body string) answerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(len(body)*2))
		_, _ = fmt.Fprint(w, body)
	}
}

func devices(next string, ids ...string) answerFunc {
	return sendJSON(http.StatusOK, devicesBody(next, ids...))
}

func devicesBody(next string, ids ...string) string {
	rows := make([]api.Device, len(ids))
	for i, id := range ids {
		rows[i].DeviceID = id
	}
	raw, _ := json.Marshal(map[string]any{
		"devices": rows, "responseMetaData": map[string]string{"nextCursor": next},
	})
	return string(raw)
}

func ids(t *testing.T, c *api.Client, q api.DeviceQuery, stats *api.ListStats) ([]string, error) {
	t.Helper()
	got := []string{}
	for d, err := range c.Devices.All(t.Context(), q, stats) {
		if err != nil {
			return got, err
		}
		got = append(got, d.DeviceID)
	}
	return got, nil
}
