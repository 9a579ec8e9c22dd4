package standin

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// grant is what a token stands for.
type grant struct {
	client string
	scopes []string
	ends   time.Time
}

const (
	accessLife  = 24 * time.Hour
	refreshLife = 90 * 24 * time.Hour
	grantJWT    = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// Scopes are the published scopes that the stand-in knows.
func Scopes() []string {
	return []string{"user.read", "user", "directory.read", "directory", "bot.message", "bot", "audit.read"}
}

// may reports whether an app has a scope.
func (a App) may(scope string) bool {
	return slices.Contains(Scopes(), scope) && (a.Scopes == nil || slices.Contains(a.Scopes, scope))
}

// Token issues an access token for some scopes, or for all, without asking the
// auth server.
func (s *Service) Token(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = Scopes()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newToken(grant{scopes: scopes})
}

func (s *Service) newToken(g grant) string {
	token := "kr1" + rand.Text() + rand.Text()
	g.ends = s.o.Now().Add(accessLife)
	s.tokens[token] = g
	return token
}

// issue is POST /token of the auth server.
func (s *Service) issue(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	form, client, ok := s.form(w, r, "grant_type", "assertion", "refresh_token", "client_id", "client_secret", "scope")
	if !ok {
		return
	}
	answer := map[string]string{"token_type": "Bearer", "expires_in": fmt.Sprint(int(accessLife.Seconds()))}
	g := grant{client: form.Get("client_id")}
	switch form.Get("grant_type") {
	case grantJWT:
		if err := checkAssertion(form.Get("assertion"), g.client, client, s.o.Now()); err != nil {
			authError(w, http.StatusBadRequest, "invalid_grant", err.Error())
			return
		}
		g.scopes = strings.Fields(form.Get("scope"))
		for _, scope := range g.scopes {
			if !client.may(scope) {
				authError(w, http.StatusBadRequest, "invalid_scope", "not a scope of the app: "+scope)
				return
			}
		}
		again := g
		again.ends = s.o.Now().Add(refreshLife)
		token := rand.Text() + rand.Text()
		s.refresh[token] = again
		answer["refresh_token"] = token
	case "refresh_token":
		old, known := s.refresh[form.Get("refresh_token")]
		if !known || old.client != g.client || !s.o.Now().Before(old.ends) {
			authError(w, http.StatusBadRequest, "invalid_grant", "the refresh token is unknown or has expired")
			return
		}
		g.scopes = old.scopes
	default:
		authError(w, http.StatusBadRequest, "unsupported_grant_type", "grant_type")
		return
	}
	if len(g.scopes) == 0 {
		authError(w, http.StatusBadRequest, "invalid_scope", "scope is missing")
		return
	}
	answer["access_token"], answer["scope"] = s.newToken(g), strings.Join(g.scopes, ",")
	writeJSON(w, http.StatusOK, answer)
}

// revoke is POST /revoke: it says nothing about tokens that it doesn't know.
func (s *Service) revoke(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	form, _, ok := s.form(w, r, "client_id", "client_secret", "token", "token_type_hint")
	if !ok {
		return
	}
	if form.Get("token") == "" {
		authError(w, http.StatusBadRequest, "invalid_request", "token is missing")
		return
	}
	delete(s.tokens, form.Get("token"))
	delete(s.refresh, form.Get("token"))
	w.WriteHeader(http.StatusOK)
}

// form reads a request to the auth server and knows its client.
func (s *Service) form(w http.ResponseWriter, r *http.Request, fields ...string) (url.Values, App, bool) {
	if r.URL.RawQuery != "" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		authError(w, http.StatusBadRequest, "invalid_request", "a form is needed")
		return nil, App{}, false
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		authError(w, http.StatusBadRequest, "invalid_request", "the form can't be read")
		return nil, App{}, false
	}
	for name, values := range r.PostForm {
		if !slices.Contains(fields, name) || len(values) != 1 {
			authError(w, http.StatusBadRequest, "invalid_request", "unknown or repeated field "+name)
			return nil, App{}, false
		}
	}
	app, known := s.o.Apps[r.PostForm.Get("client_id")]
	if !known || app.Secret != r.PostForm.Get("client_secret") {
		authError(w, http.StatusUnauthorized, "invalid_client", "client authentication failed")
		return nil, App{}, false
	}
	return r.PostForm, app, true
}

func authError(w http.ResponseWriter, status int, name, description string) {
	writeJSON(w, status, map[string]string{"error": name, "error_description": description})
}
