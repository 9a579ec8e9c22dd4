package api

import (
	"errors"
	"fmt"
	"net/http"
)

var (
	errTooManyRedirects = errors.New("more than 10 redirects")
	errInsecureRedirect = errors.New("redirected to plain http")
	errForeignRedirect  = errors.New("redirected to another host")
)

// checkRedirect lets a request that reads follow up to 10 redirects on its own
// host, and a request that acts none: its redirect is the answer. What
// another host says is no list of devices: only a download and a raw request
// may be led there, never over plain http beyond this machine, and the token
// stays behind (see newAuth).
func checkRedirect(r *http.Request, via []*http.Request) error {
	switch {
	case acts(via[0]):
		return http.ErrUseLastResponse
	case len(via) >= 10:
		return errTooManyRedirects
	case !secure(r.URL):
		return errInsecureRedirect
	case !flightOf(via[0]).roams && !sameOrigin(r.URL, via[0].URL):
		return fmt.Errorf("%w: %s", errForeignRedirect, r.URL.Host)
	}
	r.Header.Del("Referer") // its query may name a member
	return nil
}
