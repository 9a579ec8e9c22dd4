package cmd

import (
	"net/http"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/pkg/api"
)

// authServer is the auth server of a profile.
func (app *App) authServer(url string) *auth.Server {
	client := &http.Client{Transport: shown{app, auth.NewTransport()}, Timeout: time.Duration(app.flags.timeout)}
	return auth.NewServer(url, client, app.Now)
}

// shown tells of each request to the auth server as of those to the back end.
// Secrets are in their bodies only.
type shown struct {
	app  *App
	next http.RoundTripper
}

// RoundTrip sends a request.
func (s shown) RoundTrip(r *http.Request) (*http.Response, error) {
	start := s.app.Now()
	resp, err := s.next.RoundTrip(r)
	address := *r.URL
	address.RawQuery = ""
	e := api.TraceEvent{Method: r.Method, URL: address.String(), Duration: s.app.Now().Sub(start), Err: err}
	if err == nil {
		e.Status = resp.StatusCode
	}
	s.app.traced(e)
	return resp, err
}
