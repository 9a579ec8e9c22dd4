package api

import (
	"errors"
	"net/http"
)

var (
	errTooManyRedirects = errors.New("more than 10 redirects")
	errInsecureRedirect = errors.New("redirected to plain http")
)

// checkRedirect lets a request that reads follow up to 10 redirects, never to
// plain http beyond this machine, and a request that acts none: its redirect
// is the answer. The token stays behind at another host (see newAuth).
func checkRedirect(r *http.Request, via []*http.Request) error {
	switch {
	case acts(via[0]):
		return http.ErrUseLastResponse
	case len(via) >= 10:
		return errTooManyRedirects
	case !secure(r.URL):
		return errInsecureRedirect
	}
	r.Header.Del("Referer") // its query may name a member
	return nil
}
