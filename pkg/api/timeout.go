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
// rate limits, to the end of the body; for a stream, for each of its reads.
//
// From here on only the time limit ends a request that acts: broken off by its
// caller, it would leave its outcome unknown.
func newTimeout(limit time.Duration) Middleware {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripFunc(func(r *http.Request) (*http.Response, error) {
			ctx := r.Context()
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if acts(r) {
				ctx = context.WithoutCancel(ctx)
			}
			ctx, cancel := context.WithCancelCause(ctx)
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
				timer.Stop()
				body.timer, body.limit = timer, limit
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
	ctx  context.Context //nolint:containedctx // a body outlives the call that made it
	stop func()

	timer *time.Timer // runs during a Read of a stream; else nil
	limit time.Duration
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.timer != nil { // what the consumer does between two reads doesn't count
		b.timer.Reset(b.limit)
		defer b.timer.Stop()
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = timedOut(b.ctx, err)
	}
	return n, err
}

func (b *limitedBody) Close() error {
	b.stop()
	return b.ReadCloser.Close()
}
