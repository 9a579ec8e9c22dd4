package cmd

import (
	"context"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// refresher gets tokens by the refresh token of a browser sign-in. That may be
// good for one use only, so one process at a time uses it, and its successor is
// kept before anything else can happen.
type refresher struct {
	app    *App
	i      identity
	server *auth.Server

	// A successor that could not be kept, and what it succeeds: this process can
	// go on with it.
	spent, unkept api.Secret
}

// fetch gets a token. A request that has left is waited for whatever becomes of
// ctx: the refresh token in the answer must not be lost.
func (r *refresher) fetch(ctx context.Context) (auth.Token, error) {
	i := r.i
	unlock, err := r.app.lockSignIn(ctx, i.profile)
	if err != nil {
		return auth.Token{}, err
	}
	defer unlock()
	b, err := readBinding(ctx, i.store, i.profile)
	if err != nil {
		return auth.Token{}, err
	}
	if b.Session != i.session {
		return auth.Token{}, exit.SignInf("SIGNED_IN_ANEW", "", "profile %s was signed in anew while this ran: start it again", i.profile)
	}
	refresh, err := i.store.Get(ctx, i.profile, credential.RefreshToken)
	if err != nil {
		return auth.Token{}, err
	}
	if refresh.Reveal() == r.spent.Reveal() {
		refresh = r.unkept
	}
	t, err := r.server.Refresh(ctx, i.clientID, i.clientSecret, refresh)
	if err == nil && t.Refresh.Reveal() != "" && t.Refresh.Reveal() != refresh.Reveal() {
		r.keep(ctx, refresh, t.Refresh)
	}
	return t, err
}

// keep puts a new refresh token in the place of the old one. The access token
// that came with it is good in any case.
func (r *refresher) keep(ctx context.Context, old, refresh api.Secret) {
	ctx = context.WithoutCancel(ctx) // the old one may be of no use any more
	err := r.i.store.Set(ctx, r.i.profile, map[credential.Item]api.Secret{credential.RefreshToken: refresh})
	if err == nil {
		return
	}
	if r.unkept.Reveal() != old.Reveal() { // else what is kept is older still
		r.spent = old
	}
	r.unkept = refresh
	r.app.Term.Warnf("the new refresh token is not kept, and you will have to sign in again: %v", err)
}
