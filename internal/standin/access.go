package standin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// operation is a published endpoint.
type operation struct {
	pattern string   // of [http.ServeMux], below the API's base
	scopes  []string // any of them will do
	query   []string // the parameters that it takes
	limit   int      // requests a minute; 0 is that of the plan
	do      func(c *call) error
}

// call is a request that may be carried out. The service is locked.
type call struct {
	*Service
	w http.ResponseWriter
	r *http.Request
	q url.Values
}

func (s *Service) operations() []operation {
	read, act := []string{"user.read", "directory.read"}, []string{"directory", "user"}
	return []operation{
		{pattern: "GET /users", scopes: read, query: []string{"domainId", "count", "cursor", "orderBy", "sortOrder"}, do: (*call).listUsers},
		{pattern: "GET /users/{userId}", scopes: read, do: (*call).getUser},
		{pattern: "POST /users/{userId}/force-logout", scopes: act, do: (*call).forceLogout},
		{pattern: "POST /users/{userId}/suspend", scopes: act, do: (*call).suspend},
		{pattern: "POST /users/{userId}/unsuspend", scopes: act, do: (*call).unsuspend},
		{pattern: "POST /bots/{botId}/users/{userId}/messages", scopes: []string{"bot.message", "bot"}, do: (*call).sendMessage},
		{pattern: "GET /audits/logs/download", scopes: []string{"audit.read"}, limit: 10,
			query: []string{"service", "startTime", "endTime", "language", "domainId"}, do: (*call).downloadLog},
	}
}

// published serves the API and the auth server: everything else is 404.
func (s *Service) published() *http.ServeMux {
	mux := http.NewServeMux()
	for _, op := range s.operations() {
		method, path, _ := strings.Cut(op.pattern, " ")
		mux.HandleFunc(method+" "+APIPath+path, func(w http.ResponseWriter, r *http.Request) { s.admit(&op, w, r) })
	}
	mux.HandleFunc("GET "+AuthPath+"/authorize", s.authorize)
	mux.HandleFunc("POST "+AuthPath+"/token", s.issue)
	mux.HandleFunc("POST "+AuthPath+"/revoke", s.revoke)
	mux.HandleFunc("/", s.nothing)
	return mux
}

// admit carries a request out once token, rate limit, scope and query are right.
func (s *Service) admit(op *operation, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.check(op, w, r)
	if err == nil {
		err = op.do(&call{s, w, r, r.URL.Query()})
	}
	if refused, ok := errors.AsType[*refusal](err); ok {
		refused.write(w)
	}
}

func (s *Service) check(op *operation, w http.ResponseWriter, r *http.Request) error {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	g, known := s.tokens[token]
	if !ok || !known || !s.o.Now().Before(g.ends) {
		return &refusal{http.StatusUnauthorized, "UNAUTHORIZED", "the access token is missing, unknown or has expired"}
	}
	if !s.take(op, w) {
		return &refusal{http.StatusTooManyRequests, "TOO_MANY_REQUESTS", "API rate limit exceeded"}
	}
	if !slices.ContainsFunc(op.scopes, func(scope string) bool { return slices.Contains(g.scopes, scope) }) {
		return forbidden("the token lacks the scope " + strings.Join(op.scopes, " or "))
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return invalid("the query can't be read")
	}
	for name, values := range query {
		if !slices.Contains(op.query, name) || len(values) != 1 {
			return invalid("unknown or repeated query parameter: " + name)
		}
	}
	return nil
}

// window is a minute of one operation.
type window struct {
	began time.Time
	taken int
}

// take counts a request and says in the published headers what is left; false
// when there is none.
func (s *Service) take(op *operation, w http.ResponseWriter) bool {
	limit := op.limit
	if limit == 0 {
		limit = s.o.PerMinute
	}
	now := s.o.Now()
	win := s.windows[op.pattern]
	if win == nil || now.Sub(win.began) >= time.Minute {
		win = &window{began: now}
		s.windows[op.pattern] = win
	}
	granted := win.taken < limit
	if granted {
		win.taken++
	} else {
		s.log.Throttled++
	}
	left := win.began.Add(time.Minute).Sub(now)
	h := w.Header()
	for name, n := range map[string]int{"rateLimit-limit": limit, "rateLimit-remaining": limit - win.taken, "rateLimit-reset": int((left + time.Second - 1) / time.Second)} {
		h[name] = []string{itoa(n)} // in the published spelling, not in Go's
	}
	return granted
}
