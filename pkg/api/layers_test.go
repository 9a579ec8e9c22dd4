package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPrefetchStopWaits(t *testing.T) {
	var over atomic.Bool
	p := newPrefetch(t.Context(), func(ctx context.Context, _ string, _ int) fetched {
		<-ctx.Done()
		time.Sleep(10 * time.Millisecond) // a transport that takes its time to give up
		over.Store(true)
		return fetched{err: ctx.Err()}
	})
	p.start("next", 100)
	p.stop()
	if !over.Load() {
		t.Error("the fetch outlived its listing")
	}
}

func TestPrefetchKeepsOnlyTheRightPage(t *testing.T) {
	var asked []string
	p := newPrefetch(t.Context(), func(_ context.Context, cursor string, _ int) fetched {
		asked = append(asked, cursor)
		return fetched{err: errors.New(cursor)}
	})
	defer p.stop()
	p.start("guess", 100)
	p.start("right", 100) // waits for the wrong one
	p.start("right", 100) // on its way already
	if f := p.get("right", 100); f.err.Error() != "right" {
		t.Errorf("got page %v", f.err)
	}
	p.start("other", 1000)
	if f := p.get("other", 100); f.err.Error() != "other" {
		t.Errorf("got page %v", f.err)
	}
	if got := strings.Join(asked, " "); got != "guess right other other" {
		t.Errorf("asked for %s", got)
	}
}

func respond(body string, length int64) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)), ContentLength: length}
}

func TestBodyShorterThanPromised(t *testing.T) {
	p := newBodyPool(100)
	if err := p.read(respond("abc", 4)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
}

func TestBodyLimit(t *testing.T) {
	p := newBodyPool(100)
	for _, length := range []int64{-1, 101} {
		err := p.read(respond(strings.Repeat("x", 101), length))
		if _, ok := errors.AsType[*tooLargeError](err); !ok {
			t.Errorf("length %d: %v", length, err)
		}
	}
	if err := p.read(respond(strings.Repeat("x", 100), -1)); err != nil {
		t.Error(err)
	}
}

// A buffer given back twice would serve two answers at once.
func TestBodyClosedTwice(t *testing.T) {
	p := newBodyPool(100)
	first := respond("first", 5)
	if err := p.read(first); err != nil {
		t.Fatal(err)
	}
	_ = first.Body.Close()
	_ = first.Body.Close()
	a, b := respond("aaaaa", 5), respond("bbbbb", 5)
	if err := errors.Join(p.read(a), p.read(b)); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(a.Body); err != nil || string(got) != "aaaaa" {
		t.Errorf("%q, %v", got, err)
	}
}

// drip is a body whose bytes come one by one, for ever if n is negative.
type drip struct {
	ctx context.Context //nolint:containedctx // stands for a connection
	n   int
}

func (d *drip) Read(p []byte) (int, error) {
	if d.n == 0 {
		return 0, io.EOF
	}
	wait := 20 * time.Millisecond
	if d.n < 0 {
		wait = time.Minute
	}
	if err := sleep(d.ctx, wait); err != nil {
		return 0, err
	}
	d.n--
	return copy(p, "x"), nil
}

func (d *drip) Close() error { return nil }

func TestTimeLimitOfABody(t *testing.T) {
	for name, tc := range map[string]struct {
		stream bool
		n      int
		want   error
	}{
		"a slow stream that moves on": {true, 20, nil},
		"a stream that stands still":  {true, -1, ErrTimeout},
		"a slow whole body":           {false, 20, ErrTimeout},
	} {
		synctest.Test(t, func(t *testing.T) {
			rt := newTimeout(200 * time.Millisecond)(roundTripFunc(func(r *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: http.StatusOK, Body: &drip{r.Context(), tc.n}}, nil
			}))
			ctx := withFlight(t.Context(), &flight{stream: tc.stream})
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := rt.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			if _, err := io.ReadAll(resp.Body); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		})
	}
}
