package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

// maxBody is more than the largest request of the contract: 100 device ids.
const maxBody = 1 << 20

// call is one request with everything a handler needs; it lives as long as its
// transaction.
type call struct {
	*world
	backend *Backend
	tx      Tx
	req     *http.Request
	body    []byte
	claims  claims
	fault   faultKind // of those that change a listing
}

// answer is what a handler answers. A nil body is an empty one.
type answer struct {
	status int
	body   any
	header http.Header
}

func ok(body any) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }
func done(status int) (answer, error) {
	return answer{status: status}, nil
}

// route is an operation: who may use it, whether it writes, and what it does.
type route struct {
	pattern string   // of http.ServeMux, below its base path
	scopes  []string // one of which the token must have; nil: no token needed
	acts    bool     // runs in an update, once for each Idempotency-Key
	limit   int      // requests a minute if not the tenant's limit
	do      func(*call) (answer, error)
}

// errDue tells that the world has to live on before it can be viewed.
var errDue = errors.New("sandbox: events are due")

// run carries out a request in one transaction.
func (b *Backend) run(ctx context.Context, rt route, req *http.Request, body []byte, fault faultKind) answer {
	limits := http.Header{}
	counted := false
	var ans answer
	f := func(tx Tx) (err error) {
		c, err := b.newCall(tx)
		if err != nil {
			return err
		}
		c.req, c.body, c.fault = req, body, fault
		if err := c.catchUpIfDue(rt.acts); err != nil {
			return err
		}
		if err := c.admit(rt); err != nil {
			return err
		}
		if rt.scopes != nil && !counted {
			counted = true
			if !b.rate.take(rt.pattern, rt.limitFor(&c.Settings), b.opt.Now(), limits) {
				return refuse(http.StatusTooManyRequests, "TOO_MANY_REQUESTS", "API rate limit exceeded")
			}
		}
		if rt.acts {
			ans, err = c.once(rt)
		} else {
			ans, err = rt.do(c)
		}
		return err
	}
	var err error
	if rt.acts {
		err = b.opt.Store.Update(ctx, f)
	} else {
		err = b.view(ctx, f)
	}
	if err != nil {
		ans = errorAnswer(err)
	}
	if ans.header == nil {
		ans.header = http.Header{}
	}
	for k, v := range limits {
		ans.header[k] = v
	}
	return ans
}

// newCall is a call in the world as it is stored.
func (b *Backend) newCall(tx Tx) (*call, error) {
	st, err := loadState(tx)
	if err != nil {
		return nil, err
	}
	return &call{world: &world{state: st, now: b.opt.Now().Add(st.Offset).Unix()}, backend: b, tx: tx}, nil
}

// view runs f, which answers [errDue] as long as the stored world has to be
// brought up to the present first.
func (b *Backend) view(ctx context.Context, f func(Tx) error) error {
	err := b.opt.Store.View(ctx, f)
	for errors.Is(err, errDue) {
		if err = b.opt.Store.Update(ctx, b.liveOn); err == nil {
			err = b.opt.Store.View(ctx, f)
		}
	}
	return err
}

// liveOn brings the stored world up to the present.
func (b *Backend) liveOn(tx Tx) error {
	c, err := b.newCall(tx)
	if err != nil {
		return err
	}
	return c.catchUp(tx)
}

func (c *call) catchUpIfDue(writes bool) error {
	key, due, _, err := nextEvent(c.tx)
	switch {
	case err != nil || key == "" || due > c.now:
		return err
	case !writes:
		return errDue
	}
	return c.catchUp(c.tx)
}

// limitFor is the number of requests a minute; 0 stands for no limit.
func (rt *route) limitFor(s *Settings) int {
	limit := s.RateLimit
	switch {
	case limit >= 0:
	case s.Plan == planFree:
		limit = 60
	default:
		limit = 240
	}
	if rt.limit > 0 && limit > 0 {
		return min(rt.limit, limit)
	}
	return limit
}

func (rt *route) security() bool { return strings.Contains(rt.pattern, " /security/") }

// admit checks that there is such an area, the token and its scope, and the plan.
func (c *call) admit(rt route) error {
	if rt.security() && !c.Settings.DeviceAPI {
		return &apiError{status: http.StatusNotFound}
	}
	if rt.scopes == nil {
		return nil
	}
	token, found := strings.CutPrefix(c.req.Header.Get("Authorization"), "Bearer ")
	if !found {
		return errUnauthorized("a bearer token is required")
	}
	var err error
	if c.claims, err = c.open(c.tx, token, kindAccess, c.backend.opt.Now()); err != nil {
		return errUnauthorized("%v", err)
	}
	if !slices.ContainsFunc(rt.scopes, func(s string) bool { return slices.Contains(c.claims.Scopes, s) }) {
		e := errForbidden("the token lacks the scope %s", rt.scopes[0])
		e.header = http.Header{"Www-Authenticate": {`Bearer realm="sandbox", error="insufficient_scope", scope="` + rt.scopes[0] + `"`}}
		return e
	}
	if rt.security() && c.Settings.Plan == planFree {
		return refuse(http.StatusForbidden, "PLAN_NOT_SUPPORTED", "the plan %s does not include device management", c.Settings.Plan)
	}
	return nil
}

func (c *call) realNow() time.Time { return c.backend.opt.Now() }

func errorAnswer(err error) answer {
	if e, ok := errors.AsType[*apiError](err); ok {
		a := answer{status: e.status, header: e.header.Clone()}
		if e.code != "" {
			a.body = map[string]string{"code": e.code, "description": e.description}
		}
		return a
	}
	if e, ok := errors.AsType[*authError](err); ok {
		return answer{status: e.status, body: e, header: http.Header{"Cache-Control": {"no-store"}}}
	}
	status, code := http.StatusInternalServerError, "INTERNAL_SERVER_ERROR"
	if e := exit.As(err); e != nil && e.ID == busyID {
		status, code = http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE"
	}
	return answer{status: status, body: map[string]string{"code": code, "description": err.Error()}}
}

func readBody(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(b) > maxBody {
		err = refuse(http.StatusBadRequest, "LIMIT_EXCEEDED", "the body is over %d bytes", maxBody)
	}
	return b, err
}
