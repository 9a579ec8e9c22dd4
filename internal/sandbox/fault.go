package sandbox

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault is a disturbance on demand. Faults live in the store, so that every
// process on it sees them and they are counted once.
type Fault struct {
	// Kind is what happens.
	Kind faultKind `json:"kind"`
	// Method and Path say to which requests: the method or any, and a prefix
	// of the path as requested, such as /v1.0/security/devices.
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	// After lets that many matching requests pass first.
	After int `json:"after,omitempty"`
	// Times is how many requests are disturbed then: 0 stands for 1, -1 for all.
	Times int `json:"times,omitempty"`
	// Status is the answer of the kind "status": 400 to 599.
	Status int `json:"status,omitempty"`
	// RetryAfter is the Retry-After header of the kind "status", if any.
	RetryAfter string `json:"retryAfter,omitempty"`
	// DelayMillis is how long the kind "slow" takes.
	DelayMillis int `json:"delayMillis,omitempty"`
	// Acts makes the kinds "status" and "non-json" act before they answer.
	Acts bool `json:"acts,omitempty"`

	ID   int `json:"id"`   // given by the sandbox
	Seen int `json:"seen"` // matching requests so far
}

type faultKind string

// The kinds of faults.
const (
	faultDropBefore     faultKind = "drop-before"     // the connection closes before anything is done
	faultDropAfter      faultKind = "drop-after"      // it is done, then the connection closes
	faultStatus         faultKind = "status"          // an error status, with an error body
	faultSlow           faultKind = "slow"            // the right answer, late
	faultCutBody        faultKind = "cut-body"        // it is done, but half the body is missing
	faultNonJSON        faultKind = "non-json"        // 200 with a page of HTML
	faultExpiredToken   faultKind = "expired-token"   // 401
	faultRepeatedCursor faultKind = "repeated-cursor" // the next cursor is the one that was asked with
	faultRowMoving      faultKind = "row-moving"      // a page begins with the last row of the page before
)

func (f *Fault) check() error {
	switch f.Kind {
	case faultDropBefore, faultDropAfter, faultCutBody, faultNonJSON, faultExpiredToken, faultRepeatedCursor, faultRowMoving:
	case faultStatus:
		if f.Status < 400 || f.Status > 599 {
			return errInvalid("status %d: use 400 to 599", f.Status)
		}
	case faultSlow:
		if f.DelayMillis <= 0 {
			return errMissing("delayMillis")
		}
	default:
		return errInvalid("kind %q: unknown fault", f.Kind)
	}
	if f.After < 0 || f.Times < -1 {
		return errInvalid("after and times can't be negative, except times -1 for always")
	}
	return nil
}

func (f *Fault) matches(r *http.Request) bool {
	return (f.Method == "" || f.Method == r.Method) && strings.HasPrefix(r.URL.Path, f.Path)
}

// spent says that the fault will not happen again.
func (f *Fault) spent() bool { return f.Times >= 0 && f.Seen >= f.After+max(f.Times, 1) }

const keyFaults = "faults"

func loadFaults(tx Tx) (faults []Fault, err error) {
	_, err = getJSON(tx, bucketMeta, keyFaults, &faults)
	return faults, err
}

// AddFault adds a fault and returns it with its id.
func (b *Backend) AddFault(ctx context.Context, f Fault) (Fault, error) {
	err := b.opt.Store.Update(ctx, func(tx Tx) (err error) {
		f, err = addFault(tx, f)
		return err
	})
	return f, err
}

func addFault(tx Tx, f Fault) (Fault, error) {
	if err := f.check(); err != nil {
		return f, err
	}
	faults, err := loadFaults(tx)
	if err != nil {
		return f, err
	}
	f.ID, f.Seen = 1, 0
	for _, other := range faults {
		f.ID = max(f.ID, other.ID+1)
	}
	return f, putJSON(tx, bucketMeta, keyFaults, append(faults, f))
}

// errCount means that a fault matches and has to be counted.
var errCount = errors.New("sandbox: a fault matches")

// takeFault is the fault that this request meets: of those that match, each of
// which counts it, the first whose turn it is.
func (b *Backend) takeFault(r *http.Request) (f activeFault, err error) {
	err = b.opt.Store.View(r.Context(), func(tx Tx) error {
		faults, err := loadFaults(tx)
		if slices.ContainsFunc(faults, func(f Fault) bool { return !f.spent() && f.matches(r) }) {
			return errCount
		}
		return err
	})
	if !errors.Is(err, errCount) {
		return activeFault{}, err
	}
	err = b.opt.Store.Update(r.Context(), func(tx Tx) error {
		faults, err := loadFaults(tx)
		if err != nil {
			return err
		}
		for i := range faults {
			g := &faults[i]
			if g.spent() || !g.matches(r) {
				continue
			}
			if g.Seen++; g.Seen > g.After && f.Fault == nil {
				f.Fault = g
			}
		}
		return putJSON(tx, bucketMeta, keyFaults, faults)
	})
	return f, err
}

func (f *Fault) delay() time.Duration { return time.Duration(f.DelayMillis) * time.Millisecond }
