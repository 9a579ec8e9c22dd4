package foreignserver_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/auth/foreignserver"
	"github.com/worksctl/worksctl/pkg/api"
)

// installed is the folder of the server.
var installed string

// TestMain leaves the tests out where the server can't be installed. `go test`
// hides what passing tests print, but says "[no tests to run]" behind the name of
// a package of which none ran: so nobody takes that for tests that passed.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "foreignserver")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	installed = folder
	if err := foreignserver.Install(context.Background(), folder); err != nil {
		fmt.Fprintf(os.Stderr, "LEFT OUT: the tests with an auth server that nobody here wrote: %v\n", err)
		if os.Getenv(foreignserver.Wanted) == "required" {
			return 1
		}
		if err := flag.Set("test.run", "^$"); err != nil {
			panic(err)
		}
	}
	return m.Run()
}

const (
	life  = time.Hour // of access tokens
	read  = "security.device.read"
	act   = "security.device"
	other = "bot.message" // that only app b may ask for
)

func start() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }

// Making keys takes a while.
var (
	key2048 = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	key4096 = sync.OnceValue(func() *rsa.PrivateKey { return newKey(4096) })
	wrong   = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
)

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

// place is the server with two apps: a has a key of 2048 bits, b one of 4096.
type place struct {
	*foreignserver.Server
	a, b foreignserver.Client
}

func newPlace(t *testing.T) place {
	t.Helper()
	public := func(key *rsa.PrivateKey) string {
		der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	p := place{
		a: foreignserver.Client{ID: "app-a", Secret: "canary-secret-a+/=&%", Account: "a.serviceaccount@example.com", PublicKey: public(key2048()), Scopes: []string{act, read}},
		b: foreignserver.Client{ID: "app-b", Secret: "canary-secret-b+/=&%", Account: "b.serviceaccount@example.com", PublicKey: public(key4096()), Scopes: []string{act, read, other}},
	}
	p.Server = foreignserver.Start(t, installed, foreignserver.Options{
		Now: start(), TokenLife: life, Clients: []foreignserver.Client{p.a, p.b},
	})
	return p
}

// server is what worksctl knows of it at that time.
func (p place) server(now time.Time) *auth.Server {
	return auth.NewServer(p.URL, nil, func() time.Time { return now })
}

func account(c foreignserver.Client, key *rsa.PrivateKey) auth.ServiceAccount {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return auth.ServiceAccount{ClientID: c.ID, ClientSecret: api.NewSecret(c.Secret), Account: c.Account, PrivateKey: der, Scopes: []string{act, read}}
}

// wantToken fails unless the token works, and ends, as the server says.
func (p place) wantToken(t *testing.T, of foreignserver.Client, subject string, got auth.Token, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	known := p.Introspect(of, got.Access.Reveal())
	if !known.Active || known.Subject != subject || known.Scope != got.Scope || got.Scope != act+" "+read || got.Refresh.Reveal() == "" {
		t.Errorf("the server says %+v of a token with %q", known, got.Scope)
	}
	if !got.Expires.Equal(start().Add(life)) {
		t.Errorf("it ends %v", got.Expires)
	}
}

// wantRefusal fails unless the server refuses with that code, and words.
func wantRefusal(t *testing.T, err error, code, says string) {
	t.Helper()
	e := refusal(err)
	if e == nil || e.Code != code || e.Remedy() == "" || !strings.Contains(e.Error()+": "+e.Remedy(), says) {
		t.Errorf("error %v, want %s with %q", err, code, says)
	}
	if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, "canary") {
		t.Errorf("a secret is in the error: %s", text)
	}
}
