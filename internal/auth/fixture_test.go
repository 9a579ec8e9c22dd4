package auth_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/internal/wiretest"
	"github.com/worksctl/worksctl/pkg/api"
)

const (
	clientID = "app-1"
	secret   = "canary-client-secret+/="
	account  = "abc12.serviceaccount@example.com"
)

// start is when every test begins.
func start() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }

// clock is the time of a test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// lab is a sandbox as the auth server. It counts what is asked of it.
type lab struct {
	t       *testing.T
	clock   *clock
	backend *sandbox.Backend
	url     string

	mu    sync.Mutex
	asked []http.Request // POST /token, forms parsed
}

// newLab opens a sandbox whose requests are held against the contract unless
// free is set.
func newLab(t *testing.T, free bool, change func(*sandbox.Settings)) *lab {
	t.Helper()
	l := &lab{t: t, clock: &clock{now: start()}}
	b, err := sandbox.Open(sandbox.Options{Now: l.clock.Now, Seed: seed.Options{Devices: 10}, Settings: change})
	if err != nil {
		t.Fatal(err)
	}
	l.backend = b
	var h http.Handler = b
	if !free {
		h = wiretest.Validator(t).ExpectBadRequests().AllowFaults().Handler(b)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == sandbox.AuthPath+"/token" {
			l.note(r)
		}
		w.Header().Set("Date", l.clock.Now().UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	l.url = server.URL
	return l
}

// note keeps a request without using its body up.
func (l *lab) note(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		l.t.Error(err)
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	seen := *r.Clone(context.Background())
	seen.Body = io.NopCloser(strings.NewReader(string(body)))
	if err := seen.ParseForm(); err != nil {
		l.t.Error(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, seen)
}

func (l *lab) renewals() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.asked)
}

func (l *lab) form(i int, name string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked[i].PostForm.Get(name)
}

// server is the lab's auth server as seen by a machine whose clock is ahead.
func (l *lab) server(ahead time.Duration) *auth.Server {
	s := auth.NewServer(l.url+sandbox.AuthPath, nil, func() time.Time { return l.clock.Now().Add(ahead) })
	s.SetSleep(noSleep)
	return s
}

// alive asks the API whether a token works.
func (l *lab) alive(token api.Secret) bool {
	l.t.Helper()
	return apiStatus(l.t.Context(), l.url, token.Reveal()) == http.StatusOK
}

func apiStatus(ctx context.Context, url, token string) int {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+sandbox.APIPath+"/security/devices?count=1", nil)
	if err != nil {
		return 0
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func noSleep(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

// key2048 is the service account's key; making one takes a while.
var key2048 = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

func pkcs8(key any) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return der
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func publicPEM(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return string(pemOf("PUBLIC KEY", der))
}

// known registers the service account of key at a sandbox.
func known(key *rsa.PrivateKey) func(*sandbox.Settings) {
	return func(s *sandbox.Settings) {
		s.Clients = map[string]sandbox.Client{clientID: {Secret: secret, ServiceAccount: account, PublicKey: publicPEM(key)}}
	}
}

func serviceAccount(key *rsa.PrivateKey) auth.ServiceAccount {
	return auth.ServiceAccount{
		ClientID: clientID, ClientSecret: api.NewSecret(secret), Account: account,
		PrivateKey: pkcs8(key), Scopes: []string{"security.device.read", "user.read"},
	}
}

// scripted is an auth server that gives one answer after the other, then the
// last for ever.
func scripted(t *testing.T, answers ...http.HandlerFunc) (s *auth.Server, asked func() int) {
	t.Helper()
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		i := min(n, len(answers)-1)
		n++
		mu.Unlock()
		answers[i](w, r)
	}))
	t.Cleanup(server.Close)
	s = auth.NewServer(server.URL, nil, start)
	s.SetSleep(noSleep)
	return s, func() int {
		mu.Lock()
		defer mu.Unlock()
		return n
	}
}

func answer(status int, contentType, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func jsonAnswer(status int, body string, header ...string) http.HandlerFunc {
	return answer(status, "application/json", body, header...)
}

func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func refresh(t *testing.T, s *auth.Server) (auth.Token, error) {
	t.Helper()
	return s.Refresh(t.Context(), clientID, api.NewSecret(secret), api.NewSecret("canary-refresh-token"))
}

// clean fails when an error's text holds one of the secrets.
func clean(t *testing.T, err error, secrets ...string) {
	t.Helper()
	text := fmt.Sprintf("%v %+v %#v", err, err, err)
	for _, s := range append(secrets, "canary") {
		if strings.Contains(text, s) {
			t.Errorf("a secret is in the error: %s", text)
		}
	}
}
