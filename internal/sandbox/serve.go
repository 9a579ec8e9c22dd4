package sandbox

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

// Listen opens addr, which must be a port on a loopback address: 127.0.0.0/8,
// ::1 or localhost. Everything else is refused with exit code 2, because the
// sandbox lets anybody in who reaches it.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || !isLoopback(host) {
		return nil, exit.Usagef("NOT_LOOPBACK", "use an address such as 127.0.0.1:8765",
			"the sandbox can't listen on %q: only on 127.0.0.0/8, ::1 and localhost", addr)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, &exit.Error{Exit: exit.Failed, ID: "LISTEN", Message: "listen on " + addr, Err: err,
			Hint: "choose another port, or port 0 for any free one"}
	}
	return l, nil
}

// Serve serves h on l until ctx ends, then lets requests under way finish for
// up to 5 seconds.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := newServer(h)
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := s.Shutdown(ending); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}
