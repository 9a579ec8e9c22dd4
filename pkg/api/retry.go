package api

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
)

// newRetry is the first layer: the only place where a request that acts is
// repeated, but for a renewed token (newAuth). One that reads may also be sent
// again by net/http, on a kept connection that the server has closed.
//
// A request that reads is repeated on faults of the network, a time limit, 429,
// 502, 503, 504 and a body that doesn't arrive whole: to see that, bodies are
// read here, unless the call streams. A request that acts is repeated, with the
// same Idempotency-Key, only where it was surely not carried out: no connection
// (refused, DNS, TLS handshake), 429, and 503 with Retry-After.
func newRetry(o Options, bodies *bodyPool) Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return &retry{o: o, bodies: bodies, next: next}
	}
}

type retry struct {
	o      Options
	bodies *bodyPool
	next   http.RoundTripper
}

func (t *retry) RoundTrip(r *http.Request) (*http.Response, error) {
	f := flightOf(r)
	b := backoff{now: t.o.Now, jitter: t.o.jitter}
	for {
		f.attempts++
		f.delivery.Store(notSent)
		resp, err := t.attempt(r, f)
		why := t.verdict(r, f, resp, err)
		if why == final {
			return resp, err
		}
		wait, ok := b.next(why, resp)
		if !ok || why == throttled && inTurn(r.Context()) {
			return resp, err
		}
		if resp != nil {
			discard(resp.Body)
		}
		f.delivery.Store(notSent)
		if err := t.o.Sleep(r.Context(), wait); err != nil {
			return nil, err
		}
	}
}

// attempt sends r once and reads the answer whole.
func (t *retry) attempt(r *http.Request, f *flight) (*http.Response, error) {
	r, err := again(r)
	if err != nil {
		return nil, err
	}
	resp, err := t.next.RoundTrip(r)
	if err != nil || f.stream && resp.StatusCode < 300 {
		return resp, err
	}
	err = t.bodies.read(resp)
	if err == nil && !acts(r) && looksCut(resp) {
		err = io.ErrUnexpectedEOF
	}
	switch {
	case err == nil:
		return resp, nil
	case acts(r):
		// The status has arrived and may say enough.
		resp.Body = failedBody{err}
		return resp, nil
	}
	_ = resp.Body.Close()
	return nil, err
}

type reason int

const (
	final     reason = iota
	fault            // of the network or a gateway
	throttled        // the server asks to come later
)

func (t *retry) verdict(r *http.Request, f *flight, resp *http.Response, err error) reason {
	if err != nil {
		if r.Context().Err() != nil || permanent(err) || acts(r) && f.delivery.Load() != notSent {
			return final
		}
		return fault
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return throttled
	case http.StatusServiceUnavailable:
		if headerValue(resp.Header, "Retry-After") != "" {
			return throttled
		}
	case http.StatusBadGateway, http.StatusGatewayTimeout:
	default:
		return final
	}
	if acts(r) {
		return final
	}
	return fault
}

// permanent reports whether another attempt would end the same way.
func permanent(err error) bool {
	if _, ok := errors.AsType[*SignInError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*tooLargeError](err); ok {
		return true
	}
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok || errors.Is(err, errInterim)
}

// looksCut finds JSON that a proxy passed on in part and framed as whole: it
// opens with a bracket and doesn't end with one.
func looksCut(resp *http.Response) bool {
	b, ok := resp.Body.(*wholeBody)
	if !ok || resp.StatusCode != http.StatusOK || !isJSON(resp.Header.Get("Content-Type")) {
		return false
	}
	data := bytes.TrimSpace(b.data)
	if len(data) == 0 {
		return false
	}
	last := data[len(data)-1]
	return data[0] == '{' && last != '}' || data[0] == '[' && last != ']'
}

// failedBody is a body that could not be read.
type failedBody struct{ err error }

func (b failedBody) Read([]byte) (int, error) { return 0, b.err }
func (b failedBody) Close() error             { return nil }
