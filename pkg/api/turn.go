package api

import (
	"context"
	"sync/atomic"
)

// turn is the place of a request that has waited for the rate limit already.
type turn struct {
	key  string
	used atomic.Bool
}

type turnKey struct{}

// inTurn reports whether a request was made with a turn: its caller waits, and
// asks for another one.
func inTurn(ctx context.Context) bool { return ctx.Value(turnKey{}) != nil }

// Turn waits until the rate limit lets another request of an operation leave,
// named as in [Client.RateLimit], so that a caller can wait first and then note
// that a request is on its way. The next call of that operation with the context
// returned doesn't wait again, and isn't repeated when the back end asks to come
// later (429, 503 with Retry-After): it was not carried out, and the caller
// waits for another turn. done gives back a turn that was not used; call it in
// any case. The error is that of a ctx that ended meanwhile.
func (c *Client) Turn(ctx context.Context, method, template string) (with context.Context, done func(), err error) {
	t := &turn{key: c.base.Host + " " + method + " " + template}
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	if err := c.pacer.wait(ctx, t.key); err != nil {
		return nil, nil, err
	}
	done = func() {
		if !t.used.Swap(true) {
			c.pacer.giveBack(t.key)
		}
	}
	return context.WithValue(ctx, turnKey{}, t), done, nil
}

// hasTurn reports whether a request has its turn, and uses it up: another
// attempt has to wait like any other.
func hasTurn(ctx context.Context, key string) bool {
	t, _ := ctx.Value(turnKey{}).(*turn)
	return t != nil && t.key == key && !t.used.Swap(true)
}
