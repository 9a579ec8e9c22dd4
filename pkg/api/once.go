package api

import (
	"net/http"
	"net/http/httptrace"
)

// once is the last layer: it keeps net/http from repeating a request that acts,
// and notes whether such a request can have left this machine.
//
// net/http sends a POST again when a kept connection drops before the answer,
// if it carries an Idempotency-Key: it looks for that header under its
// canonical name. Names are case-insensitive on the wire, so another spelling
// of the key reaches the server just as well.
func once(next http.RoundTripper) http.RoundTripper {
	return roundTripFunc(func(r *http.Request) (*http.Response, error) {
		if !acts(r) {
			return next.RoundTrip(r)
		}
		f := flightOf(r)
		f.delivery.Store(maySent)
		ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
			GetConn: func(string) { f.delivery.Store(notSent) },
			GotConn: func(httptrace.GotConnInfo) { f.delivery.Store(maySent) },
		})
		r = r.Clone(ctx)
		if key, ok := r.Header[headerKey]; ok {
			delete(r.Header, headerKey)
			r.Header[headerKeyOnWire] = key
		}
		resp, err := next.RoundTrip(r)
		if err == nil {
			f.delivery.Store(answered)
		}
		return resp, err
	})
}

const (
	headerKey       = "Idempotency-Key"
	headerKeyOnWire = "idempotency-key"
)
