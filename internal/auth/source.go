package auth

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// renewPause is how long a token that still works is used on after it could not
// be renewed.
const renewPause = 30 * time.Second

// SourceOptions configure a [Source]. Fetch and Now are required.
type SourceOptions struct {
	// Fetch gets a new token from the auth server. No two run at once, in all
	// processes that share the cache: it may read a refresh token from where it is
	// kept, and put its successor there.
	Fetch func(context.Context) (Token, error)
	// Cache shares the token with other processes; nil shares nothing.
	Cache *Cache
	// Now is the clock: pass time.Now.
	Now func() time.Time
	// Warn is told, at most once, why the token can't be shared; nil tells nobody.
	Warn func(string)
}

// Source hands out access tokens and renews them: before they expire, and after
// one was refused. It implements [api.TokenSource].
type Source struct {
	o     SourceOptions
	held  atomic.Pointer[kept]
	turn  chan struct{} // one goroutine at a time renews
	alone bool          // the cache can't be relied on; only with the turn
}

var _ api.TokenSource = (*Source)(nil)

// NewSource returns a source that has no token yet.
func NewSource(o SourceOptions) *Source {
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	return &Source{o: o, turn: make(chan struct{}, 1)}
}

// Token returns a token that is good for some time yet, from memory, else from
// the cache, else from the auth server.
func (s *Source) Token(ctx context.Context) (api.Secret, error) {
	t, err := s.Current(ctx)
	return t.Access, err
}

// Current is [Source.Token] with what else is known of the token. It has no
// refresh token.
func (s *Source) Current(ctx context.Context) (Token, error) {
	if k := s.held.Load(); k != nil && s.fresh(*k) {
		return k.Token, nil
	}
	k, err := s.replace(ctx, s.fresh)
	return k.Token, err
}

// Renew returns another token than the refused one: that which another goroutine
// or process has got meanwhile, else a new one.
func (s *Source) Renew(ctx context.Context, refused api.Secret) (api.Secret, error) {
	k, err := s.replace(ctx, func(k kept) bool { return k.Access.Reveal() != refused.Reveal() && s.fresh(k) })
	return k.Access, err
}

// Keep makes a token that was got otherwise, such as by signing in with a
// browser, the one that is handed out and shared.
func (s *Source) Keep(ctx context.Context, t Token) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.leave()
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	s.store(keep(t, s.o.Now()))
	return nil
}

// replace returns the first good token of memory, the cache and the auth server.
func (s *Source) replace(ctx context.Context, good func(kept) bool) (kept, error) {
	if err := s.take(ctx); err != nil {
		return kept{}, err
	}
	defer s.leave()
	if k := s.held.Load(); k != nil && good(*k) {
		return *k, nil
	}
	if k, ok := s.share(good); ok {
		return k, nil
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return kept{}, err
	}
	defer unlock()
	if k, ok := s.share(good); ok { // another process was faster
		return k, nil
	}
	asked := s.o.Now()
	t, err := s.o.Fetch(ctx)
	if err != nil {
		return s.carryOn(ctx, good, err)
	}
	return s.store(keep(t, asked)), nil
}

func (s *Source) take(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *Source) leave() { <-s.turn }

// share takes a good token from the cache.
func (s *Source) share(good func(kept) bool) (kept, bool) {
	k, ok := s.cached()
	if !ok || !good(k) {
		return kept{}, false
	}
	s.held.Store(&k)
	return k, true
}

func (s *Source) cached() (kept, bool) {
	if s.alone { // what lies there is older than what was got since
		return kept{}, false
	}
	return s.o.Cache.read()
}

// lock keeps other processes from renewing. Where that isn't possible, this one
// goes on by itself; the only error is that of ctx.
func (s *Source) lock(ctx context.Context) (unlock func(), err error) {
	if !s.alone {
		unlock, err := s.o.Cache.lock(ctx)
		switch {
		case err == nil:
			return unlock, nil
		case ctx.Err() != nil:
			return nil, err
		}
		s.goAlone(err)
	}
	return func() {}, nil
}

func (s *Source) store(k kept) kept {
	s.held.Store(&k)
	if !s.alone {
		if err := s.o.Cache.write(k); err != nil {
			s.goAlone(err)
		}
	}
	return k
}

func (s *Source) goAlone(why error) {
	s.alone = true
	s.o.Warn("the access token is not shared with other worksctl processes: " + why.Error())
}

// carryOn uses a token that could not be renewed in time as long as it lasts,
// unless it was refused.
func (s *Source) carryOn(ctx context.Context, good func(kept) bool, cause error) (kept, error) {
	k, ok := s.cached()
	if held := s.held.Load(); !ok && held != nil {
		k, ok = *held, true
	}
	k.renewAt = s.o.Now().Add(renewPause)
	if !ok || !good(k) || ctx.Err() != nil {
		return kept{}, cause
	}
	s.held.Store(&k)
	return k, nil
}

// fresh reports whether k need not be renewed yet.
func (s *Source) fresh(k kept) bool {
	now := s.o.Now()
	return (k.renewAt.IsZero() || now.Before(k.renewAt)) && (k.Expires.IsZero() || now.Before(k.Expires))
}
