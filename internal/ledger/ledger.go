// Package ledger keeps what has to be known across jobs: which devices were
// notified when, so that nobody is told twice, and how many wipes and resets
// went out within the hour.
package ledger

import (
	"context"
	"fmt"
	"time"
)

// Notices is the record of notices of all jobs.
type Notices interface {
	// Reserve takes those of ids that may be notified now, in one step that no
	// other process can come between, and flushes that to disk. It returns those
	// that may not, with what stands against each: a notice less than r.Cooldown
	// ago, sent or perhaps sent. What r.Job itself reserved before never stands
	// against it: its journal knows better.
	Reserve(ctx context.Context, r Reservation, ids []string) (map[string]Notice, error)
	// Standing returns what stands against notices to ids now, as Reserve would,
	// and takes nothing: for a plan, which may be another by the time it is sent.
	Standing(ctx context.Context, r Reservation, ids []string) (map[string]Notice, error)
	// Confirm notes that reserved notices were sent.
	Confirm(ctx context.Context, r Reservation, ids []string) error
	// Release takes back reservations whose request was surely not carried out;
	// what stood there before holds again.
	Release(ctx context.Context, r Reservation, ids []string) error
}

// Reservation says who reserves. Device ids are unique below an address.
type Reservation struct {
	Address  string // of the tenant's API
	Job      string
	Now      time.Time
	Cooldown time.Duration // 0: nothing stands against a notice
	// Members are names of the member who uses a device, by its id. What stands
	// against such a name stands against the device, and once the device is
	// reserved, also the other way round; not against the member's other devices.
	// Confirm and Release need none.
	Members map[string][]string
}

// Notice is an earlier notice to a device.
type Notice struct {
	Job  string
	Time time.Time
	Sure bool // sent for certain; else its outcome isn't known, or it is on its way
}

// Wipes counts the wipes and resets of a tenant.
type Wipes interface {
	// Reserve takes n of the hourly allowance in one step that no other process
	// can come between. Over it, nothing is taken and the error is a [*CapError].
	Reserve(ctx context.Context, tenant, job string, n int, now time.Time, limit int) error
	// Release gives back n that job reserved and surely did not use.
	Release(ctx context.Context, tenant, job string, n int) error
}

// CapError says that an hour's allowance of wipes and resets is used up.
type CapError struct {
	Asked, Used, Limit int
	Free               time.Time // when as many as were asked for may go out, zero if never
}

func (e *CapError) Error() string {
	return fmt.Sprintf("%d asked for, %d of %d used within the last hour", e.Asked, e.Used, e.Limit)
}
