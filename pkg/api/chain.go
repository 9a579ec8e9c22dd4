package api

import (
	"context"
	"net/http"
	"sync/atomic"
)

// Middleware wraps a transport in one concern.
type Middleware func(http.RoundTripper) http.RoundTripper

// chain wraps transport so that the first layer sees a request first.
func chain(transport http.RoundTripper, layers ...Middleware) http.RoundTripper {
	for i := len(layers) - 1; i >= 0; i-- {
		transport = layers[i](transport)
	}
	return transport
}

// roundTripFunc makes a function a transport.
type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// flight is what the layers know about one call beyond its request.
type flight struct {
	op       string // method and path template: what a rate limit counts
	stream   bool   // the body is handed out unread
	roams    bool   // a redirect may lead to another host
	attempts int    // counted by retry; read when the call is over
	renewed  bool   // the token was renewed for this call
	delivery atomic.Int32
}

// How far the last attempt of an acting request got; set by once.
const (
	notSent  int32 = iota // surely not carried out
	maySent               // may have reached the server
	answered              // the server's answer began to arrive
)

type flightKey struct{}

func withFlight(ctx context.Context, f *flight) context.Context {
	return context.WithValue(ctx, flightKey{}, f)
}

// flightOf returns the call that r belongs to.
func flightOf(r *http.Request) *flight {
	if f, ok := r.Context().Value(flightKey{}).(*flight); ok {
		return f
	}
	return &flight{op: r.Method + " " + r.URL.Path}
}

// acts reports whether r may change something, so that it must not be repeated
// at will.
func acts(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// again returns r with a fresh body, for another attempt.
func again(r *http.Request) (*http.Request, error) {
	next := r.Clone(r.Context())
	if r.GetBody == nil {
		return next, nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	next.Body = body
	return next, nil
}
