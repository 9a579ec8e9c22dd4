package api

import (
	"context"
	"errors"
)

// ErrTokenRefused says that the back end refused the access token and that no
// other can be had.
var ErrTokenRefused = errors.New("the access token was refused and can't be renewed")

// TokenSource hands out access tokens. It is called by several goroutines.
type TokenSource interface {
	// Token returns a usable access token.
	Token(ctx context.Context) (Secret, error)
	// Renew returns another token after a 401 for the refused one. It is called
	// at most once for a request. Where another caller has renewed meanwhile it
	// may return that token.
	Renew(ctx context.Context, refused Secret) (Secret, error)
}

// StaticToken is a TokenSource of one ready token; its Renew fails with
// [ErrTokenRefused].
func StaticToken(token Secret) TokenSource { return staticToken{token} }

type staticToken struct{ token Secret }

func (s staticToken) Token(context.Context) (Secret, error) { return s.token, nil }

func (s staticToken) Renew(context.Context, Secret) (Secret, error) {
	return Secret{}, ErrTokenRefused
}

// SignInError says that no access token could be had. The request it belongs
// to was not carried out. It is [ErrUnauthorized].
type SignInError struct{ Err error }

func (e *SignInError) Error() string { return "sign in: " + e.Err.Error() }

// Unwrap returns what the [TokenSource] said.
func (e *SignInError) Unwrap() error { return e.Err }

// Is reports whether target is [ErrUnauthorized].
func (e *SignInError) Is(target error) bool { return target == ErrUnauthorized }
