package sandbox_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
)

type token struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	Scope        string `json:"scope"`
	TokenType    string `json:"token_type"`
	ExpiresIn    any    `json:"expires_in"`
}

func (f *fixture) tokenFor(form url.Values) reply {
	f.t.Helper()
	return f.do(http.MethodPost, sandbox.AuthPath+"/token", form)
}

func (f *fixture) devicesWith(token string) reply {
	f.t.Helper()
	return f.do(http.MethodGet, sandbox.APIPath+"/security/devices", nil, "Authorization", "Bearer "+token)
}

func builtIn() url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {sandbox.BuiltInRefreshToken},
		"client_id": {sandbox.BuiltInClientID}, "client_secret": {sandbox.BuiltInClientSecret}}
}

func TestBuiltInClient(t *testing.T) {
	f := open(t)
	var got token
	f.tokenFor(builtIn()).want(200).into(&got)
	if got.ExpiresIn != "86400" || got.TokenType != "Bearer" || got.RefreshToken != "" {
		t.Errorf("%+v", got)
	}
	f.devicesWith(got.AccessToken).want(200)
	wrong := builtIn()
	wrong.Set("client_secret", "guess")
	f.tokenFor(wrong).want(401, "invalid_client")
	wrong = builtIn()
	wrong.Set("refresh_token", "guess")
	f.tokenFor(wrong).want(400, "invalid_grant")
	wrong = builtIn()
	wrong.Set("grant_type", "password")
	f.tokenFor(wrong).want(400, "unsupported_grant_type")
	wrong = builtIn()
	wrong.Del("client_id")
	f.tokenFor(wrong).want(400, "invalid_request")
}

func TestTokensEnd(t *testing.T) {
	f := open(t)
	for _, header := range []string{"", "Basic abc", "Bearer ", "Bearer abc", "Bearer abc.def"} {
		r := f.do(http.MethodGet, sandbox.APIPath+"/security/devices", nil, "Authorization", header).want(401, "UNAUTHORIZED")
		if r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: no WWW-Authenticate", header)
		}
	}
	tampered := []byte(f.token)
	tampered[3] ^= 1
	f.devicesWith(string(tampered)).want(401, "UNAUTHORIZED")
	f.devicesWith(sandbox.BuiltInRefreshToken).want(401, "UNAUTHORIZED")

	f.advance("30d") // the world's time is not the auth server's
	f.devicesWith(f.token).want(200)
	f.clock.pass(24*time.Hour - time.Second)
	f.devicesWith(f.token).want(200)
	f.clock.pass(time.Second)
	f.devicesWith(f.token).want(401, "UNAUTHORIZED")
}

func TestRevoke(t *testing.T) {
	f := open(t)
	var got token
	f.tokenFor(builtIn()).want(200).into(&got)
	revoke := func(token string) reply {
		return f.do(http.MethodPost, sandbox.AuthPath+"/revoke", url.Values{"token": {token},
			"client_id": {sandbox.BuiltInClientID}, "client_secret": {sandbox.BuiltInClientSecret}})
	}
	revoke("unknown").want(200)
	revoke(got.AccessToken).want(200)
	f.devicesWith(got.AccessToken).want(401, "UNAUTHORIZED")
	f.devicesWith(f.token).want(200)
	revoke("").want(400, "invalid_request")
}

func TestNewTokenEndsThePreviousOneWhereSo(t *testing.T) {
	f := open(t)
	f.change(map[string]any{"singleToken": true})
	var first, second token
	f.tokenFor(builtIn()).want(200).into(&first)
	f.devicesWith(first.AccessToken).want(200)
	f.tokenFor(builtIn()).want(200).into(&second)
	f.devicesWith(first.AccessToken).want(401, "UNAUTHORIZED")
	f.devicesWith(second.AccessToken).want(200)
}

func TestServiceAccount(t *testing.T) {
	f := open(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	f.change(map[string]any{"clients": map[string]any{"known": sandbox.Client{Secret: "s", ServiceAccount: "sa@example.com",
		PublicKey: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))}}})
	now := f.clock.Now().Unix()
	claims := map[string]any{"iss": "known", "sub": "sa@example.com", "iat": now, "exp": now + 3600}
	form := func(assertion string) url.Values {
		return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion},
			"client_id": {"known"}, "client_secret": {"s"}, "scope": {"security.device.read user.read"}}
	}
	var got token
	f.tokenFor(form(jwt(t, key, claims))).want(200).into(&got)
	if got.Scope != "security.device.read user.read" || got.RefreshToken == "" {
		t.Errorf("%+v", got)
	}
	f.devicesWith(got.AccessToken).want(200)
	f.do(http.MethodPost, sandbox.APIPath+notifyPath, notice("MOBILE", f.registered().DeviceID),
		"Authorization", "Bearer "+got.AccessToken).want(403, "FORBIDDEN")

	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.RefreshToken}, "client_id": {"known"}, "client_secret": {"s"}}
	f.tokenFor(refresh).want(200).into(&got)
	f.devicesWith(got.AccessToken).want(200)
	refresh.Set("client_id", "another")
	f.tokenFor(refresh).want(400, "invalid_grant")
	refresh.Set("client_id", "known")
	f.clock.pass(91 * 24 * time.Hour)
	f.tokenFor(refresh).want(400, "invalid_grant")
	f.clock.pass(-91 * 24 * time.Hour)

	with := func(change map[string]any) map[string]any {
		c := maps.Clone(claims)
		maps.Copy(c, change)
		return c
	}
	for name, assertion := range map[string]string{
		"another key":     jwt(t, other, claims),
		"another client":  jwt(t, key, with(map[string]any{"iss": "unknown"})),
		"another account": jwt(t, key, with(map[string]any{"sub": "you@example.com"})),
		"no account":      jwt(t, key, with(map[string]any{"sub": ""})),
		"too long":        jwt(t, key, with(map[string]any{"exp": now + 3601})),
		"expired":         jwt(t, key, with(map[string]any{"iat": now - 7200, "exp": now - 3600})),
		"not yet":         jwt(t, key, with(map[string]any{"iat": now + 3600, "exp": now + 7200})),
		"text as number":  jwt(t, key, with(map[string]any{"iat": "1", "exp": "2"})),
		"padded":          strings.Replace(jwt(t, key, claims), ".", "=.", 1),
		"two parts":       "a.b",
		"empty":           "",
	} {
		if r := f.tokenFor(form(assertion)); r.status != 400 || !strings.Contains(string(r.body), "invalid_grant") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	bad := form(jwt(t, key, claims))
	bad.Set("scope", "security.phone")
	f.tokenFor(bad).want(400, "invalid_scope")
	bad.Set("client_secret", "x")
	f.tokenFor(bad).want(401, "invalid_client")

	open := form(jwt(t, other, with(map[string]any{"iss": "anybody"})))
	open.Set("client_id", "anybody") // not registered: only the structure counts
	f.tokenFor(open).want(200)
}

func jwt(t *testing.T, key *rsa.PrivateKey, claims map[string]any) string {
	t.Helper()
	body, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + enc.EncodeToString(body)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + enc.EncodeToString(signature)
}

// Clients compare their clock with the Date of an answer.
func TestDateIsThatOfTheClock(t *testing.T) {
	f := open(t)
	f.clock.pass(2 * time.Hour)
	want := f.clock.Now().UTC().Format(http.TimeFormat)
	for _, path := range []string{sandbox.APIPath + "/users", sandbox.AuthPath + "/authorize"} {
		if got := f.do(http.MethodGet, path, nil).header.Get("Date"); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestRateLimit(t *testing.T) {
	f := open(t, settings(func(s *sandbox.Settings) { s.RateLimit = 3 }))
	for left := 2; left >= 0; left-- {
		r := f.get("/security/devices?count=1").want(200)
		if h := r.header; h.Get("RateLimit-Limit") != "3" || h.Get("RateLimit-Remaining") != string(rune('0'+left)) || h.Get("RateLimit-Reset") != "60" {
			t.Errorf("headers %v", h)
		}
	}
	f.clock.pass(20500 * time.Millisecond)
	r := f.get("/security/devices?count=1").want(429, "TOO_MANY_REQUESTS")
	if h := r.header; h.Get("RateLimit-Remaining") != "0" || h.Get("RateLimit-Reset") != "40" {
		t.Errorf("headers %v", h)
	}
	f.get("/security/app-versions").want(200) // another operation
	f.clock.pass(40 * time.Second)
	f.get("/security/devices?count=1").want(200)

	d := f.registered()
	for range 3 {
		f.post(notifyPath, notice("MOBILE", d.DeviceID)).want(200)
	}
	f.post(notifyPath, notice("MOBILE", d.DeviceID)).want(429, "TOO_MANY_REQUESTS")
	if n := f.done("notify", d.DeviceID); n != 3 {
		t.Errorf("a request over the limit was carried out: %d notices", n)
	}
}

func TestRateLimitOfThePlan(t *testing.T) {
	f := open(t, settings(func(*sandbox.Settings) {}))
	for _, c := range []struct{ settings, want string }{
		{`{}`, "240"},
		{`{"plan":"FREE"}`, "60"},
		{`{"rateLimit":90}`, "90"},
		{`{"rateLimit":-1,"plan":"CORE_LITE"}`, "240"},
		{`{"rateLimit":0}`, ""},
	} {
		f.admin(http.MethodPatch, "/settings", c.settings)
		if got := f.get("/users").want(200).header.Get("RateLimit-Limit"); got != c.want {
			t.Errorf("%s: limit %q, want %q", c.settings, got, c.want)
		}
	}
}

// Tokens of one process are good in the others on the store.
func TestTokensAcrossProcesses(t *testing.T) {
	for name, newStore := range stores(t) {
		t.Run(name, func(t *testing.T) {
			store := newStore()
			f := open(t, func(o *sandbox.Options) { o.Store = store })
			second := open(t, func(o *sandbox.Options) { o.Store = store })
			second.devicesWith(f.token).want(200)
			_, err := sandbox.Create(t.Context(), sandbox.Options{Now: f.clock.Now, Store: store, Seed: seedOf(50)})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(second.list("")); n != 50 {
				t.Errorf("after a reset in the other process: %d devices", n)
			}
		})
	}
}
