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

// Options say what [Open] opens and [Create] makes.
type Options struct {
	// Store keeps the sandbox's state; nil is a new memory store.
	Store Store
	// Now is the real time, which the world's clock is set against. Required.
	Now func() time.Time
	// Sleep waits for the fault "slow"; nil waits on a timer.
	Sleep func(context.Context, time.Duration) error
	// Seed is the fleet of a new sandbox; zero values stand for the seed's
	// defaults, and its Now is ignored.
	Seed seed.Options
	// Settings change the settings that a new fleet begins with.
	Settings func(*Settings)
	// Faults are added to the store's faults when the sandbox is opened or made.
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
	b, err := newBackend(o)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	err = b.opt.Store.View(ctx, func(tx Tx) error {
		_, err := loadState(tx)
		return err
	})
	if errors.Is(err, errNotSeeded) {
		err = b.opt.Store.Update(ctx, func(tx Tx) error {
			if _, err := loadState(tx); !errors.Is(err, errNotSeeded) {
				return err // another process was faster
			}
			return b.fill(tx, o.Seed)
		})
	}
	if err != nil {
		return nil, err
	}
	return b, b.addFaults(ctx)
}

// Create begins anew: a fleet as o.Seed says replaces everything in the store,
// whole or not at all, even if the store can't be read.
func Create(ctx context.Context, o Options) (*Backend, error) {
	b, err := newBackend(o)
	if err != nil {
		return nil, err
	}
	if err := b.opt.Store.Replace(ctx, func(tx Tx) error {
		if err := b.fill(tx, o.Seed); err != nil {
			return err
		}
		return context.Cause(ctx)
	}); err != nil {
		return nil, err
	}
	return b, b.addFaults(ctx)
}

func newBackend(o Options) (*Backend, error) {
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
	return b, nil
}

func (b *Backend) addFaults(ctx context.Context) error {
	for _, f := range b.opt.Faults {
		if _, err := b.AddFault(ctx, f); err != nil {
			return err
		}
	}
	return nil
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

// ServeHTTP answers a request of the contract or to the sandbox's controls. Its
// Date is that of Options.Now, by which clients compare clocks.
func (b *Backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", b.opt.Now().UTC().Format(http.TimeFormat))
	b.mux.ServeHTTP(w, r)
}

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
