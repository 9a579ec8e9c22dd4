package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Lives of tokens, as published.
const (
	refreshLife = 90 * 24 * time.Hour
	codeLife    = 10 * time.Minute
)

// authError is the error body of the auth server (RFC 6749, section 5.2).
type authError struct {
	status      int
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e *authError) Error() string { return e.Code + ": " + e.Description }

func errAuth(code, description string) error {
	status := http.StatusBadRequest
	if code == "invalid_client" {
		status = http.StatusUnauthorized
	}
	return &authError{status, code, description}
}

// form reads the form of a request to the auth server and checks its client.
func (c *call) form() (url.Values, error) {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil, errAuth("invalid_request", "the body is not form-encoded")
	}
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if id == "" || secret == "" {
		return nil, errAuth("invalid_request", "client_id and client_secret are required")
	}
	want := c.client(id).Secret
	if want != "" && subtle.ConstantTimeCompare([]byte(secret), []byte(want)) == 0 {
		return nil, errAuth("invalid_client", "the client secret is wrong")
	}
	return form, nil
}

func (st *state) client(id string) Client {
	if id == BuiltInClientID {
		return Client{Secret: BuiltInClientSecret}
	}
	return st.Settings.Clients[id]
}

func issueToken(c *call) (answer, error) {
	form, err := c.form()
	if err != nil {
		return answer{}, err
	}
	var grant claims // whom for, and which scopes
	renew := true    // with a new refresh token
	switch form.Get("grant_type") {
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		grant, err = c.assertionGrant(form)
	case "refresh_token":
		grant, err = c.refreshGrant(form)
		renew = false
	case "authorization_code":
		grant, err = c.codeGrant(form)
	case "":
		err = errAuth("invalid_request", "grant_type is required")
	default:
		err = errAuth("unsupported_grant_type", "use jwt-bearer, refresh_token or authorization_code")
	}
	if err != nil {
		return answer{}, err
	}
	return c.grant(grant, renew)
}

// grant answers a token. It is the newest of its subject.
func (c *call) grant(g claims, renew bool) (answer, error) {
	access := c.newClaims(kindAccess, g.Client, g.Subject, g.Scopes, c.realNow(), c.tokenLife())
	if err := c.tx.Put(bucketTokens, newestKey(access), []byte(access.ID)); err != nil {
		return answer{}, err
	}
	body := map[string]string{
		"access_token": c.sign(access), "token_type": "Bearer", "scope": strings.Join(g.Scopes, " "),
		"expires_in": strconv.Itoa(c.Settings.TokenSeconds), // a string, as the real service sends it
	}
	if renew {
		body["refresh_token"] = c.sign(c.newClaims(kindRefresh, g.Client, g.Subject, g.Scopes, c.realNow(), refreshLife))
	}
	return answer{status: http.StatusOK, body: body, header: http.Header{"Cache-Control": {"no-store"}}}, nil
}

func (c *call) refreshGrant(form url.Values) (claims, error) {
	token := form.Get("refresh_token")
	switch {
	case token == "":
		return claims{}, errAuth("invalid_request", "refresh_token is required")
	case form.Get("client_id") == BuiltInClientID && token == BuiltInRefreshToken:
		return claims{Client: BuiltInClientID, Subject: builtInSubject, Scopes: Scopes()}, nil
	}
	g, err := c.open(c.tx, token, kindRefresh, c.realNow())
	if err != nil || g.Client != form.Get("client_id") {
		return g, errAuth("invalid_grant", "the refresh token is unknown, has expired or was revoked")
	}
	return g, nil
}

func (c *call) codeGrant(form url.Values) (claims, error) {
	g, err := c.open(c.tx, form.Get("code"), kindCode, c.realNow())
	if err != nil || g.Client != form.Get("client_id") || form.Has("redirect_uri") && form.Get("redirect_uri") != g.Return {
		return g, errAuth("invalid_grant", "the code is unknown, has expired or was used")
	}
	if g.Challenge != challengeOf(form.Get("code_verifier")) {
		return g, errAuth("invalid_grant", "code_verifier does not belong to the code_challenge of the sign-in")
	}
	return g, c.endToken(g)
}

// challengeOf is the S256 challenge of a verifier (RFC 7636, section 4.2), and
// nothing for none.
func challengeOf(verifier string) string {
	if verifier == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (c *call) endToken(t claims) error { return c.tx.Put(bucketTokens, "ended/"+t.ID, []byte("1")) }

func revokeToken(c *call) (answer, error) {
	form, err := c.form()
	if err != nil {
		return answer{}, err
	}
	if form.Get("token") == "" {
		return answer{}, errAuth("invalid_request", "token is required")
	}
	for _, kind := range []string{kindAccess, kindRefresh} { // an unknown token is no error (RFC 7009)
		if t, err := c.open(c.tx, form.Get("token"), kind, c.realNow()); err == nil && t.Client == form.Get("client_id") {
			if err := c.endToken(t); err != nil {
				return answer{}, err
			}
		}
	}
	return done(http.StatusOK)
}

// authorize signs the sandbox's administrator in without a page and sends the
// browser back to the loopback address of the app.
func authorize(c *call) (answer, error) {
	q := c.req.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case err != nil || back.Scheme != "http" || !isLoopback(back.Hostname()):
		return answer{}, errAuth("invalid_request", "redirect_uri must be an http address on a loopback host")
	case q.Get("client_id") == "":
		return answer{}, errAuth("invalid_request", "client_id is required")
	case q.Has("code_challenge") && q.Get("code_challenge_method") != "S256":
		return answer{}, errAuth("invalid_request", "the only code_challenge_method is S256")
	}
	scopes, err := parseScopes(q.Get("scope"))
	values := back.Query()
	switch {
	case q.Get("response_type") != "code":
		values.Set("error", "unsupported_response_type")
	case err != nil:
		values.Set("error", "invalid_scope")
	default:
		code := c.newClaims(kindCode, q.Get("client_id"), personSubject, scopes, c.realNow(), codeLife)
		code.Return, code.Challenge = q.Get("redirect_uri"), q.Get("code_challenge")
		values.Set("code", c.sign(code))
	}
	values.Set("state", q.Get("state"))
	back.RawQuery = values.Encode()
	return answer{status: http.StatusFound, header: http.Header{"Location": {back.String()}}}, nil
}

// parseScopes reads scopes separated by spaces, as the real service commas too.
func parseScopes(s string) ([]string, error) {
	scopes := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
	if len(scopes) == 0 {
		return nil, errAuth("invalid_scope", "scope is required")
	}
	for _, s := range scopes {
		if !slices.Contains(Scopes(), s) {
			return nil, errAuth("invalid_scope", "the scope "+s+" does not exist")
		}
	}
	return scopes, nil
}

// isLoopback says whether host is localhost or an address of this machine only.
func isLoopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
