package sandbox_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/internal/wiretest"
)

// start is when every test begins, unless it says otherwise.
const start = "2026-11-20T09:00:00+09:00"

// clock is the real time of a test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	t, err := time.Parse(time.RFC3339, start)
	if err != nil {
		panic(err)
	}
	return &clock{now: t}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fixture is a sandbox behind a real server in memory, whose answers are
// checked against docs/openapi.yaml.
type fixture struct {
	t       *testing.T
	backend *sandbox.Backend
	client  *http.Client
	clock   *clock
	token   string
}

func open(t *testing.T, change ...func(*sandbox.Options)) *fixture {
	t.Helper()
	clock := newClock()
	o := sandbox.Options{Now: clock.Now, Seed: seed.Options{Devices: 300}}
	settings(func(s *sandbox.Settings) { s.RateLimit = 0 })(&o)
	for _, f := range change {
		f(&o)
	}
	b, err := sandbox.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	v := wiretest.Validator(t).AllowUnknown(sandbox.AdminPath).ExpectBadRequests().AllowFaults()
	transport, closer := sandbox.Transport(v.Handler(b))
	t.Cleanup(func() { _ = closer.Close() })
	token, err := b.AccessToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t: t, backend: b, clock: clock, token: token, client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func settings(f func(*sandbox.Settings)) func(*sandbox.Options) {
	return func(o *sandbox.Options) { o.Settings = f }
}

// reply is a whole answer.
type reply struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   []byte
}

// send sends a request; body is JSON, a url.Values form, or nil.
func (f *fixture) send(method, path string, body any, header ...string) (reply, error) {
	f.t.Helper()
	var content io.Reader
	contentType := "application/json"
	switch body := body.(type) {
	case nil:
	case url.Values:
		content, contentType = strings.NewReader(body.Encode()), "application/x-www-form-urlencoded"
	case string:
		content = strings.NewReader(body)
	default:
		data, err := json.Marshal(body)
		if err != nil {
			f.t.Fatal(err)
		}
		content = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(f.t.Context(), method, "http://localhost"+path, content)
	if err != nil {
		f.t.Fatal(err)
	}
	if content != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if !strings.HasPrefix(path, sandbox.AdminPath) && !strings.HasPrefix(path, sandbox.AuthPath) {
		req.Header.Set("Authorization", "Bearer "+f.token)
		if method == http.MethodPost {
			// In net/http's eyes no header that makes a request repeatable.
			req.Header["idempotency-key"] = []string{uuid.NewString()}
		}
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Idempotency-Key" {
			header[i] = "idempotency-key"
		}
		if delete(req.Header, header[i]); header[i+1] != "" {
			req.Header[header[i]] = []string{header[i+1]}
		}
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return reply{f.t, method + " " + path, resp.StatusCode, resp.Header, data}, err
}

func (f *fixture) do(method, path string, body any, header ...string) reply {
	f.t.Helper()
	r, err := f.send(method, path, body, header...)
	if err != nil {
		f.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (f *fixture) get(path string) reply {
	f.t.Helper()
	return f.do(http.MethodGet, sandbox.APIPath+path, nil)
}

func (f *fixture) post(path string, body any, header ...string) reply {
	f.t.Helper()
	return f.do(http.MethodPost, sandbox.APIPath+path, body, header...)
}

// admin uses one of the sandbox's own controls.
func (f *fixture) admin(method, path string, body any) reply {
	f.t.Helper()
	r := f.do(method, sandbox.AdminPath+path, body)
	if r.status >= 300 {
		f.t.Fatalf("%s: %d %s", r.what, r.status, r.body)
	}
	return r
}

func (f *fixture) advance(d string) {
	f.t.Helper()
	f.admin(http.MethodPost, "/clock", map[string]string{"advance": d})
}

// want checks the status and, of an error, the code.
func (r reply) want(status int, code ...string) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: status %d, want %d: %s", r.what, r.status, status, r.body)
	}
	if len(code) > 0 {
		var e struct{ Code, Error string }
		r.into(&e)
		if e.Code != code[0] && e.Error != code[0] {
			r.t.Fatalf("%s: want code %s: %s", r.what, code[0], r.body)
		}
	}
	return r
}

func (r reply) into(v any) {
	r.t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		r.t.Fatalf("%s: %v: %s", r.what, err, r.body)
	}
}

// device is a device as a client reads it.
type device struct {
	DeviceID     string
	DomainID     int
	Type, Model  string
	VendorID     *string
	SerialNumber *string
	User         struct{ UserID, Email, UserName string }
	OS           struct{ Type, Version string }
	App          struct{ Type, Version string }
	MDM          struct{ Status, Provider string }

	LastAccessTime time.Time
}

type page struct {
	Devices          []device
	ResponseMetaData struct{ NextCursor string }
}

// list reads all pages of a listing.
func (f *fixture) list(query string) []device {
	f.t.Helper()
	var all []device
	q, err := url.ParseQuery(query)
	if err != nil {
		f.t.Fatal(err)
	}
	if !q.Has("count") {
		q.Set("count", "1000")
	}
	for range 10_000 {
		var p page
		f.get("/security/devices?" + q.Encode()).want(200).into(&p)
		all = append(all, p.Devices...)
		if p.ResponseMetaData.NextCursor == "" {
			return all
		}
		q.Set("cursor", p.ResponseMetaData.NextCursor)
	}
	f.t.Fatal("the listing does not end")
	return nil
}

func (f *fixture) device(id string) device {
	f.t.Helper()
	var d device
	f.get("/security/devices/" + id).want(200).into(&d)
	return d
}

// pick is the first device that suits.
func (f *fixture) pick(query string, suits func(device) bool) device {
	f.t.Helper()
	for _, d := range f.list(query) {
		if suits == nil || suits(d) {
			return d
		}
	}
	f.t.Fatalf("no device suits %s", query)
	return device{}
}

// registered is a phone that can be wiped.
func (f *fixture) registered() device {
	f.t.Helper()
	return f.pick("type=MOBILE&mdmStatus=REGISTERED", nil)
}

type command struct {
	CommandID, DeviceID, Type, Status, Reason, RequestedBy string

	IdempotencyKey *string
	RequestedTime  time.Time
	DeliveredTime  *time.Time
	CompletedTime  *time.Time
	Failure        *struct{ Code, Description string }
}

func (f *fixture) command(id string) command {
	f.t.Helper()
	var c command
	f.get("/security/device-commands/" + id).want(200).into(&c)
	return c
}

// ask requests a wipe or reset.
func (f *fixture) ask(action, deviceID string) command {
	f.t.Helper()
	var c command
	f.post("/security/devices/"+deviceID+"/"+action, map[string]string{"reason": "lost"}).want(202).into(&c)
	return c
}

// trigger makes something happen to a device.
func (f *fixture) trigger(id, what string) {
	f.t.Helper()
	f.admin(http.MethodPost, "/devices/"+id+"/"+what, nil)
}

// done is how often an action was really carried out on a subject.
func (f *fixture) done(action, subject string) int {
	f.t.Helper()
	var stats map[string]map[string]int
	f.admin(http.MethodGet, "/stats", nil).into(&stats)
	return stats[action][subject]
}

func (f *fixture) change(s map[string]any) {
	f.t.Helper()
	f.admin(http.MethodPatch, "/settings", s)
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
