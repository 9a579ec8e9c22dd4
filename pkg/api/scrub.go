package api

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// shortToken is up to where a token is no secret but a word, which may stand in
// an error by itself.
const shortToken = 12

// newScrub takes the access token out of answers that give it back, before
// anything reads them: what a server says in a refusal is shown, logged and
// written to journals.
func newScrub() Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			_, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
			if err != nil || !ok || len(token) <= shortToken {
				return resp, err
			}
			hide := strings.NewReplacer(token, redacted, url.QueryEscape(token), redacted)
			for _, values := range resp.Header {
				for i, v := range values {
					values[i] = hide.Replace(v)
				}
			}
			if resp.StatusCode >= 300 {
				resp.Body = &scrubbed{ReadCloser: resp.Body, hide: hide}
				resp.ContentLength = -1 // what is left may be shorter
			}
			return resp, nil
		})
	}
}

// scrubbed is a refusal's body without the token.
type scrubbed struct {
	io.ReadCloser
	hide *strings.Replacer
	text *bytes.Reader // once it was read
}

func (s *scrubbed) Read(p []byte) (int, error) {
	if s.text == nil {
		raw, err := io.ReadAll(io.LimitReader(s.ReadCloser, maxBody))
		if err != nil {
			return 0, err
		}
		s.text = bytes.NewReader([]byte(s.hide.Replace(string(raw))))
	}
	return s.text.Read(p)
}
