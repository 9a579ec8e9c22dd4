package api

import (
	"net/http"
	"net/url"
)

// newAuth adds the bearer token to requests for base's origin, and to no
// other: redirects elsewhere go without it. After a 401 it renews the token
// and repeats the request, once in all attempts of a call, also one that acts,
// since a 401 was not carried out.
func newAuth(base *url.URL, tokens TokenSource) Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return &auth{base: base, tokens: tokens, next: next}
	}
}

type auth struct {
	base   *url.URL
	tokens TokenSource
	next   http.RoundTripper
}

func (a *auth) RoundTrip(r *http.Request) (*http.Response, error) {
	if !sameOrigin(r.URL, a.base) {
		r = r.Clone(r.Context())
		r.Header.Del("Authorization")
		return a.next.RoundTrip(r)
	}
	token, err := a.tokens.Token(r.Context())
	if err != nil {
		return nil, &SignInError{Err: err}
	}
	resp, err := a.send(r, token)
	f := flightOf(r)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || f.renewed {
		return resp, err
	}
	discard(resp.Body)
	f.renewed = true
	f.delivery.Store(notSent)
	renewed, err := a.tokens.Renew(r.Context(), token)
	if err != nil {
		return nil, &SignInError{Err: err}
	}
	return a.send(r, renewed)
}

func (a *auth) send(r *http.Request, token Secret) (*http.Response, error) {
	r, err := again(r)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token.Reveal())
	return a.next.RoundTrip(r)
}
