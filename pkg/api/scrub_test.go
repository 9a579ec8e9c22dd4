package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/pkg/api"
)

// TestATokenThatComesBackIsNotShown has servers and proxies that quote what they
// were sent.
func TestATokenThatComesBackIsNotShown(t *testing.T) {
	const token = "canary/access+token=0123456789"
	for _, status := range []int{302, 400, 403, 404, 409, 500} {
		for _, kind := range []string{"application/json", "text/plain", "text/html"} {
			t.Run(fmt.Sprint(status, kind), func(t *testing.T) {
				b := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
					quoted := r.Header.Get("Authorization") + " " + url.QueryEscape(token)
					w.Header().Set("Content-Type", kind)
					w.Header().Set("X-Request-Id", token)
					w.Header().Set("Location", "/elsewhere?"+url.QueryEscape(token))
					w.Header().Set("WWW-Authenticate", `Bearer scope="`+token+`", error_description="`+token+`"`)
					w.WriteHeader(status)
					_, _ = fmt.Fprintf(w, `{"code":%q,"description":%q}`, quoted, quoted)
				})
				var seen strings.Builder
				c, err := api.New(api.Options{
					BaseURL: b.URL, Tokens: api.StaticToken(api.NewSecret(token)), Now: newClock().Now, Sleep: newClock().Sleep,
					Trace: func(e api.TraceEvent) { fmt.Fprintf(&seen, "%s %+v", e, e) },
				})
				if err != nil {
					t.Fatal(err)
				}
				_, err = c.Commands.Wipe(t.Context(), "d", "lost", api.NewIdempotencyKey())
				if err == nil {
					t.Fatal("no error")
				}
				fmt.Fprintf(&seen, "%v %+v %#v", err, err, errors.Unwrap(err))
				if e, ok := errors.AsType[*api.Error](err); ok {
					fmt.Fprintf(&seen, "%+v", *e)
				}
				for _, secret := range []string{token, url.QueryEscape(token)} {
					if strings.Contains(seen.String(), secret) {
						t.Errorf("the token is shown: %s", seen.String())
					}
				}
			})
		}
	}
}
