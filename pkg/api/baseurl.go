package api

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// BaseURLError says why a base URL can't be used.
type BaseURLError struct {
	URL    string // as given, without a password
	Reason string
}

func (e *BaseURLError) Error() string { return "base URL " + e.URL + ": " + e.Reason }

// ParseBaseURL reads the address of a server, without a slash at its end. It
// must be https, or http to a loopback address: a bearer token goes there. The
// error is a [*BaseURLError].
func ParseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(raw, "/"))
	if err != nil {
		return nil, &BaseURLError{URL: "(not shown)", Reason: "not a URL: use https://HOST/PATH"}
	}
	var reason string
	switch {
	case u.User != nil:
		return nil, &BaseURLError{URL: "(not shown)", Reason: "a user name or password does not belong there: use https://HOST/PATH"}
	case u.Hostname() == "" || u.Opaque != "":
		reason = "has no host: use https://HOST/PATH"
	case u.Scheme != "https" && u.Scheme != "http":
		reason = "use https://HOST/PATH"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(raw, "#"):
		reason = "a query or fragment does not belong there: use https://HOST/PATH"
	case !secure(u):
		reason = "plain http is for loopback addresses only (127.0.0.0/8, ::1, localhost): use https"
	default:
		return u, nil
	}
	return nil, &BaseURLError{URL: raw, Reason: reason}
}

// isLoopback goes by what is written, without asking a resolver: 127.0.0.0/8,
// ::1 and localhost.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && (addr == netip.IPv6Loopback() || addr.Is4() && addr.IsLoopback())
}

// secure reports whether a request to u may carry anything at all: https, or
// http on this machine.
func secure(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())
}

// Proxy is [http.ProxyFromEnvironment] for https. Plain http goes to this machine
// only, and never through a proxy, which would read the token: the environment's
// own exception for loopback is narrower than [isLoopback].
func Proxy(r *http.Request) (*url.URL, error) {
	if r.URL.Scheme != "https" {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

// sameOrigin reports whether two URLs have the same scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}
