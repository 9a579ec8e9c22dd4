package auth

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// What an [Error] can refuse.
const (
	theServiceAccount = "the service account"
	theRefreshToken   = "the refresh token"
	theBrowserSignIn  = "the browser sign-in"
	theRevocation     = "to revoke the token"
)

// Server asks an auth server for tokens. It is safe for concurrent use.
//
// The errors of its methods are a [*KeyError], an [*Error], a [*SkewError], an
// [api.BaseURLError], or, where there was no proper answer, an
// [api.NetworkError], [api.ContentError] or [api.BackendError]. None holds a
// secret.
type Server struct {
	base   *url.URL
	fault  error // why base can't be used
	client *http.Client
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
}

// NewServer returns the auth server at authURL, which is https, or http on a
// loopback address. Each request has the time limit of client, 30 seconds if it
// has none, and its transport; nil is a client with a transport of its own. A
// redirect is never followed.
func NewServer(authURL string, client *http.Client, now func() time.Time) *Server {
	if client == nil {
		client = &http.Client{Transport: NewTransport()}
	}
	own := &http.Client{
		Transport:     client.Transport,
		Timeout:       cmp.Or(client.Timeout, api.DefaultTimeout),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	base, err := api.ParseBaseURL(authURL)
	return &Server{base: base, fault: err, client: own, now: now, sleep: sleep}
}

// NewTransport is how requests get to an auth server: without HTTP/2, which
// repeats them by itself, and plain http without a proxy.
func NewTransport() http.RoundTripper {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{Proxy: api.Proxy, Protocols: &protocols, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 30 * time.Second}
}

// ServiceAccount gets a token by a signed assertion. The new token may end the
// account's previous one. A refusal while the clocks differ by more than a
// minute is a [*SkewError].
func (s *Server) ServiceAccount(ctx context.Context, a ServiceAccount) (Token, error) {
	assertion, err := a.assertion(s.now())
	if err != nil {
		return Token{}, err
	}
	form := url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
		"assertion":  {assertion},
		"scope":      {strings.Join(a.Scopes, " ")},
	}
	return s.token(ctx, newExchange(theServiceAccount, a.ClientID, a.ClientSecret, form))
}

// Refresh gets a token by a refresh token. The answer may hold a new refresh
// token; where it holds none, the old one stays good. A request that has left is
// waited for, up to its time limit, also when ctx ends: the old token may be of
// no use any more.
func (s *Server) Refresh(ctx context.Context, clientID string, clientSecret, refresh api.Secret) (Token, error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh.Reveal()}}
	x := newExchange(theRefreshToken, clientID, clientSecret, form)
	x.finish = true
	return s.token(ctx, x)
}

// Code gets a token by the code that a browser brought. A code is good once, so
// the request is repeated only where it was surely not carried out. verifier is
// that of PKCE (RFC 7636).
func (s *Server) Code(ctx context.Context, clientID string, clientSecret api.Secret, code, redirectURI, verifier string) (Token, error) {
	form := url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {code},
		"redirect_uri":  {redirectURI},
		"code_verifier": {verifier},
	}
	x := newExchange(theBrowserSignIn, clientID, clientSecret, form)
	x.once = true
	return s.token(ctx, x)
}

// Revoke ends a token (RFC 7009): a refresh token with those made from it. One
// that is unknown is no error. hint is access_token or refresh_token.
func (s *Server) Revoke(ctx context.Context, clientID string, clientSecret, token api.Secret, hint string) error {
	form := url.Values{"token": {token.Reveal()}, "token_type_hint": {hint}}
	x := newExchange(theRevocation, clientID, clientSecret, form)
	x.op, x.path = "revoke the token", "/revoke"
	r, err := s.ask(ctx, x)
	if err != nil {
		return err
	}
	if r.status >= 300 {
		return s.refusal(x, r)
	}
	return nil
}

// AuthorizeURL is the page where a person signs in with a browser. challenge is
// the S256 challenge of PKCE. It is empty for a bad address of the server.
func (s *Server) AuthorizeURL(clientID, redirectURI, state, challenge string, scopes []string) string {
	if s.fault != nil {
		return ""
	}
	q := url.Values{
		"client_id": {clientID}, "redirect_uri": {redirectURI}, "scope": {strings.Join(scopes, " ")},
		"response_type": {"code"}, "state": {state},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	// Not every server reads + as a blank.
	return s.base.JoinPath("authorize").String() + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// Skew asks how far this machine's clock is ahead of the auth server's, to a
// second; negative is behind. It asks for the sign-in page of no app, so it signs
// nobody in, and whatever the answer is, it has a date.
func (s *Server) Skew(ctx context.Context) (time.Duration, error) {
	x := exchange{op: "ask the auth server for the time", method: http.MethodGet, path: "/authorize", form: url.Values{
		"client_id": {"worksctl"}, "redirect_uri": {"http://127.0.0.1" + callbackPath}, "scope": {"user.read"},
		"response_type": {"code"}, "state": {"clock"},
	}}
	r, err := s.ask(ctx, x)
	if err != nil {
		return 0, err
	}
	skew, ok := r.skew()
	if !ok {
		return 0, &api.BackendError{Op: x.op, Reason: "the answer does not tell the time"}
	}
	return skew, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
