package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// mint makes tokens of a life by itself.
type mint struct {
	clock *clock
	life  time.Duration
	fail  error
	mu    sync.Mutex
	made  int
}

func (m *mint) fetch(context.Context) (auth.Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.made++
	if m.fail != nil {
		return auth.Token{}, m.fail
	}
	t := auth.Token{Access: secretOf(fmt.Sprintf("canary-token-%d", m.made)), Refresh: secretOf("canary-refresh"), Scope: "user.read"}
	if m.life > 0 {
		t.Expires = m.clock.Now().Add(m.life)
	}
	return t, nil
}

func newMint(life time.Duration) *mint { return &mint{clock: &clock{now: start()}, life: life} }

func (m *mint) source(cache *auth.Cache, warn func(string)) *auth.Source {
	return auth.NewSource(auth.SourceOptions{Fetch: m.fetch, Cache: cache, Now: m.clock.Now, Warn: warn})
}

func newCache(folder string) *auth.Cache {
	return auth.NewCache(folder, []api.Secret{secretOf(secret), secretOf("canary-key")}, "https://auth.example.com", clientID, account)
}

func wantToken(t *testing.T, s *auth.Source, want int) {
	t.Helper()
	got, err := s.Token(t.Context())
	if err != nil || got.Reveal() != fmt.Sprintf("canary-token-%d", want) {
		t.Errorf("token %q, %v, want number %d", got.Reveal(), err, want)
	}
}

func TestRenewalBeforeExpiry(t *testing.T) {
	for _, c := range []struct{ life, keeps time.Duration }{
		{24 * time.Hour, 24*time.Hour - 5*time.Minute},
		{time.Hour, 55 * time.Minute},
		{time.Minute, 54 * time.Second},
	} {
		m := newMint(c.life)
		s := m.source(nil, nil)
		wantToken(t, s, 1)
		m.clock.pass(c.keeps - time.Millisecond)
		wantToken(t, s, 1)
		m.clock.pass(time.Millisecond)
		wantToken(t, s, 2)
		wantToken(t, s, 2)
	}
	m := newMint(0) // until it is refused
	s := m.source(nil, nil)
	wantToken(t, s, 1)
	m.clock.pass(10000 * time.Hour)
	wantToken(t, s, 1)
}

func TestRenewalAfterRefusal(t *testing.T) {
	m := newMint(time.Hour)
	s := m.source(nil, nil)
	wantToken(t, s, 1)
	for range 3 { // each a request that carried the first token
		got, err := s.Renew(t.Context(), secretOf("canary-token-1"))
		if err != nil || got.Reveal() != "canary-token-2" {
			t.Errorf("%q, %v", got.Reveal(), err)
		}
	}
	wantToken(t, s, 2)
	m.fail = errors.New("closed")
	if _, err := s.Renew(t.Context(), secretOf("canary-token-2")); !errors.Is(err, m.fail) {
		t.Errorf("%v", err)
	}
}

// A token that still lasts is used on while the auth server is away.
func TestAuthServerAwayBeforeExpiry(t *testing.T) {
	m := newMint(time.Hour)
	folder := t.TempDir()
	s := m.source(newCache(folder), nil)
	wantToken(t, s, 1)
	m.fail = errors.New("away")
	m.clock.pass(56 * time.Minute)
	wantToken(t, s, 1)
	wantToken(t, s, 1)
	if m.made != 2 {
		t.Errorf("asked %d times, want once in half a minute", m.made-1)
	}
	wantToken(t, m.source(newCache(folder), nil), 1) // another process
	m.clock.pass(30 * time.Second)
	wantToken(t, s, 1)
	if m.made != 4 {
		t.Errorf("asked %d times", m.made-1)
	}
	m.clock.pass(4 * time.Minute)
	if _, err := s.Token(t.Context()); !errors.Is(err, m.fail) {
		t.Errorf("after its end: %v", err)
	}
	m.fail = nil
	wantToken(t, s, 6)
}

func TestLockHeldForTooLong(t *testing.T) {
	folder := t.TempDir()
	m := newMint(time.Hour)
	entered, leave := make(chan struct{}), make(chan struct{})
	holder := auth.NewSource(auth.SourceOptions{Cache: newCache(folder), Now: m.clock.Now, Fetch: func(context.Context) (auth.Token, error) {
		close(entered)
		<-leave
		return auth.Token{}, errors.New("stopped")
	}})
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = holder.Token(t.Context()) })
	<-entered
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	cancel(stop)
	for _, s := range []*auth.Source{m.source(newCache(folder), nil), holder} { // waits for the lock, for its turn
		if _, err := s.Token(ctx); !errors.Is(err, stop) {
			t.Errorf("interrupted while waiting: %v", err)
		}
	}
	c := newCache(folder)
	c.SetLockWait(20 * time.Millisecond)
	var warned string
	wantToken(t, m.source(c, func(w string) { warned = w }), 1)
	if !strings.Contains(warned, "another process") {
		t.Errorf("warning %q", warned)
	}
	close(leave)
	wg.Wait()
}

func TestGoroutinesRenewOnce(t *testing.T) {
	l := newLab(t, false, func(s *sandbox.Settings) { s.SingleToken = true; s.TokenSeconds = 3600 })
	for _, folder := range []string{t.TempDir(), ""} {
		s := builtInSource(l.url, folder, l.clock.Now)
		if _, err := s.Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		for round, spoil := range []func(){
			func() { l.clock.pass(time.Hour) },
			func() { // somebody elsewhere gets a token, which ends ours
				if _, err := builtInFetch(l.url, l.clock.Now)(t.Context()); err != nil {
					t.Fatal(err)
				}
			},
		} {
			spoil()
			before := l.renewals()
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					if said := useToken(t.Context(), s, l.url); said != "200" {
						t.Errorf("round %d: %s", round, said)
					}
				})
			}
			wg.Wait()
			if n := l.renewals() - before; n != 1 {
				t.Errorf("round %d: %d renewals", round, n)
			}
		}
	}
}
