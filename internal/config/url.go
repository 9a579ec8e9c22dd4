package config

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
)

// The bases of the public service (contract.md).
const (
	DefaultAPIURL  = "https://www.worksapis.com/v1.0"
	DefaultAuthURL = "https://auth.worksmobile.com/oauth2/v2.0"
)

// CheckURL returns the base address raw without a slash at its end. It must be
// https, or http to a loopback address: a bearer token goes there. what names
// its source in the error, which has exit code 2.
func CheckURL(what, raw string) (string, error) {
	problem := urlProblem(raw)
	if problem == "" {
		return strings.TrimRight(raw, "/"), nil
	}
	return "", exit.Usagef("BAD_URL", "", "%s %s: %s", what, shownURL(raw), problem)
}

// shownURL keeps a password that was written into an address out of messages.
func shownURL(raw string) string {
	if u, err := url.Parse(raw); err != nil || u.User != nil {
		return "(not shown)"
	}
	return raw
}

func urlProblem(raw string) string {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return "not a URL: use https://HOST/PATH"
	case u.User != nil:
		return "a user name or password does not belong there: use https://HOST/PATH"
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return "use https://HOST/PATH"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(raw, "#"):
		return "a query or fragment does not belong there: use https://HOST/PATH"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "plain http is for loopback addresses only (127.0.0.0/8, ::1, localhost): use https"
	default:
		return ""
	}
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
