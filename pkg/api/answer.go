package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// errorFrom reads a refusing answer: its status, and what its body and headers
// add. The body may be empty or anything.
func errorFrom(op, path string, resp *http.Response, body []byte, now time.Time) *Error {
	e := &Error{
		Op: op, Method: resp.Request.Method, Path: path,
		Status: resp.StatusCode, RequestID: requestID(resp.Header),
	}
	e.told = headerValue(resp.Header, "Retry-After") != ""
	if e.told || e.Status == http.StatusTooManyRequests {
		e.RetryAfter, _ = retryAfter(resp.Header, now)
	}
	var said struct {
		Code             string `json:"code"`
		Description      string `json:"description"`
		Error            string `json:"error"`
		ErrorDescription string `json:"error_description"`
	}
	if json.Unmarshal(body, &said, jsontext.AllowDuplicateNames(true)) == nil {
		e.Code, e.Description = said.Code, said.Description
		e.coded = e.Code != ""
		if !e.coded {
			e.Code, e.Description = said.Error, said.ErrorDescription
		}
	} else if mediaType(resp.Header) == "text/plain" {
		e.Description = firstLine(body)
	}
	e.authenticate(resp.Header.Values("WWW-Authenticate"))
	return e
}

// authenticate takes what a Bearer challenge says (RFC 6750, section 3).
func (e *Error) authenticate(challenges []string) {
	for _, c := range challenges {
		scheme, rest, _ := strings.Cut(strings.TrimSpace(c), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			continue
		}
		params := challengeParams(rest)
		e.Scope = params["scope"]
		e.insufficientScope = params["error"] == "insufficient_scope"
		if e.Description == "" {
			e.Description = params["error_description"]
		}
	}
}

// challengeParams reads name="value" pairs separated by commas.
func challengeParams(s string) map[string]string {
	params := map[string]string{}
	for s != "" {
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			break
		}
		name = strings.ToLower(strings.Trim(name, " ,\t"))
		var value string
		if quoted, isQuoted := strings.CutPrefix(rest, `"`); isQuoted {
			value, s, _ = strings.Cut(quoted, `"`)
		} else {
			value, s, _ = strings.Cut(rest, ",")
		}
		params[name] = strings.TrimSpace(value)
	}
	return params
}

// requestID finds the header by which the back end's operators find a request.
func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "Request-Id", "X-Correlation-Id", "X-Trace-Id"} {
		if v := h.Get(name); v != "" {
			return v
		}
	}
	return ""
}

func mediaType(h http.Header) string {
	t, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return t
}

// isJSON reports whether a content type is application/json or ends in +json.
func isJSON(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.TrimSpace(t))
	return t == "application/json" || strings.HasSuffix(t, "+json")
}

// firstLine returns the start of a plain text body, at most 200 bytes.
func firstLine(body []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimSpace(body), []byte("\n"))
	line = line[:min(len(line), 200)]
	for len(line) > 0 && !utf8.Valid(line) {
		line = line[:len(line)-1]
	}
	return strings.TrimSpace(string(line))
}

// answer is a good answer, its body read whole.
type answer struct {
	op   string
	resp *http.Response
	body []byte
}

// release gives the body's buffer back; body must not be used after it.
func (a *answer) release() {
	_ = a.resp.Body.Close()
	a.body = nil
}

// notJSON returns why the answer can't be decoded, or nil.
func (a *answer) notJSON() error {
	contentType := a.resp.Header.Get("Content-Type")
	body := bytes.TrimLeft(a.body, " \t\r\n")
	if isJSON(contentType) || contentType == "" && len(body) > 0 && body[0] == '{' {
		return nil
	}
	return &ContentError{Op: a.op, URL: shownURL(a.resp.Request.URL), Status: a.resp.StatusCode, ContentType: contentType}
}

// decode reads a JSON answer into v and releases it.
func (a *answer) decode(v any) error {
	defer a.release()
	if err := a.notJSON(); err != nil {
		return err
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		return &BackendError{Op: a.op, Reason: "the answer can't be read", Err: plainJSONError(err)}
	}
	return nil
}

// plainJSONError keeps of a decoder's error what says where and what.
func plainJSONError(err error) error {
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok && errors.Is(e.Err, io.ErrUnexpectedEOF) {
		return io.ErrUnexpectedEOF
	}
	return errors.New(strings.TrimPrefix(strings.TrimPrefix(err.Error(), "json: "), "jsontext: "))
}
