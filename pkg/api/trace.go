package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// TraceEvent is one attempt of a request and its answer.
type TraceEvent struct {
	Method    string
	URL       string // secrets redacted
	Status    int    // 0 when no answer came
	Duration  time.Duration
	RequestID string // from the answer; may be empty
	Err       error  // why no answer came
}

// String is the event in one line.
func (e TraceEvent) String() string {
	if e.Err != nil {
		return fmt.Sprintf("%s %s: %v (%s)", e.Method, e.URL, e.Err, e.Duration.Round(time.Millisecond))
	}
	line := fmt.Sprintf("%s %s: %d (%s)", e.Method, e.URL, e.Status, e.Duration.Round(time.Millisecond))
	if e.RequestID != "" {
		line += " request " + e.RequestID
	}
	return line
}

// newTrace reports every attempt to Options.Trace. Headers and bodies are never
// part of it.
func newTrace(base *url.URL, o Options) Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		if o.Trace == nil {
			return next
		}
		return roundTripFunc(func(r *http.Request) (*http.Response, error) {
			start := o.Now()
			resp, err := next.RoundTrip(r)
			e := TraceEvent{Method: r.Method, URL: redactURL(base, r.URL), Duration: o.Now().Sub(start), Err: err}
			if err == nil {
				e.Status = resp.StatusCode
				e.RequestID = requestID(resp.Header)
			}
			o.Trace(e)
			return resp, err
		})
	}
}

// redactURL hides the values of parameters that may be secrets. A query for
// another host is hidden whole: download links are signed in it.
func redactURL(base, u *url.URL) string {
	shown := *u
	shown.User = nil
	shown.Fragment = ""
	if shown.RawQuery == "" {
		return shown.String()
	}
	if !sameOrigin(base, u) {
		shown.RawQuery = redacted
		return shown.String()
	}
	params := strings.Split(shown.RawQuery, "&")
	for i, p := range params {
		if name, _, ok := strings.Cut(p, "="); ok && secretName(name) {
			params[i] = name + "=" + redacted
		}
	}
	shown.RawQuery = strings.Join(params, "&")
	return shown.String()
}

func secretName(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(name)
	for _, part := range []string{"token", "secret", "password", "assertion", "signature", "code", "credential"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
