package job_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/pkg/api"
)

const noticePath = sandbox.APIPath + "/security/devices/update-notifications"

// tester is what the tests of this package and those of rapid have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Errorf(format string, args ...any)
	Context() context.Context
	Cleanup(f func())
}

// received is a request for notices as the back end received it.
type received struct {
	DomainID  int32
	Type      api.DeviceType
	DeviceIDs []string
	key       string
}

// campaign is a sandbox that honors no idempotency keys, and a state folder of
// whoever sends notices to its devices.
type campaign struct {
	t       tester
	backend *sandbox.Backend
	options api.Options
	folder  string
	devices []api.Device

	mu      sync.Mutex
	notices []received
	settled int
	// instead answers a request for notices, true, or leaves it to the sandbox.
	instead func(n int, w http.ResponseWriter, r *http.Request) bool
}

func newCampaign(t tester, folder string, devices int, change ...func(*campaign, *sandbox.Options)) *campaign {
	t.Helper()
	clk := &virtualClock{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	c := &campaign{t: t, folder: folder}
	c.options = api.Options{BaseURL: "http://localhost" + sandbox.APIPath, Now: clk.Now, Sleep: clk.Sleep}
	o := sandbox.Options{Seed: seed.Options{Devices: devices}, Settings: func(s *sandbox.Settings) {
		s.RateLimit, s.HonorIdempotencyKeys = 0, false
	}}
	for _, f := range change {
		f(c, &o)
	}
	o.Now = c.options.Now
	var err error
	if c.backend, err = sandbox.Open(o); err != nil {
		t.Fatal(err)
	}
	token, err := c.backend.AccessToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	transport, closer := sandbox.Transport(c)
	t.Cleanup(func() { _ = closer.Close() })
	c.options.Transport, c.options.Tokens = transport, api.StaticToken(api.NewSecret(token))
	for d, err := range c.runner().Client.Devices.All(t.Context(), api.DeviceQuery{}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		c.devices = append(c.devices, d)
	}
	return c
}

// ServeHTTP writes down requests for notices before anything is done.
func (c *campaign) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == noticePath {
		body, err := io.ReadAll(r.Body)
		n := received{key: r.Header.Get("Idempotency-Key")}
		if err == nil {
			err = json.Unmarshal(body, &n)
		}
		if err != nil {
			c.t.Errorf("a request that can't be read: %v", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		c.mu.Lock()
		c.notices = append(c.notices, n)
		count, instead := len(c.notices), c.instead
		c.mu.Unlock()
		if instead != nil && instead(count, w, r) {
			return
		}
	}
	c.backend.ServeHTTP(w, r)
}

// runner has its own client and its own handle on the records, as another
// process would.
func (c *campaign) runner() *job.Runner {
	c.t.Helper()
	client, err := api.New(c.options)
	if err != nil {
		c.t.Fatal(err)
	}
	sleep := c.options.Sleep
	if sleep == nil {
		sleep = pause
	}
	return &job.Runner{
		Client: client, Now: c.options.Now, Sleep: sleep,
		Notices:  ledger.NewDir(filepath.Join(c.folder, "records")).Notices(),
		Progress: func(settled int, _ float64) { c.settled += settled },
	}
}

func (c *campaign) store() *journal.Dir {
	return journal.NewDir(filepath.Join(c.folder, "jobs"), c.options.Now)
}

// plan commits a job for devices; they are notified again after an hour.
func (c *campaign) plan(devices []api.Device) journal.Journal {
	c.t.Helper()
	d, err := c.store().Draft(c.t.Context(), journal.Job{
		Action: fleet.Notify, Tenant: journal.NewTenant(c.options.BaseURL, 0, "test"),
		Cooldown: "1h0m0s", CreatedTime: c.options.Now(),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	for i := range devices {
		if err := d.Add(&devices[i], journal.Outcome{Status: journal.Planned}); err != nil {
			c.t.Fatal(err)
		}
	}
	j, err := d.Commit(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = j.Close() })
	return j
}

// again opens a job anew, as a later process does.
func (c *campaign) again(j journal.Journal) journal.Journal {
	c.t.Helper()
	if err := j.Close(); err != nil {
		c.t.Fatal(err)
	}
	j, err := c.store().Open(c.t.Context(), j.Job().ID)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = j.Close() })
	return j
}

func (c *campaign) send(devices []api.Device) journal.Journal {
	c.t.Helper()
	j := c.plan(devices)
	if err := c.runner().Run(c.t.Context(), j); err != nil {
		c.t.Fatal(err)
	}
	return j
}

// told is how often each device was really notified.
func (c *campaign) told() map[string]int {
	c.t.Helper()
	var stats map[string]map[string]int
	if err := json.Unmarshal(c.control(http.MethodGet, "/stats"), &stats); err != nil {
		c.t.Fatal(err)
	}
	return stats["notify"]
}

func (c *campaign) clearFaults() { c.t.Helper(); c.control(http.MethodDelete, "/faults") }

func (c *campaign) control(method, path string) []byte {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.backend.ServeHTTP(w, httptest.NewRequestWithContext(c.t.Context(), method, sandbox.AdminPath+path, nil))
	if w.Code >= 300 {
		c.t.Fatal(method, path, w.Code)
	}
	return w.Body.Bytes()
}

// requests is how many requests for notices arrived.
func (c *campaign) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.notices)
}

func (c *campaign) onRequest(f func(n int, w http.ResponseWriter, r *http.Request) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.instead = f
}

func (c *campaign) disturb(f sandbox.Fault) {
	c.t.Helper()
	f.Path = noticePath
	if _, err := c.backend.AddFault(c.t.Context(), f); err != nil {
		c.t.Fatal(err)
	}
}

// eachOnce checks that devices were notified once each, and nobody else.
func (c *campaign) eachOnce(devices []api.Device) {
	c.t.Helper()
	told := c.told()
	for _, d := range devices {
		if told[d.DeviceID] != 1 {
			c.t.Errorf("%s was notified %d times", d.DeviceID, told[d.DeviceID])
		}
	}
	if len(told) != len(devices) {
		c.t.Errorf("%d devices were notified, not %d", len(told), len(devices))
	}
}

// honest checks a job that came to its end: nobody was notified twice, whoever
// is said to be was, and of nobody else is it denied.
func (c *campaign) honest(j journal.Journal) {
	c.t.Helper()
	told := c.told()
	for it, err := range j.Items(c.t.Context()) {
		if err != nil {
			c.t.Fatal(err)
		}
		n := told[it.Device.DeviceID]
		switch it.Status {
		case journal.Sent:
			if n != 1 {
				c.t.Errorf("item %d is sent, and was notified %d times", it.Index, n)
			}
		case journal.Failed:
			if n != 0 {
				c.t.Errorf("item %d failed, and was notified %d times", it.Index, n)
			}
		case journal.Sending:
			if n > 1 {
				c.t.Errorf("item %d was notified %d times", it.Index, n)
			}
		default:
			c.t.Errorf("item %d is %s at the end", it.Index, it.Status)
		}
	}
}

func wantCounts(t tester, rec journal.Record, want journal.Counts) {
	t.Helper()
	got := journal.Counts{}
	for i := range rec.Len() {
		got[rec.Outcome(i).Status]++
	}
	for _, s := range []journal.Status{
		journal.Planned, journal.Sending, journal.Sent, journal.Failed, journal.Skipped, journal.Canceled,
	} {
		if got[s] != want[s] {
			t.Errorf("%d items are %s, want %d", got[s], s, want[s])
		}
	}
}

// virtualClock is moved on by sleeping.
type virtualClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *virtualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *virtualClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return context.Cause(ctx)
}

// pause is for a bubble's own clock.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
