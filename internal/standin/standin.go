// Package standin stands in, in tests, for what NAVER WORKS really publishes:
// the auth server, members, bot messages and audit logs, each as strict as the
// real service is known to be. It has no device API. It shares no code with the
// sandbox, which implements worksctl's own contract, and none with the client.
//
// What the facts leave open is decided here: suspend and unsuspend answer 204,
// as the published pages say, and 400 for a member whose state doesn't allow
// it; endTime of an audit log is the last second that it holds; any listing
// scope reads members and no acting one does. A bot's texts and labels may come
// in several languages (i18nTexts, i18nContentTexts, i18nLabels), in those that
// the published pages name, each within the limit of the text that it stands for;
// a label has at most 20 characters, as the page on action objects says of a
// postback.
package standin

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// The bases below the address of a [Service].
const (
	APIPath  = "/v1.0"
	AuthPath = "/oauth2/v2.0"
)

// Options say what a [Service] serves. Now is required.
type Options struct {
	Now     func() time.Time
	Members []Member // see [Directory]
	Bots    []Bot
	Apps    map[string]App    // by client id
	Logs    map[string][]Line // by service, for example "auth"
	BOM     bool              // log files begin with a byte order mark

	PerMinute   int  // requests an operation and minute: 240, the default, or 60 on free plans
	EmptyBodies bool // a 404 for what isn't published has no body
	Aliases     bool // a {userId} may be an alias e-mail: the first member who has it

	// Wrap is put around the handler of the API and the auth server, inside the
	// faults; nil for none.
	Wrap func(http.Handler) http.Handler
}

// App is a registered app with its service account.
type App struct {
	Secret         string
	ServiceAccount string
	Key            *rsa.PublicKey
	Scopes         []string // that it may ask for; nil for all of [Scopes]
}

// Bot is a bot of the tenant.
type Bot struct {
	ID      int64
	Outside []string // the user ids of members whom it isn't opened to
}

// Service is a running stand-in: the API and the auth server on one loopback
// address, the files that audit logs redirect to on another.
type Service struct {
	o     Options
	api   *host
	files *host

	mu      sync.Mutex
	members []Member
	tokens  map[string]grant // by access token
	refresh map[string]grant // by refresh token
	windows map[string]*window
	links   map[string]link
	faults  []Fault
	log     Record
}

// Start begins to serve. Close ends it.
func Start(o Options) (*Service, error) {
	if o.Now == nil {
		return nil, errors.New("standin: Options.Now is missing")
	}
	o.PerMinute = cmp.Or(o.PerMinute, 240)
	s := &Service{
		o: o, members: slices.Clone(o.Members), tokens: map[string]grant{}, refresh: map[string]grant{},
		windows: map[string]*window{}, links: map[string]link{}, log: Record{Done: map[string]map[string]int{}, Messages: map[string][]string{}},
	}
	var published http.Handler = s.published()
	if o.Wrap != nil {
		published = o.Wrap(published)
	}
	var err error
	if s.files, err = serve(s.dated(s.faulty(http.HandlerFunc(s.serveFile)))); err != nil {
		return nil, err
	}
	if s.api, err = serve(s.dated(s.faulty(published))); err != nil {
		return nil, errors.Join(err, s.files.Close())
	}
	return s, nil
}

// APIURL is the base of the API, without a trailing slash.
func (s *Service) APIURL() string { return s.api.url + APIPath }

// AuthURL is the base of the auth server, without a trailing slash.
func (s *Service) AuthURL() string { return s.api.url + AuthPath }

// Close ends both servers.
func (s *Service) Close() error { return errors.Join(s.api.Close(), s.files.Close()) }

// dated has answers tell the time of the stand-in's clock.
func (s *Service) dated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.o.Now().UTC().Format(http.TimeFormat))
		next.ServeHTTP(w, r)
	})
}

// host is a server on a loopback address of its own.
type host struct {
	*http.Server
	url string
}

func serve(h http.Handler) (*host, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &host{Server: &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, url: "http://" + l.Addr().String()}
	go func() { _ = s.Serve(l) }() // it ends by Close
	return s, nil
}
