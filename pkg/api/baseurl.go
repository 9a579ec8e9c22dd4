package api

import (
	"net"
	"net/url"
	"strings"
)

// BaseURLError says why a base URL can't be used.
type BaseURLError struct {
	URL    string // as given, without a password
	Reason string
}

func (e *BaseURLError) Error() string { return "base URL " + e.URL + ": " + e.Reason }

// parseBaseURL accepts https, and http for loopback hosts.
func parseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(strings.TrimSpace(raw), "/"))
	if err != nil {
		return nil, &BaseURLError{URL: "(unreadable)", Reason: "not a URL; expected something like https://www.worksapis.com/v1.0"}
	}
	refuse := func(reason string) (*url.URL, error) {
		return nil, &BaseURLError{URL: u.Redacted(), Reason: reason}
	}
	switch {
	case u.Hostname() == "" || u.Opaque != "":
		return refuse("has no host; expected something like https://www.worksapis.com/v1.0")
	case u.User != nil:
		return refuse("must not hold a user name or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("must not hold a query or a fragment")
	case u.Scheme == "https":
		return u, nil
	case u.Scheme != "http":
		return refuse("must begin with https://")
	case !isLoopback(u.Hostname()):
		return refuse("plain http is accepted for loopback addresses only (127.0.0.0/8, ::1, localhost); use https")
	}
	return u, nil
}

// isLoopback reports whether a host name without port is 127.0.0.0/8, ::1 or
// localhost.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// secure reports whether a request to u may carry anything at all: https, or
// http on this machine.
func secure(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())
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
