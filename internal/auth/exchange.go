package auth

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

const (
	maxAttempts = 3
	firstWait   = 500 * time.Millisecond // before another attempt; then twice as long
	maxWait     = 10 * time.Second       // told to wait longer, the call ends
	maxBody     = 1 << 20
)

// exchange is one thing that is asked of the auth server.
type exchange struct {
	op     string // what is done, for errors
	what   string // what a refusal refuses
	method string
	path   string     // below the base
	form   url.Values // of a POST, holds secrets; of a GET, the query
	once   bool       // must not be carried out twice
	finish bool       // the answer holds what must not be lost: it is waited for
}

// newExchange asks for a token. A client without a secret names itself only.
func newExchange(what, clientID string, clientSecret api.Secret, form url.Values) exchange {
	form.Set("client_id", clientID)
	if secret := clientSecret.Reveal(); secret != "" {
		form.Set("client_secret", secret)
	}
	return exchange{op: "get a token", what: what, method: http.MethodPost, path: "/token", form: form}
}

// reply is a whole answer.
type reply struct {
	status int
	header http.Header
	body   []byte
	asked  time.Time // when the request left
	came   time.Time // when the answer was here
}

// ask sends x, and again after faults of the network or a gateway, and when told
// to come later.
func (s *Server) ask(ctx context.Context, x exchange) (reply, error) {
	if s.fault != nil {
		return reply{}, s.fault
	}
	for attempt := 1; ; attempt++ {
		r, sent, err := s.send(ctx, x)
		if ctx.Err() != nil && (err != nil || !x.finish) {
			return reply{}, context.Cause(ctx)
		}
		wait, again := x.again(r, sent, err)
		if !again || attempt == maxAttempts {
			return r, s.unanswered(x, attempt, err)
		}
		if err := s.sleep(ctx, cmp.Or(wait, firstWait<<(attempt-1))); err != nil {
			return reply{}, err
		}
	}
}

// again says whether another attempt can help, and after what wait if the
// server names one.
func (x exchange) again(r reply, sent bool, err error) (wait time.Duration, ok bool) {
	if err != nil {
		_, distrusted := errors.AsType[*tls.CertificateVerificationError](err)
		maybeDone := x.once && sent
		return 0, !distrusted && !maybeDone && !errors.Is(err, errTooLarge)
	}
	told := r.header.Get("Retry-After")
	switch r.status {
	case http.StatusTooManyRequests:
		ok = true
	case http.StatusServiceUnavailable: // with Retry-After it was not carried out
		ok = told != "" || !x.once
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		ok = !x.once
	}
	if seconds, err := strconv.ParseUint(told, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	}
	return wait, ok && wait <= maxWait
}

// send makes one attempt. sent is false where no connection was had.
func (s *Server) send(ctx context.Context, x exchange) (r reply, sent bool, err error) {
	client := s.client
	if x.finish && ctx.Err() == nil {
		patient := *client
		patient.Timeout = max(client.Timeout, api.DefaultTimeout)
		ctx, client = context.WithoutCancel(ctx), &patient
	}
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	address, body := s.base.String()+x.path, x.form.Encode()
	if x.method == http.MethodGet {
		address, body = address+"?"+body, ""
	}
	req, err := http.NewRequestWithContext(ctx, x.method, address, strings.NewReader(body))
	if err != nil {
		return reply{}, false, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "worksctl")
	req.Header.Set("Cache-Control", "no-store")
	if x.method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.asked = s.now()
	resp, err := client.Do(req)
	if err != nil {
		return reply{}, connected.Load(), err
	}
	defer resp.Body.Close()
	r.came, r.status, r.header = s.now(), resp.StatusCode, resp.Header
	r.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err == nil && len(r.body) > maxBody {
		err = errTooLarge
	}
	return r, true, err
}

var errTooLarge = errors.New("the answer is larger than 1 MiB")

// unanswered words a failure to get an answer; nil stays nil.
func (s *Server) unanswered(x exchange, attempts int, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errTooLarge):
		return &api.BackendError{Op: x.op, Reason: err.Error()}
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		err = api.ErrTimeout
	} else if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if text := x.scrub(err.Error()); text != err.Error() {
		err = errors.New(text)
	}
	return &api.NetworkError{Op: x.op, Method: x.method, Path: x.path, Host: s.base.Host, Attempts: attempts, Err: err}
}

// scrub takes out of a text from outside every secret that was sent.
func (x exchange) scrub(text string) string {
	for _, name := range []string{"client_secret", "assertion", "refresh_token", "code", "code_verifier", "token"} {
		secret := x.form.Get(name)
		if len(secret) < 4 { // not one, and it would tear up every word
			continue
		}
		text = strings.NewReplacer(secret, "[redacted]", url.QueryEscape(secret), "[redacted]").Replace(text)
	}
	return text
}
