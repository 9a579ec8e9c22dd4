package api

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Options configure a [Client]. BaseURL, Tokens and Now are required.
type Options struct {
	// BaseURL is https://www.worksapis.com/v1.0 or that of another server which
	// speaks the contract. Plain http is accepted for loopback addresses only.
	BaseURL string
	// Tokens supplies the bearer token. It goes to the base URL's host only.
	Tokens TokenSource
	// Transport sends the requests; nil means one tuned for many requests to one
	// host. A request that acts is repeated after a failure to connect only if
	// the transport reports to net/http/httptrace, as *http.Transport does. It
	// should speak HTTP/1.1: net/http's HTTP/2 repeats requests by itself after
	// some stream errors that don't rule out that they were carried out.
	Transport http.RoundTripper
	// Timeout limits each attempt of a request, from sending it to the last byte
	// of the answer, or, for a download, to the next byte. 0 means 30 seconds.
	Timeout time.Duration
	// Now is the clock: pass time.Now.
	Now func() time.Time
	// Sleep waits; nil means a timer. It returns early with an error when ctx ends.
	Sleep func(context.Context, time.Duration) error
	// Trace is called after each attempt; nil means no trace. It may be called by
	// several goroutines at once.
	Trace func(TraceEvent)
	// UserAgent goes with each request; empty means "worksctl".
	UserAgent string

	jitter func() float64 // in [0, 1); tests make it constant
}

// DefaultTimeout is the time limit of one attempt unless Options.Timeout says otherwise.
const DefaultTimeout = 30 * time.Second

// complete fills in defaults and returns the parsed base URL.
func (o *Options) complete() (*url.URL, error) {
	base, err := ParseBaseURL(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if o.Tokens == nil {
		return nil, errors.New("api: Options.Tokens is missing")
	}
	if o.Now == nil {
		return nil, errors.New("api: Options.Now is missing: pass time.Now")
	}
	if o.Timeout < 0 {
		return nil, errors.New("api: Options.Timeout is negative")
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Transport == nil {
		o.Transport = newTransport()
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.UserAgent == "" {
		o.UserAgent = "worksctl"
	}
	if o.jitter == nil {
		o.jitter = rand.Float64
	}
	return base, nil
}

// newTransport keeps enough connections for a bulk run to one host, and drops
// idle ones before most servers do: an acting request on a connection that the
// server has just closed ends with an unknown outcome. See Options.Transport
// for why it leaves out HTTP/2.
func newTransport() *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 Proxy,
		DialContext:           dialer.DialContext,
		Protocols:             &protocols,
		MaxIdleConns:          32,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
