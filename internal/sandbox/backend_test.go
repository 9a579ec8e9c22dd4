package sandbox_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func seedOf(devices int) seed.Options { return seed.Options{Devices: devices} }

func TestStateOutlivesTheProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.db")
	onFile := func(o *sandbox.Options) { o.Store, o.Seed = sandbox.NewBoltStore(path), seedOf(120) }
	f := open(t, onFile)
	d := f.registered()
	c := f.ask("wipe", d.DeviceID)
	f.advance("48h")
	want := f.list("")
	again := open(t, onFile, func(o *sandbox.Options) { o.Seed = seedOf(9) })
	if diff := cmp.Diff(want, again.list("")); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
	if got := again.command(c.CommandID); got.DeviceID != d.DeviceID {
		t.Errorf("%+v", got)
	}
}

func TestTwoProcessesOpenAnEmptyStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "sandbox.db")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			_, err := sandbox.Open(sandbox.Options{Now: newClock().Now, Store: sandbox.NewBoltStore(path), Seed: seedOf(500)})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	f := open(t, func(o *sandbox.Options) { o.Store = sandbox.NewBoltStore(path) })
	if n := len(f.list("")); n != 500 {
		t.Errorf("%d devices", n)
	}
}

// failing is a store on which the nth Put of an update fails, as a crash would.
type failing struct {
	sandbox.Store
	puts int
}

type failingTx struct {
	sandbox.Tx
	left *int
}

func (s failing) Update(ctx context.Context, f func(sandbox.Tx) error) error {
	return s.Store.Update(ctx, func(tx sandbox.Tx) error { return f(failingTx{tx, &s.puts}) })
}

func (t failingTx) Put(b sandbox.Bucket, key string, value []byte) error {
	if *t.left--; *t.left < 0 {
		return errors.New("crash")
	}
	return t.Tx.Put(b, key, value)
}

func TestCrashWhileSeedingLeavesNoHalfFleet(t *testing.T) {
	for name, newStore := range stores(t) {
		for _, puts := range []int{0, 10, 300, 301, 500} {
			store := newStore()
			_, err := sandbox.Open(sandbox.Options{Now: newClock().Now, Store: failing{store, puts}, Seed: seedOf(300)})
			if err == nil {
				t.Fatalf("%s: seeding with %d writes succeeded", name, puts)
			}
			f := open(t, func(o *sandbox.Options) { o.Store, o.Seed = store, seedOf(20) })
			if n := len(f.list("")); n != 20 {
				t.Errorf("%s: after a crash at %d writes: %d devices", name, puts, n)
			}
		}
	}
}

func TestAdmin(t *testing.T) {
	f := open(t)
	f.ask("wipe", f.registered().DeviceID)
	f.fault(`{"kind":"non-json","path":"/none"}`)
	f.advance("1m")
	var info sandbox.Info
	f.admin(http.MethodGet, "/info", nil).into(&info)
	want := sandbox.Info{Devices: 300, Members: 192, Seed: 1, DomainID: 10000001, SeededAt: f.clock.Now(),
		Time: f.clock.Now().Add(time.Minute), Advanced: "1m0s", Commands: 1, Pending: 1,
		Plan: "CORE_STANDARD", MDMMode: "OPTIONAL", Faults: 1}
	if d := cmp.Diff(want, info); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if got, err := f.backend.Info(t.Context()); err != nil || got != info {
		t.Errorf("Info: %+v, %v", got, err)
	}
	if now, err := f.backend.Time(t.Context()); err != nil || !now.Equal(want.Time) {
		t.Errorf("Time: %s, %v", now, err)
	}
	f.admin(http.MethodPost, "/reset", map[string]any{"devices": 40, "seed": 7})
	f.admin(http.MethodGet, "/info", nil).into(&info)
	if info.Devices != 40 || info.Seed != 7 || info.Commands != 0 || info.Faults != 0 || info.Advanced != "0s" {
		t.Errorf("after a reset: %+v", info)
	}
	token, err := f.backend.AccessToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f.token = token; len(f.list("")) != 40 {
		t.Error("the listing after a reset")
	}
	for _, c := range [][3]string{
		{http.MethodPost, "/reset", `{"devices":2000000}`},
		{http.MethodPost, "/reset", `{"devices":-1}`},
		{http.MethodPost, "/reset", `{`},
		{http.MethodPost, "/clock", `{"advance":"-1h"}`},
		{http.MethodPost, "/clock", `{"advance":"soon"}`},
		{http.MethodPost, "/clock", `{"advance":"xd"}`},
		{http.MethodPost, "/clock", `{"advance":36}`},
		{http.MethodPost, "/clock", `{"advance":"65535d"} {}`},
		{http.MethodPatch, "/settings", `{"mdmMode":"SOME"}`},
		{http.MethodPatch, "/settings", `{"plan":"XYZ"}`},
		{http.MethodPatch, "/settings", `{"foo":1}`},
		{http.MethodPatch, "/settings", `{"clients":{"a":{"secret":7}}}`},
		{http.MethodPatch, "/settings", `{"maxCount":1001}`},
		{http.MethodPatch, "/settings", `{"overCount":"maybe"}`},
		{http.MethodPatch, "/settings", `{"lastPage":"long"}`},
		{http.MethodPatch, "/settings", `{"rateLimit":-2}`},
	} {
		if r := f.do(c[0], sandbox.AdminPath+c[1], c[2]); r.status != 400 || strings.Contains(string(r.body), "Go ") {
			t.Errorf("%v: %d %s", c, r.status, r.body)
		}
	}
	var s sandbox.Settings
	if f.admin(http.MethodGet, "/settings", nil).into(&s); s.MDMMode != "OPTIONAL" || s.MaxCount != 1000 {
		t.Errorf("a refused change was kept: %+v", s)
	}
	if len(f.list("")) != 40 {
		t.Error("a refused reset changed the fleet")
	}
}

func TestAdvanceAndInfo(t *testing.T) {
	f := open(t)
	c := f.ask("wipe", f.registered().DeviceID)
	now, err := f.backend.Advance(t.Context(), 40*24*time.Hour)
	if err != nil || !now.Equal(f.clock.Now().AddDate(0, 0, 40)) {
		t.Errorf("%s, %v", now, err)
	}
	if got := f.command(c.CommandID); got.Status == "REQUESTED" {
		t.Error("nothing happened meanwhile")
	}
	f.ask("wipe", f.registered().DeviceID)
	f.clock.pass(40 * 24 * time.Hour)
	if info, err := f.backend.Info(t.Context()); err != nil || info.Commands != 2 || info.Pending != 0 {
		t.Errorf("what was due did not happen: %+v, %v", info, err)
	}
	for _, d := range []time.Duration{-1, 1<<63 - 1} {
		if _, err := f.backend.Advance(t.Context(), d); exit.As(err) == nil || exit.As(err).Exit != exit.Usage {
			t.Errorf("advanced by %s: %v", d, err)
		}
	}
}

func TestUnknownPaths(t *testing.T) {
	f := open(t)
	f.do(http.MethodGet, "/sandbox/nothing", nil).want(404, "NOT_FOUND")
	f.do(http.MethodPost, "/sandbox/info", nil).want(404, "NOT_FOUND")
}

func TestOpenNeedsAClock(t *testing.T) {
	if _, err := sandbox.Open(sandbox.Options{}); err == nil {
		t.Error("no error")
	}
}

func TestListenOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "127.9.9.9:0", "localhost:0"} {
		l, err := sandbox.Listen(t.Context(), addr)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		_ = l.Close()
	}
	for _, addr := range []string{"", ":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:0", "localhost", "127.0.0.1.example.com:0"} {
		_, err := sandbox.Listen(t.Context(), addr)
		if e := exit.As(err); e == nil || e.Exit != exit.Usage || !strings.Contains(e.Message, addr) {
			t.Errorf("%q: %v", addr, err)
		}
	}
	l, err := sandbox.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := sandbox.Listen(t.Context(), l.Addr().String()); exit.As(err) == nil || exit.As(err).Exit != exit.Failed {
		t.Errorf("a port that is in use: %v", err)
	}
}

func TestServeStopsGracefully(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		w.WriteHeader(http.StatusNoContent)
	})
	ctx, cancel := context.WithCancel(t.Context())
	l, err := sandbox.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- sandbox.Serve(ctx, l, h) }()
	answered := make(chan int, 1)
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			t.Error(err)
			answered <- 0
			return
		}
		_ = resp.Body.Close()
		answered <- resp.StatusCode
	}()
	<-entered
	cancel()
	close(leave)
	if status := <-answered; status != http.StatusNoContent {
		t.Errorf("the request under way got %d", status)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
		_ = c.Close()
		t.Error("the server still listens")
	}
}

func TestTransportKeepsConnections(t *testing.T) {
	transport, closer := sandbox.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	client := http.Client{Transport: transport}
	opened := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		if !c.Reused {
			opened++
		}
	}})
	for range 20 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	if err := closer.Close(); err != nil {
		t.Error(err)
	}
	if opened != 1 {
		t.Errorf("%d connections for 20 requests", opened)
	}
	if _, err := client.Get("http://localhost/"); err == nil {
		t.Error("a request after Close succeeded")
	}
}
