package wiretest

import (
	"fmt"
	"io"
	"net/http"
)

// RoundTripper validates every request before it goes to next, and every
// answer before the caller gets it; the answer's body is read to its end first. A nil next
// is [http.DefaultTransport]. Put it innermost: it then sees what leaves the client.
func (v *V) RoundTripper(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return transport{v: v, next: next}
}

type transport struct {
	v    *V
	next http.RoundTripper
}

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	out, body, err := copyRequest(req)
	if err != nil {
		return nil, err
	}
	e := t.v.begin(req, body)
	resp, err := t.next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	resp.Request = req
	data, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = replay(data, err)
	switch {
	case err == nil:
		e.answer(resp.StatusCode, resp.Header, data)
	case !t.v.faults && req.Context().Err() == nil:
		e.report(fmt.Sprintf("answer %d", resp.StatusCode), []string{"cut body: " + err.Error()})
	}
	return resp, nil
}

// copyRequest reads the body. The copy keeps GetBody and the length as
// they are, since net/http's decision to send a request again hangs on them.
func copyRequest(req *http.Request) (out *http.Request, body []byte, err error) {
	if req.Body == nil || req.Body == http.NoBody {
		return req, nil, nil
	}
	body, err = io.ReadAll(req.Body)
	_ = req.Body.Close()
	if err != nil {
		return nil, nil, fmt.Errorf("read request body: %w", err)
	}
	out = req.WithContext(req.Context())
	out.Body = replay(body, nil)
	return out, body, nil
}
