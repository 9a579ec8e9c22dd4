// Package journal keeps jobs: for each an append-only record that holds the
// whole frozen list of devices before anything is sent, and then, step by step,
// what became of each of them. Whatever breaks on the way, the journal says
// which devices were surely reached, which surely not, and which nobody can
// know of.
package journal

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// Store keeps journals. [Dir] keeps them as files; package journaltest has the
// contract that every store has to fulfill.
type Store interface {
	// Draft begins a journal that nobody sees yet, and gives it its id.
	Draft(ctx context.Context, job Job) (Draft, error)
	// Open takes hold of a job for writing. Where another process holds it, the
	// error is a [*HeldError]; an unknown id is an [*UnknownJobError].
	Open(ctx context.Context, id string) (Journal, error)
	// Read returns what is known of a job now, also of one that is held. What
	// happens later doesn't show in it.
	Read(ctx context.Context, id string) (Record, error)
	// IDs returns the ids of all jobs, newest first.
	IDs(ctx context.Context) ([]string, error)
	// Cancel asks whoever holds a job to send nothing more of it.
	Cancel(ctx context.Context, id string) error
	// Exclusive waits until no other process is inside it, for at most 10 s, and
	// returns the way out: to look at all jobs and then add one.
	Exclusive(ctx context.Context) (release func(), err error)
}

// Draft is a journal that is being put together.
type Draft interface {
	Job() Job
	// Add appends a device. o says Planned (or nothing, which means the same),
	// Skipped or Refused, the latter two with code and detail.
	Add(d *api.Device, o Outcome) error
	// Items reads the devices back in their order.
	Items(ctx context.Context) iter.Seq2[Item, error]
	// Commit flushes the list to disk and lets the journal appear, held by this
	// process.
	Commit(ctx context.Context) (Journal, error)
	// Discard drops a draft that was not committed; else it does nothing.
	Discard()
}

// Record is what is known of a job.
type Record interface {
	Job() Job
	// Len is the number of items.
	Len() int
	// Outcome is the latest of item i.
	Outcome(i int) Outcome
	// Items reads all items in their order, each with its latest outcome.
	Items(ctx context.Context) iter.Seq2[Item, error]
	// Holder is the process that holds the job now; false if none does.
	Holder() (Holder, bool)
}

// Journal is a job that this process holds. Its methods may be called from
// several goroutines at once, but for Items and Close.
type Journal interface {
	Record
	// Sending notes that a request with this Idempotency-Key is about to leave
	// for items. It is on disk when Sending returns. An item that isn't planned is
	// an error, and nothing is noted: it must not be sent twice.
	Sending(items []int, key string, at time.Time) error
	// Settle notes outcomes, each shared by the items of its group: what an answer
	// said, also Planned again for a request that was surely not carried out, or
	// Sending with a detail for one whose outcome stays unknown. All groups are on
	// disk when Settle returns, by a single flush: all or, if the disk fails or one
	// of them is wrong, none. Only an item in Planned or Sending goes to Planned.
	// An empty CommandID, Key or Beside keeps the one before.
	Settle(groups ...Settlement) error
	// CancelAsked reports whether [Store.Cancel] was called for the job. It holds
	// across processes until a Close finds nothing planned any more.
	CancelAsked() bool
	// Close lets go of the job. Only what reads may be called after it.
	Close() error
}

// Settlement is an outcome that some items of a job share.
type Settlement struct {
	Items   []int // their positions
	Outcome Outcome
}

// Holder is a process that holds a job.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

// HeldError says that another process holds a job.
type HeldError struct {
	ID     string
	Holder Holder
}

func (e *HeldError) Error() string {
	if e.Holder.PID == 0 { // its journal can't be read
		return fmt.Sprintf("job %s is held by another process", e.ID)
	}
	return fmt.Sprintf("job %s is held by process %d on %s", e.ID, e.Holder.PID, e.Holder.Host)
}

// UnknownJobError says that there is no job with an id.
type UnknownJobError struct{ ID string }

func (e *UnknownJobError) Error() string { return fmt.Sprintf("no job %q", e.ID) }
