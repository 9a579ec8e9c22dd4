package auth

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Error is a refusal of the auth server (RFC 6749, section 5.2), or what it says
// instead of an answer. It holds no secret, even where the server repeats one.
type Error struct {
	What        string // what it refuses, for example "the service account"
	Status      int    // the HTTP status; 0 where the browser brought the refusal
	Code        string // for example invalid_client, invalid_grant; may be empty
	Description string // the server's own words; may be empty

	host string // of the auth server
	to   string // the host that it redirects to
}

func (e *Error) Error() string {
	text := e.Code
	if text == "" {
		text = fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Description != "" {
		text += ": " + e.Description
	}
	switch {
	case e.elsewhere():
		return fmt.Sprintf("%s does not answer as an auth server does: %s", e.host, text)
	case e.to != "":
		return fmt.Sprintf("the auth server %s redirects to %s, where no credential is sent: check auth_url", e.host, e.to)
	case e.Status == http.StatusTooManyRequests:
		return "the auth server asks to wait: " + text
	case e.Status >= 500:
		return "the auth server failed: " + text
	default:
		return "the auth server refuses " + e.What + ": " + text
	}
}

// Refused reports whether the credential was refused, and not the server busy,
// broken or elsewhere.
func (e *Error) Refused() bool {
	return e.Status == 0 || e.Status < 500 && e.Status != http.StatusTooManyRequests && e.to == "" && !e.elsewhere()
}

// elsewhere reports whether the answer is that of an address where there is no
// auth server, or of a proxy on the way there (RFC 6749 has 400 and 401 only).
func (e *Error) elsewhere() bool {
	switch e.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusProxyAuthRequired, http.StatusGone:
		return true
	}
	return false
}

// Remedy says what mends the refusal, or nothing where that is not known.
func (e *Error) Remedy() string {
	if e.elsewhere() {
		return "check the address of the auth server: auth_url of the profile, or WORKSCTL_AUTH_URL"
	}
	switch e.Code {
	case "invalid_client", "unauthorized_client":
		return "check the client id and the client secret in the developer console: a secret may have been issued anew"
	case "invalid_scope":
		return "ask only for scopes that the app has in the developer console: worksctl auth login --scope SCOPE,SCOPE, or WORKSCTL_SCOPES" +
			" for a service account in the environment; NAVER WORKS has " + strings.Join(PublishedScopes(), ", ") + " and audit.read, and none for devices"
	case "access_denied":
		return "sign in again and allow the app, or ask an administrator to"
	case "invalid_grant":
		if e.What == theServiceAccount {
			return "check that the service account id and the private key belong to this client id"
		}
		return "sign in again: worksctl auth login --web"
	}
	return ""
}

// SkewError says that an assertion was refused while this machine's clock and
// that of the auth server differ too much for it.
type SkewError struct {
	Skew time.Duration // how far this machine's clock is ahead; behind if negative
	Err  error         // the refusal
}

func (e *SkewError) Error() string {
	direction := "ahead of"
	if e.Skew < 0 {
		direction = "behind"
	}
	return fmt.Sprintf("this machine's clock is %s %s the auth server's: set it, then try again (%v)",
		e.Skew.Abs().Round(time.Second), direction, e.Err)
}

// Unwrap returns the refusal.
func (e *SkewError) Unwrap() error { return e.Err }

// KeyError says why a text is no private key of a service account.
type KeyError struct {
	Problem string // what it is instead
	Remedy  string // what to do
}

func (e *KeyError) Error() string { return "private key: " + e.Problem + ": " + e.Remedy }
