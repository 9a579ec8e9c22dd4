package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

const (
	callbackPath = "/callback"
	webLimit     = 5 * time.Minute
	partingLimit = time.Second // for the last page to reach the browser
)

// WebOptions say who signs in with a browser, and how. ClientID and Open are
// required.
type WebOptions struct {
	ClientID     string
	ClientSecret api.Secret
	Scopes       []string
	// Open opens url in a browser or shows it, and returns without waiting for the
	// person. The sign-in ends when it fails.
	Open func(ctx context.Context, url string) error
	// Port is that of the redirect address http://127.0.0.1:PORT/callback, for apps
	// whose address is registered with its port; 0 is any free one.
	Port int
	// Limit is how long to wait for the browser; 0 is 5 minutes.
	Limit time.Duration
}

// SignInWeb signs a person in with a browser (RFC 8252): the auth server sends
// the browser back to a page on this machine, which takes one answer that carries
// our state. The code in it is of no use without the verifier, which stays here
// (RFC 7636). Beside the errors of [Server.Code] it fails with exit code 1 when
// the port can't be had, with 3 when nobody answers in time, and with the cause
// of ctx when that ends.
func SignInWeb(ctx context.Context, s *Server, o WebOptions) (Token, error) {
	if s.fault != nil {
		return Token{}, s.fault
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)))
	if err != nil {
		return Token{}, notListening(o.Port, err)
	}
	redirect := "http://" + l.Addr().String() + callbackPath
	state, verifier := rand.Text(), rand.Text()+rand.Text()
	desk := newReception(state)
	server := &http.Server{Handler: desk, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 32 << 10, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(l) }()
	defer closeServer(ctx, server)

	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	code, err := await(ctx, o, s.AuthorizeURL(o.ClientID, redirect, state, challenge, o.Scopes), desk)
	if err != nil {
		return Token{}, err
	}
	return s.Code(ctx, o.ClientID, o.ClientSecret, code, redirect, verifier)
}

// notListening says at which address nobody can wait for the browser, and why.
func notListening(port int, err error) error {
	e := &exit.Error{Exit: exit.Failed, ID: "LISTEN", Message: "wait for the browser at 127.0.0.1", Err: err}
	if cause, ok := errors.AsType[*net.OpError](err); ok {
		e.Err = cause.Err // the rest is the address again
	}
	if port != 0 {
		e.Message = fmt.Sprintf("wait for the browser at http://127.0.0.1:%d%s", port, callbackPath)
		e.Hint = "end what uses the port, or name another one with --port and register it for the app"
	}
	return e
}

// await opens the browser and waits for its answer.
func await(ctx context.Context, o WebOptions, url string, desk *reception) (code string, err error) {
	if err := o.Open(ctx, url); err != nil {
		return "", fmt.Errorf("open a browser: %w", err)
	}
	limit := cmp.Or(o.Limit, webLimit)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case a := <-desk.answer:
		return a.code, a.err
	case <-limited.Done():
	}
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case desk.strangers.Load():
		return "", exit.SignInf("WEB_SIGN_IN", "worksctl auth login --web", "only answers of another sign-in came from the browser within %s: use the newest link", limit)
	}
	return "", exit.SignInf("WEB_SIGN_IN", "worksctl auth login --web", "nobody signed in with the browser within %s", limit)
}

// closeServer lets the page under way reach the browser.
func closeServer(ctx context.Context, server *http.Server) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), partingLimit)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}
