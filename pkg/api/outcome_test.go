package api_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/worksctl/worksctl/pkg/api"
)

// What a request that acts is taken for: not carried out, carried out, or
// neither.
type taken string

const (
	refused taken = "refused"
	done    taken = "done"
	open    taken = "unknown"
)

func takenFor(err error) taken {
	_, unknown := errors.AsType[*api.UnknownOutcomeError](err)
	switch {
	case err == nil:
		return done
	case unknown:
		return open
	}
	return refused
}

// bareCalls are those whose good answer has no body.
func bareCalls() map[string]func(context.Context, *api.Client) error {
	return map[string]func(context.Context, *api.Client) error{
		"cancel": func(ctx context.Context, c *api.Client) error { return c.Commands.Cancel(ctx, "c1", "k") },
		"tenant enable": func(ctx context.Context, c *api.Client) error {
			return c.MDM.EnableTenant(ctx, 7, api.MDMOptional, "k")
		},
		"tenant disable": func(ctx context.Context, c *api.Client) error { return c.MDM.DisableTenant(ctx, 7, "k") },
		"device enable":  func(ctx context.Context, c *api.Client) error { return c.MDM.EnableDevice(ctx, "d1", "k") },
		"device disable": func(ctx context.Context, c *api.Client) error { return c.MDM.DisableDevice(ctx, "d1", "k") },
		"force logout":   func(ctx context.Context, c *api.Client) error { return c.Users.ForceLogout(ctx, "u", "k") },
		"suspend":        func(ctx context.Context, c *api.Client) error { return c.Users.Suspend(ctx, "u", "k") },
		"bot message": func(ctx context.Context, c *api.Client) error {
			return c.Bots.SendMessage(ctx, 1, "u", api.Message{Text: "x"}, "k")
		},
	}
}

func page(status int) answerFunc {
	return sendJSON(status, "<html>Please sign in</html>", "Content-Type", "text/html; charset=utf-8")
}

func TestGoodStatusIsNotTakenForDone(t *testing.T) {
	empty := func(status int) answerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	for name, tc := range map[string]struct {
		answer answerFunc
		want   taken
	}{
		"200":                         {empty(200), done},
		"201":                         {empty(201), done},
		"202":                         {empty(202), done},
		"204":                         {empty(204), done},
		"202, a type and no body":     {sendJSON(202, "", "Content-Type", "text/html"), done},
		"202, only a line break":      {sendJSON(202, "\r\n", "Content-Type", "text/plain"), done},
		"202, an object":              {sendJSON(202, `{}`), done},
		"201, an object with an id":   {sendJSON(201, `{"messageId":"m"}`), done},
		"200, a sign-in page":         {page(200), open},
		"201, a page":                 {page(201), open},
		"202, a page":                 {page(202), open},
		"200, an error":               {sendJSON(200, `{"code":"INTERNAL"}`), open},
		"202, an error":               {sendJSON(202, `{"code":"INTERNAL"}`), open},
		"202, an error with a number": {sendJSON(202, `{"code":500}`), open},
		"202, an error of OAuth":      {sendJSON(202, `{"error":"server_error"}`), open},
		"202, an error as an object":  {sendJSON(202, `{"error":{"status":500}}`), open},
		"200, an object":              {sendJSON(200, `{"message":"please sign in"}`), open},
		"202, half an object":         {sendJSON(202, `{"messageId":`), open},
		"202, cut":                    {cutAs(202, `{"messageId":"m"`), open},
		"202, a text of JSON":         {sendJSON(202, `"sign in"`), open},
		"202, plain text":             {sendJSON(202, "queued", "Content-Type", "text/plain"), open},
		"203":                         {empty(203), open},
		"205":                         {empty(205), open},
		"206":                         {sendJSON(206, `{}`), open},
		"299":                         {empty(299), open},
	} {
		for what, call := range bareCalls() {
			t.Run(what+", "+name, func(t *testing.T) {
				b := newBackend(t, tc.answer)
				c, _ := newClient(t, b.URL)
				err := call(t.Context(), c)
				if got := takenFor(err); got != tc.want || b.count() != 1 {
					t.Errorf("%s after %d requests, want %s: %v", got, b.count(), tc.want, err)
				}
			})
		}
	}
}

// cutAs promises a longer body than it sends.
func cutAs(status int, body string) answerFunc {
	return sendJSON(status, body, "Content-Length", "1000")
}

func TestRawAnswerToAnActingRequest(t *testing.T) {
	for name, tc := range map[string]struct {
		answer answerFunc
		want   taken
	}{
		"empty":        {sendJSON(200, "", "Content-Type", "text/plain"), done},
		"JSON":         {sendJSON(200, `{"code":"X7","name":"a code that belongs there"}`), done},
		"a list":       {sendJSON(201, `[1]`), done},
		"a page":       {page(200), open},
		"half":         {sendJSON(200, `{"name":`), open},
		"cut":          {cutAs(200, `{"name":"x"}`), open},
		"refused":      {refuse(404, "NOT_FOUND"), refused},
		"a page's 404": {page(404), open},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, tc.answer)
			c, _ := newClient(t, b.URL)
			_, err := c.Raw(t.Context(), api.RawRequest{Method: "POST", Path: "/x", Key: "k"})
			if got := takenFor(err); got != tc.want || b.count() != 1 {
				t.Errorf("%s after %d requests, want %s: %v", got, b.count(), tc.want, err)
			}
		})
	}
}

// A refusal counts only in words of the contract: a proxy says 404 of a page of
// its own while the back end may be at work.
func TestRefusalThatCannotBeReadLeavesTheOutcomeOpen(t *testing.T) {
	wipe := func(ctx context.Context, c *api.Client) error {
		_, err := c.Commands.Wipe(ctx, "d1", "lost", "k")
		return err
	}
	notify := func(ctx context.Context, c *api.Client) error {
		_, err := c.Notifications.Send(ctx, api.Notification{DomainID: 1, Type: api.TypePC, DeviceIDs: []string{"d1"}}, "k")
		return err
	}
	calls := bareCalls()
	calls["wipe"], calls["notify"] = wipe, notify
	for name, tc := range map[string]struct {
		answer   answerFunc
		want     taken
		requests int
	}{
		"400":                      {refuse(400, "INVALID_PARAMETER"), refused, 1},
		"403":                      {refuse(403, "FORBIDDEN"), refused, 1},
		"404":                      {refuse(404, "DEVICE_NOT_EXIST"), refused, 1},
		"409":                      {refuse(409, "CONFLICT"), refused, 1},
		"409, as plain text":       {refuse(409, "CONFLICT", "Content-Type", "text/plain"), refused, 1},
		"401":                      {refuse(401, "UNAUTHORIZED"), refused, 2},
		"401, a page":              {page(401), refused, 2},
		"429, a page":              {page(429), refused, 9},
		"403, a challenge":         {sendJSON(403, "", "WWW-Authenticate", `Bearer error="insufficient_scope", scope="security.device"`), refused, 1},
		"403, another challenge":   {sendJSON(403, "", "WWW-Authenticate", `Basic realm="proxy"`), open, 1},
		"400, nothing":             {sendJSON(400, ""), open, 1},
		"403, a page":              {page(403), open, 1},
		"404, a page":              {page(404), open, 1},
		"404, nothing":             {sendJSON(404, ""), open, 1},
		"407":                      {page(407), open, 1},
		"408":                      {refuse(408, "TIMEOUT"), open, 1},
		"413":                      {page(413), open, 1},
		"499":                      {page(499), open, 1},
		"409, without a code":      {sendJSON(409, `{"description":"because"}`), open, 1},
		"409, an empty code":       {sendJSON(409, `{"code":""}`), open, 1},
		"404, a code of numbers":   {sendJSON(404, `{"code":404}`), open, 1},
		"404, a framework's own":   {sendJSON(404, `{"status":404,"error":"Not Found"}`), open, 1},
		"400, another's code":      {sendJSON(400, `{"error":"INVALID_PARAMETER"}`), open, 1},
		"404, cut":                 {cutAs(404, `{"code":"NOT_FOUND"}`), open, 1},
		"500, with a code":         {refuse(500, "INTERNAL_SERVER_ERROR"), open, 1},
		"501, a page":              {page(501), refused, 1},
		"503, a page and the time": {sendJSON(503, "<html>", "Content-Type", "text/html", "Retry-After", "1"), refused, 9},
		"600":                      {refuse(600, "ODD"), open, 1},
	} {
		for what, call := range calls {
			t.Run(what+", "+name, func(t *testing.T) {
				b := newBackend(t, tc.answer)
				c, _ := newClient(t, b.URL, func(o *api.Options) { o.Tokens = &tokens{} })
				err := call(t.Context(), c)
				if got := takenFor(err); got != tc.want || b.count() != tc.requests {
					t.Errorf("%s after %d requests, want %s after %d: %v", got, b.count(), tc.want, tc.requests, err)
				}
				for _, s := range sentinels() {
					if tc.want == open && !errors.Is(s, api.ErrServer) && errors.Is(err, s) {
						t.Errorf("an unknown outcome is taken for %q", s)
					}
				}
			})
		}
	}
}

// Where nothing was asked to act the status says enough.
func TestReadingNeedsNoCodeToBeRefused(t *testing.T) {
	b := newBackend(t, page(404))
	c, _ := newClient(t, b.URL)
	if _, err := c.Devices.Get(t.Context(), "d1"); !errors.Is(err, api.ErrNotFound) || takenFor(err) != refused {
		t.Error(err)
	}
}
