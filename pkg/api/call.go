package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
)

// call is one request to the back end.
type call struct {
	op       string            // for errors, for example "list devices"
	method   string            // empty means GET
	template string            // path below the base URL, with {names}
	params   map[string]string // for the template; each is one path element
	query    url.Values
	body     any           // marshaled as JSON, or nil
	key      string        // the Idempotency-Key; needed with every POST
	stream   bool          // hand out the body unread
	opaque   bool          // the answer may be of any type
	bare     bool          // a good answer has nothing to read
	lacks    func() string // names what the decoded answer must have and lacks; may be nil
}

func (cl *call) acts() bool {
	return cl.method != "" && cl.method != http.MethodGet && cl.method != http.MethodHead
}

func (cl *call) check() error {
	for name, value := range cl.params {
		// Path elements are escaped, but "." and ".." mean something to servers
		// however they are written, and an empty one is another endpoint.
		if value == "" || value == "." || value == ".." {
			return &ArgumentError{cl.op, name, fmt.Sprintf("must not be %q", value)}
		}
	}
	if cl.acts() && cl.key == "" {
		return &ArgumentError{cl.op, "key", "is missing: pass NewIdempotencyKey(), the same again to repeat a request"}
	}
	return nil
}

// do sends the call. Its answer must be released.
func (c *Client) do(ctx context.Context, cl call) (*answer, error) {
	if err := cl.check(); err != nil {
		return nil, err
	}
	if cl.method == "" {
		cl.method = http.MethodGet
	}
	f := &flight{op: cl.method + " " + cl.template, stream: cl.stream, roams: cl.stream || cl.opaque}
	req := c.resty.R().SetContext(withFlight(ctx, f)).
		SetHeader("Accept", "application/json").
		SetPathParams(cl.params).
		SetQueryParamsFromValues(cl.query)
	if cl.stream {
		req.SetHeader("Accept", "*/*")
	}
	if cl.key != "" {
		req.SetHeader(headerKey, cl.key)
	}
	if cl.body != nil {
		body, err := json.Marshal(cl.body)
		if err != nil {
			return nil, &ArgumentError{cl.op, "body", "can't be sent: " + err.Error()}
		}
		req.SetHeader("Content-Type", "application/json").SetBody(body)
	}
	res, err := req.Execute(cl.method, c.base.String()+cl.template)
	path := c.path(req.RawRequest, cl.template)
	if err != nil {
		return nil, c.failed(ctx, cl, path, f, err)
	}
	return c.receive(&cl, path, res.RawResponse)
}

// path is r's escaped path below the base URL.
func (c *Client) path(r *http.Request, template string) string {
	if r == nil {
		return template
	}
	return strings.TrimPrefix(r.URL.EscapedPath(), c.base.EscapedPath())
}

// failed turns a transport's error into one of this package.
func (c *Client) failed(ctx context.Context, cl call, path string, f *flight, err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err // its text holds the query
	}
	if cl.acts() && f.delivery.Load() != notSent {
		return cl.unknown(path, err)
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	signIn, isSignIn := errors.AsType[*SignInError](err)
	_, isTooLarge := errors.AsType[*tooLargeError](err)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", cl.op, err)
	case isSignIn:
		return fmt.Errorf("%s: %w", cl.op, signIn)
	case isTooLarge, errors.Is(err, errInterim),
		errors.Is(err, errInsecureRedirect), errors.Is(err, errForeignRedirect), errors.Is(err, errTooManyRedirects):
		return &BackendError{Op: cl.op, Reason: err.Error()}
	}
	return &NetworkError{Op: cl.op, Method: cl.method, Path: path, Host: c.base.Host, Attempts: f.attempts, Err: err}
}

func (cl *call) unknown(path string, err error) error {
	return &UnknownOutcomeError{Op: cl.op, Method: cl.method, Path: path, Key: cl.key, Err: err}
}

// receive judges an answer by its status.
func (c *Client) receive(cl *call, path string, resp *http.Response) (*answer, error) {
	a := &answer{op: cl.op, resp: resp}
	if cl.stream && resp.StatusCode < 300 {
		return a, nil
	}
	var err error
	if b, ok := resp.Body.(*wholeBody); ok {
		a.body = b.data
	} else {
		a.body, err = io.ReadAll(resp.Body)
	}
	if resp.StatusCode < 300 {
		if cl.acts() {
			if err == nil {
				err = cl.unclear(a)
			}
			if err != nil {
				a.release()
				return nil, cl.unknown(path, err)
			}
		}
		return a, nil
	}
	refusal := errorFrom(cl.op, path, resp, a.body, c.pacer.now())
	defer a.release()
	if cl.acts() && mayHaveActed(refusal) {
		return nil, cl.unknown(path, a.whyOpen(refusal))
	}
	return nil, refusal
}

// decode sends a call and reads its JSON answer into v.
func (c *Client) decode(ctx context.Context, cl call, v any) error {
	a, err := c.do(ctx, cl)
	if err != nil {
		return err
	}
	path := c.path(a.resp.Request, cl.template)
	err = a.decode(v)
	if err == nil && cl.lacks != nil {
		if missing := cl.lacks(); missing != "" {
			err = &BackendError{Op: cl.op, Reason: fmt.Sprintf("the answer has no %q", missing)}
		}
	}
	if err != nil && cl.acts() {
		return cl.unknown(path, err)
	}
	return err
}

// lacking is name if it is missing.
func lacking(name string, missing bool) string {
	if missing {
		return name
	}
	return ""
}

// run sends a call whose good answer has nothing to read.
func (c *Client) run(ctx context.Context, cl call) error {
	cl.bare = true
	a, err := c.do(ctx, cl)
	if err != nil {
		return err
	}
	a.release()
	return nil
}

// shownURL is u without its query, which may hold names or signatures.
func shownURL(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return shown.String()
}
