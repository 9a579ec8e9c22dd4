package api_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

var errEnough = errors.New("enough")

// canceling serves an answer in two parts, and cancels the client's context
// before the first or between them.
func canceling(cancel context.CancelCauseFunc, status int, body string, between bool) answerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if between {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body[:len(body)/2]))
			_ = http.NewResponseController(w).Flush()
			body = body[len(body)/2:]
		}
		cancel(errEnough)
		select { // time enough for a client that breaks off
		case <-r.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
		if !between {
			w.WriteHeader(status)
		}
		_, _ = w.Write([]byte(body))
	}
}

func TestActingOnItsWayIsNotBrokenOff(t *testing.T) {
	for name, tc := range map[string]struct {
		status  int
		body    string
		between bool
		call    func(context.Context, *api.Client) error
	}{
		"before the answer": {202, `{"commandId":"c1"}`, false, func(ctx context.Context, c *api.Client) error {
			_, err := c.Commands.Wipe(ctx, "d1", "lost", "k")
			return err
		}},
		"within the answer": {200, `{"results":[{"deviceId":"d1","status":"SENT"}]}`, true, func(ctx context.Context, c *api.Client) error {
			res, err := c.Notifications.Send(ctx, api.Notification{DomainID: 1, Type: api.TypePC, DeviceIDs: []string{"d1"}}, "k")
			if err == nil && len(res) != 1 {
				t.Errorf("results %v", res)
			}
			return err
		}},
		"without a body": {204, "", false, func(ctx context.Context, c *api.Client) error { return c.Commands.Cancel(ctx, "c1", "k") }},
		"any request": {200, `{}`, true, func(ctx context.Context, c *api.Client) error {
			_, err := c.Raw(ctx, api.RawRequest{Method: "POST", Path: "/x", Key: "k"})
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			b := newBackend(t, canceling(cancel, tc.status, tc.body, tc.between))
			c, _ := newClient(t, b.URL)
			if err := tc.call(ctx, c); err != nil {
				t.Error(err)
			}
			if ctx.Err() == nil || b.count() != 1 {
				t.Errorf("%d requests, context %v", b.count(), ctx.Err())
			}
		})
	}
}

func TestReadingIsBrokenOff(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	b := newBackend(t, func(_ http.ResponseWriter, r *http.Request) { cancel(errEnough); <-r.Context().Done() })
	c, _ := newClient(t, b.URL)
	if _, err := c.Devices.Get(ctx, "d1"); !errors.Is(err, errEnough) {
		t.Error(err)
	}
}

// A request that nobody waits for any more still ends by its time limit.
func TestActingOnItsWayEndsByItsTimeLimit(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	b := newBackend(t, func(_ http.ResponseWriter, r *http.Request) { cancel(errEnough); <-r.Context().Done() })
	c, _ := newClient(t, b.URL, func(o *api.Options) { o.Timeout = 500 * time.Millisecond })
	err := c.Users.ForceLogout(ctx, "u", "k")
	if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); !unknown || !errors.Is(err, api.ErrTimeout) || b.count() != 1 {
		t.Errorf("%v after %d requests", err, b.count())
	}
}

func TestActingThatIsNotOnItsWayIsNotSent(t *testing.T) {
	spent := sendJSON(202, "", "RateLimit-Limit", "1", "RateLimit-Remaining", "0", "RateLimit-Reset", "30")
	for name, tc := range map[string]struct {
		first    answerFunc // to a request before
		canceled bool       // from the start
	}{
		"canceled before":          {spent, true},
		"canceled while pacing":    {spent, false},
		"canceled before a repeat": {refuse(429, "", "Retry-After", "20"), false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			b := newBackend(t, tc.first)
			c, _ := newClient(t, b.URL, func(o *api.Options) {
				o.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(errEnough); return context.Cause(ctx) }
			})
			_ = c.Users.ForceLogout(ctx, "u", "k")
			if tc.canceled {
				cancel(errEnough)
			}
			before := b.count()
			err := c.Users.ForceLogout(ctx, "u", "k")
			if !errors.Is(err, errEnough) || b.count() != before || before != 1 {
				t.Errorf("%v after %d requests and %d before", err, b.count()-before, before)
			}
			if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown {
				t.Error("unknown outcome of a request that was not sent")
			}
		})
	}
}

func TestActingIsNotSentAgainAfterARenewedToken(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	b := newBackend(t, refuse(401, "UNAUTHORIZED"))
	c, _ := newClient(t, b.URL, func(o *api.Options) { o.Tokens = renewing{cancel} })
	err := c.Users.ForceLogout(ctx, "u", "k")
	if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown || !errors.Is(err, errEnough) || b.count() != 1 {
		t.Errorf("%v after %d requests", err, b.count())
	}
}

// renewing is a TokenSource whose user gives up while it renews.
type renewing struct{ cancel context.CancelCauseFunc }

func (renewing) Token(context.Context) (api.Secret, error) { return api.NewSecret("old"), nil }

func (r renewing) Renew(context.Context, api.Secret) (api.Secret, error) {
	r.cancel(errEnough)
	return api.NewSecret("new"), nil
}
