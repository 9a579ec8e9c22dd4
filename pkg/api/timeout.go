package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// ErrTimeout is in the chain of the error of a request that Options.Timeout
// ended; its attempts are used up then.
var ErrTimeout = errors.New("the time limit of the request has passed")

// newTimeout limits one attempt: from here, after all waiting for tokens and
// rate limits, to the end of the body; for a stream, to its next byte.
func newTimeout(limit time.Duration) Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripFunc(func(r *http.Request) (*http.Response, error) {
			ctx, cancel := context.WithCancelCause(r.Context())
			timer := time.AfterFunc(limit, func() { cancel(ErrTimeout) })
			stop := func() { timer.Stop(); cancel(nil) }
			resp, err := next.RoundTrip(r.WithContext(ctx))
			if err != nil {
				err = timedOut(ctx, err)
				stop()
				return nil, err
			}
			body := &limitedBody{ReadCloser: resp.Body, ctx: ctx, stop: stop}
			if flightOf(r).stream {
				body.progress = func() { timer.Reset(limit) }
			}
			resp.Body = body
			return resp, nil
		})
	}
}

// timedOut names the time limit where err is only its consequence.
func timedOut(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), ErrTimeout) {
		return ErrTimeout
	}
	return err
}

type limitedBody struct {
	io.ReadCloser
	ctx      context.Context //nolint:containedctx // a body outlives the call that made it
	stop     func()
	progress func() // nil unless the body is a stream
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = timedOut(b.ctx, err)
	}
	if n > 0 && err == nil && b.progress != nil {
		b.progress()
	}
	return n, err
}

func (b *limitedBody) Close() error {
	b.stop()
	return b.ReadCloser.Close()
}
