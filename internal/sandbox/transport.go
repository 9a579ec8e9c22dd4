package sandbox

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Transport returns a transport that carries every request to h, whatever its
// host: a real HTTP server and client joined in memory, with kept-alive and
// dropped connections, and without any port. Close stops the server.
func Transport(h http.Handler) (http.RoundTripper, io.Closer) {
	l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := newServer(h)
	go func() { _ = s.Serve(l) }()
	t := &http.Transport{
		DialContext:         func(ctx context.Context, _, _ string) (net.Conn, error) { return l.dial(ctx) },
		MaxIdleConnsPerHost: 16,
		DisableCompression:  true,
	}
	return t, closerFunc(func() error {
		t.CloseIdleConnections()
		return s.Close()
	})
}

func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
}

type closerFunc func() error

func (f closerFunc) Close() error { return f() }

// pipeListener hands the far ends of pipes to a server.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "sandbox" }
