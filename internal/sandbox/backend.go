package sandbox

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

// The paths that a [Backend] serves the contract's two bases under, and its
// own controls.
const (
	APIPath   = "/v1.0"
	AuthPath  = "/oauth2/v2.0"
	AdminPath = "/sandbox"
)

// Options say what [Open] opens.
type Options struct {
	// Store keeps the sandbox's state; nil is a new memory store.
	Store Store
	// Now is the real time, which the world's clock is set against. Required.
	Now func() time.Time
	// Sleep waits for the fault "slow"; nil waits on a timer.
	Sleep func(context.Context, time.Duration) error
	// Seed is the fleet that an empty store is filled with; its Now is ignored.
	Seed seed.Options
	// Settings change the settings that a new fleet begins with.
	Settings func(*Settings)
	// Faults are added to the store's faults when the sandbox is opened.
	Faults []Fault
}

// Backend is the sandbox: an [http.Handler] for the whole contract. It is safe
// for concurrent use, and several backends, also of several processes, may use
// one bbolt store.
type Backend struct {
	opt  Options
	mux  *http.ServeMux
	rate rateLimiter
}

// Open opens the sandbox that is in the store, and fills an empty store with a
// new fleet first, in one transaction.
func Open(o Options) (*Backend, error) {
	if o.Now == nil {
		return nil, errors.New("sandbox: Options.Now is required")
	}
	if o.Store == nil {
		o.Store = NewMemoryStore()
	}
	if o.Sleep == nil {
		o.Sleep = wait
	}
	b := &Backend{opt: o, rate: rateLimiter{windows: map[string]*window{}}}
	b.mux = b.newMux()
	ctx := context.Background()
	err := o.Store.View(ctx, func(tx Tx) error {
		_, err := loadState(tx)
		return err
	})
	if errors.Is(err, errNotSeeded) {
		err = o.Store.Update(ctx, func(tx Tx) error {
			if _, err := loadState(tx); err == nil || !errors.Is(err, errNotSeeded) {
				return err // another process was faster
			}
			return b.fill(tx, o.Seed)
		})
	}
	for _, f := range o.Faults {
		if err == nil {
			_, err = b.AddFault(ctx, f)
		}
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

func (b *Backend) fill(tx Tx, o seed.Options) error {
	settings := defaultSettings()
	if b.opt.Settings != nil {
		b.opt.Settings(&settings)
	}
	if err := settings.check(); err != nil {
		return err
	}
	o.Now = b.opt.Now()
	return fill(tx, o, settings)
}

// Reset replaces the fleet, the settings, the clock, the faults and everything
// else by a new sandbox. Zero values of o stand for the seed's defaults.
func (b *Backend) Reset(ctx context.Context, o seed.Options) error {
	return b.opt.Store.Update(ctx, func(tx Tx) error { return b.fill(tx, o) })
}

// Time is the world's clock: the real time plus what it was advanced by.
func (b *Backend) Time(ctx context.Context) (t time.Time, err error) {
	err = b.opt.Store.View(ctx, func(tx Tx) error {
		st, err := loadState(tx)
		if err == nil {
			t = b.opt.Now().Add(st.Offset)
		}
		return err
	})
	return t, err
}

// ServeHTTP answers a request of the contract or to the sandbox's controls.
func (b *Backend) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.mux.ServeHTTP(w, r) }

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
