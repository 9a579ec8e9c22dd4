package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/worksctl/worksctl/pkg/api"
)

// maxSkew is how far two clocks may differ before they are held to be the cause
// of a refusal; an assertion begins as much before now (see backdate).
const maxSkew = backdate

// said is what the auth server may say (RFC 6749, sections 5.1 and 5.2). Code
// and Details are the words of the other servers of the contract.
type said struct {
	Access      string          `json:"access_token"`
	Refresh     string          `json:"refresh_token"`
	Scope       string          `json:"scope"`
	Type        string          `json:"token_type"`
	Life        json.RawMessage `json:"expires_in"`
	Error       string          `json:"error"`
	Description string          `json:"error_description"`
	Code        string          `json:"code"`
	Details     string          `json:"description"`
}

// token gets a token by x.
func (s *Server) token(ctx context.Context, x exchange) (Token, error) {
	r, err := s.ask(ctx, x)
	if err != nil {
		return Token{}, err
	}
	if r.status >= 300 {
		return Token{}, s.refusal(x, r)
	}
	a, err := s.read(x, r)
	if err != nil {
		return Token{}, err
	}
	fault := func(reason string) (Token, error) {
		return Token{}, &api.BackendError{Op: x.op, Reason: reason}
	}
	expires, ok := expiry(a.Life, r.asked)
	switch {
	case a.Access == "" && a.Error != "": // some servers refuse with status 200
		return Token{}, s.refusal(x, r)
	case a.Access == "" || strings.ContainsFunc(a.Access, func(c rune) bool { return c <= ' ' || c > '~' }):
		return fault("access_token is not one word of visible ASCII characters")
	case a.Type != "" && !strings.EqualFold(a.Type, "Bearer"):
		return fault("token_type is not Bearer")
	case !ok:
		return fault("expires_in is no number of seconds")
	}
	t := Token{Access: api.NewSecret(a.Access), Expires: expires}
	if a.Refresh != "" {
		t.Refresh = api.NewSecret(a.Refresh)
	}
	// Separated by commas in practice, by blanks as published.
	t.Scope = strings.Join(strings.FieldsFunc(a.Scope, func(c rune) bool { return c == ' ' || c == ',' }), " ")
	return t, nil
}

// expiry reads expires_in, a number or, in practice, a string. It counts from
// when the request left, so that a slow answer makes no token last longer. Without
// one, or with none above zero, the end of the token is not known.
func expiry(raw json.RawMessage, asked time.Time) (time.Time, bool) {
	text := strings.Trim(string(raw), `"`)
	if text == "" || text == "null" {
		return time.Time{}, true
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) {
		return time.Time{}, false
	}
	if seconds <= 0 {
		return time.Time{}, true
	}
	const most = 10 * 365 * 24 * 3600 // keeps the sum from overflowing
	return asked.Add(time.Duration(min(seconds, most) * float64(time.Second))), true
}

// read decodes a JSON answer.
func (s *Server) read(x exchange, r reply) (a said, err error) {
	body := bytes.TrimSpace(r.body)
	if err := json.Unmarshal(body, &a); err == nil {
		return a, nil
	}
	if !bytes.HasPrefix(body, []byte("{")) {
		u := s.base.JoinPath(x.path)
		return a, &api.ContentError{Op: x.op, URL: u.String(), Status: r.status, ContentType: line(x.scrub(r.header.Get("Content-Type")))}
	}
	e := &api.BackendError{Op: x.op, Reason: "the answer can't be read"}
	if !bytes.HasSuffix(body, []byte("}")) {
		e.Err = io.ErrUnexpectedEOF
	}
	return a, e
}

// refusal words an answer that is no token.
func (s *Server) refusal(x exchange, r reply) error {
	e := &Error{What: x.what, Status: r.status, host: s.base.Host}
	if r.status >= 300 && r.status < 400 {
		e.to = x.scrub(redirectHost(s.base, r.header))
		return e
	}
	a, err := s.read(x, r)
	switch {
	case err == nil && a.Error != "":
		e.Code, e.Description = a.Error, a.Description
	case err == nil:
		e.Code, e.Description = a.Code, a.Details
	case r.status < 500 && len(bytes.TrimSpace(r.body)) > 0 && r.status != http.StatusTooManyRequests:
		return err
	}
	e.Code, e.Description = line(x.scrub(e.Code)), line(x.scrub(e.Description))
	return clock(x, r, e)
}

// clock names the clocks as the cause where the assertion itself was refused
// and they differ.
func clock(x exchange, r reply, e *Error) error {
	if x.what != theServiceAccount || !e.Refused() {
		return e
	}
	switch e.Code {
	case "invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type":
		return e
	}
	if skew, ok := r.skew(); ok && skew.Abs() > maxSkew {
		return &SkewError{Skew: skew, Err: e}
	}
	return e
}

// skew is how far this machine's clock is ahead of the one that wrote Date.
func (r reply) skew() (time.Duration, bool) {
	date, err := http.ParseTime(r.header.Get("Date"))
	if err != nil || r.header.Get("Age") != "" { // an old answer tells nothing
		return 0, false
	}
	// Date is cut to seconds, and was written between asking and the answer.
	if r.asked.Before(date) && date.Before(r.came) {
		return 0, true
	}
	return r.came.Sub(date).Truncate(time.Second), true
}

// redirectHost names the target of a redirect without what else its address holds.
func redirectHost(base *url.URL, h http.Header) string {
	to, err := base.Parse(h.Get("Location"))
	if err != nil || to.Host == "" {
		return "an unknown address"
	}
	return to.Scheme + "://" + to.Host
}

// line makes a text from outside one line of at most 300 bytes.
func line(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) <= 300 {
		return text
	}
	text = text[:300]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text + "…"
}
