package api

import (
	"errors"
	"fmt"
	"net/http"
)

// errInterim is the fault of a server that ends a request with a status that
// can't end one.
var errInterim = errors.New("answered with a status that is no final answer")

// refuseInterim is beneath all layers: net/http hands out a 101 with the bare
// connection as its body, which neither ends nor heeds a time limit.
func refuseInterim(next http.RoundTripper) http.RoundTripper {
	return roundTripFunc(func(r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		if err == nil && resp.StatusCode < http.StatusOK {
			_ = resp.Body.Close()
			return nil, fmt.Errorf("%w: %d", errInterim, resp.StatusCode)
		}
		return resp, err
	})
}
