package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// RawRequest is a request to any endpoint below the base URL.
type RawRequest struct {
	Method string     // empty: GET
	Path   string     // escaped, begins with a slash; without a query
	Query  url.Values // may be nil
	Body   []byte     // JSON, or nil
	Key    string     // the Idempotency-Key; needed unless Method is GET or HEAD
}

// RawAnswer is a good answer to a [RawRequest].
type RawAnswer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Raw sends a request that this package has no method for, under the same
// rules: retries, token, limits, errors. The answer may be of any type, up to 64
// MiB; that to a request that acts has to be JSON or empty, else it is an
// [*UnknownOutcomeError].
func (c *Client) Raw(ctx context.Context, r RawRequest) (*RawAnswer, error) {
	method := strings.ToUpper(r.Method)
	if method == "" {
		method = http.MethodGet
	}
	op := method + " " + r.Path
	u, err := url.Parse(r.Path)
	if err != nil || !strings.HasPrefix(r.Path, "/") || strings.HasPrefix(r.Path, "//") || u.RawQuery != "" || u.Fragment != "" {
		return nil, &ArgumentError{op, "path", "must begin with one slash and hold neither host nor query"}
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part == "." || part == ".." {
			return nil, &ArgumentError{op, "path", "must not hold . or .. as an element"}
		}
	}
	cl := call{op: op, method: method, template: r.Path, query: r.Query, key: r.Key, opaque: true}
	if r.Body != nil {
		if !jsontext.Value(r.Body).IsValid() {
			return nil, &ArgumentError{op, "body", "is not JSON"}
		}
		cl.body = jsontext.Value(r.Body)
	}
	a, err := c.do(ctx, cl)
	if err != nil {
		return nil, err
	}
	defer a.release()
	return &RawAnswer{Status: a.resp.StatusCode, Header: a.resp.Header, Body: append([]byte(nil), a.body...)}, nil
}
