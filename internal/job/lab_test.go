package job_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/internal/wiretest"
	"github.com/worksctl/worksctl/pkg/api"
)

// lab is a sandbox with a client, a runner on its clock and a store of
// journals.
type lab struct {
	t       testing.TB
	backend *sandbox.Backend
	client  *api.Client
	runner  *job.Runner
	store   *journal.Dir
	server  http.Handler // answers the client
}

const labDomain = 10000001

// newLab opens a sandbox of 300 devices. Every request to it and every answer
// is held against the contract.
func newLab(t testing.TB, change ...func(*sandbox.Settings)) *lab {
	t.Helper()
	l := newLabOf(t, 300, change...)
	l.server = wiretest.Validator(t).AllowUnknown(sandbox.AdminPath).AllowFaults().Handler(l.backend)
	return l
}

func newLabOf(t testing.TB, devices int, change ...func(*sandbox.Settings)) *lab {
	t.Helper()
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("", 9*60*60))
	now := func() time.Time { return start }
	backend, err := sandbox.Open(sandbox.Options{
		Now: now, Seed: seed.Options{Devices: devices, DomainID: labDomain},
		Settings: func(s *sandbox.Settings) {
			s.RateLimit = 0
			for _, f := range change {
				f(s)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{t: t, backend: backend, server: backend}
	transport, closer := sandbox.Transport(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { l.server.ServeHTTP(w, r) }))
	t.Cleanup(func() { _ = closer.Close() })
	token, err := backend.AccessToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sleep := func(ctx context.Context, d time.Duration) error {
		l.pass(d)
		return context.Cause(ctx)
	}
	l.client, err = api.New(api.Options{
		BaseURL: "http://localhost" + sandbox.APIPath, Tokens: api.StaticToken(api.NewSecret(token)),
		Transport: transport, Now: l.now, Sleep: sleep,
	})
	if err != nil {
		t.Fatal(err)
	}
	l.runner = &job.Runner{Client: l.client, Now: l.now, Sleep: sleep, Notices: ledger.NewDir(filepath.Join(t.TempDir(), "records")).Notices()}
	l.store = journal.NewDir(filepath.Join(t.TempDir(), "jobs"), l.now)
	return l
}

func (l *lab) now() time.Time {
	t, err := l.backend.Time(context.Background())
	if err != nil {
		l.t.Error(err)
	}
	return t
}

// pass lets time go by.
func (l *lab) pass(d time.Duration) {
	if _, err := l.backend.Advance(context.Background(), d); err != nil {
		l.t.Error(err)
	}
}

func (l *lab) fault(f sandbox.Fault) {
	l.t.Helper()
	if _, err := l.backend.AddFault(l.t.Context(), f); err != nil {
		l.t.Fatal(err)
	}
}

// control speaks to the sandbox's own endpoints.
func (l *lab) control(method, path string, in, out any) {
	l.t.Helper()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			l.t.Fatal(err)
		}
	}
	transport, closer := sandbox.Transport(l.backend)
	defer closer.Close()
	req, err := http.NewRequest(method, "http://localhost"+sandbox.AdminPath+path, &body)
	if err != nil {
		l.t.Fatal(err)
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		l.t.Fatalf("%s %s: %s", method, path, resp.Status)
	}
	if out != nil {
		if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
			l.t.Fatal(err)
		}
	}
}

// does has something happen to a device: online, sign-in, disable-mdm …
func (l *lab) does(d *api.Device, what string) {
	l.t.Helper()
	l.control(http.MethodPost, "/devices/"+d.DeviceID+"/"+what, nil, nil)
}

// count is how often something was really done to a device.
func (l *lab) count(action fleet.Action, id string) int {
	l.t.Helper()
	var stats map[string]map[string]int
	l.control(http.MethodGet, "/stats", nil, &stats)
	return stats[string(action)][id]
}

// devices are those that q selects, in the back end's order.
func (l *lab) devices(q api.DeviceQuery) []api.Device {
	l.t.Helper()
	var all []api.Device
	for d, err := range l.client.Devices.All(l.t.Context(), q, nil) {
		if err != nil {
			l.t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

// phones are mobile devices under management; idle ones were not used for a
// year and will not come online by themselves.
func (l *lab) phones(idle bool) []api.Device {
	l.t.Helper()
	q := api.DeviceQuery{Type: api.TypeMobile, MDMStatus: api.MDMRegistered, AccessedAfter: l.now().AddDate(0, 0, -2)}
	if idle {
		q.AccessedAfter, q.AccessedBefore = time.Time{}, l.now().AddDate(-1, 0, 0)
	}
	return l.devices(q)
}

// phone is one that isn't idle.
func (l *lab) phone(n int) *api.Device { l.t.Helper(); return &l.phones(false)[n] }

// begin commits a job for devices.
func (l *lab) begin(j journal.Job, devices ...*api.Device) journal.Journal {
	l.t.Helper()
	return l.beginAfter(j, "", devices...)
}

// beginAfter begins a job whose devices have had a command before.
func (l *lab) beginAfter(j journal.Job, command string, devices ...*api.Device) journal.Journal {
	l.t.Helper()
	j.Tenant = journal.NewTenant("http://localhost"+sandbox.APIPath, labDomain, "test")
	j.Reason, j.CreatedTime = "lost", l.now()
	d, err := l.store.Draft(l.t.Context(), j)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, device := range devices {
		if err := d.Add(device, journal.Outcome{Status: journal.Planned, After: command}); err != nil {
			l.t.Fatal(err)
		}
	}
	held, err := d.Commit(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = held.Close() })
	return held
}

// run begins a job and sends it.
func (l *lab) run(j journal.Job, devices ...*api.Device) journal.Journal {
	l.t.Helper()
	held := l.begin(j, devices...)
	if err := l.runner.Run(l.t.Context(), held); err != nil {
		l.t.Fatal(err)
	}
	return held
}

func (l *lab) follow(j journal.Journal) {
	l.t.Helper()
	if err := l.runner.Follow(l.t.Context(), j); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) verify(rec journal.Record) []job.Evidence {
	l.t.Helper()
	var all []job.Evidence
	for e, err := range l.runner.Verify(l.t.Context(), rec) {
		if err != nil {
			l.t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// wantStatus checks the status of item i, its code, and a part of its detail.
func wantStatus(t *testing.T, rec journal.Record, i int, status journal.Status, code, detail string) {
	t.Helper()
	o := rec.Outcome(i)
	if o.Status != status || o.Code != code || !strings.Contains(o.Detail, detail) {
		t.Errorf("item %d is %+v, want %s %s with %q", i, o, status, code, detail)
	}
}

// wantEvidence checks the only evidence and a part of its detail.
func wantEvidence(t *testing.T, got []job.Evidence, evidence, detail string) {
	t.Helper()
	if len(got) != 1 || got[0].Evidence != evidence || !strings.Contains(got[0].Detail, detail) {
		t.Errorf("the evidence is %+v, want %s with %q", got, evidence, detail)
	}
}

// lists has the back end answer every listing of devices with these.
func (l *lab) lists(devices ...api.Device) {
	next := l.backend
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != sandbox.APIPath+"/security/devices" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"devices": devices})
	})
}

type askFunc func(ctx context.Context, deviceID, reason, key string) (*api.Command, error)

// ignoringFilters is a back end that answers with all commands whatever it is
// asked for.
func ignoringFilters(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == sandbox.APIPath+"/security/device-commands" {
			r.URL.RawQuery = ""
		}
		next.ServeHTTP(w, r)
	})
}

// phonesAnyhow are mobile devices in whatever state.
func (l *lab) phonesAnyhow() []api.Device { return l.devices(api.DeviceQuery{Type: api.TypeMobile}) }

func readAll(t *testing.T, r *http.Request) []byte {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	return body
}

func withBody(r *http.Request, body []byte) *http.Request {
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return r
}

// discard is an answer that gets lost.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
