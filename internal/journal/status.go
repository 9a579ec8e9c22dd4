package journal

import (
	"cmp"
	"time"
)

// Status is how far an item of a job got (cli.md, "Acting").
type Status string

// The statuses. An item goes planned → sending → one of the rest; an item that
// was surely not carried out goes back to planned.
const (
	Planned  Status = "planned"
	Sending  Status = "sending"  // on its way, or nobody knows: see Unknown
	Sent     Status = "sent"     // a notice that the back end has sent
	Accepted Status = "accepted" // a request that the back end will carry out
	Done     Status = "done"     // carried out
	Failed   Status = "failed"
	Skipped  Status = "skipped" // nothing to do
	Refused  Status = "refused" // must not be done
	Canceled Status = "canceled"

	// Unknown is never stored: it is how an item is shown that was left in
	// Sending, so that its outcome isn't known.
	Unknown Status = "unknown"
)

// Outcome is what is known of an item. An empty CommandID, Key, Earlier, After or
// Beside keeps the one before.
type Outcome struct {
	Status    Status `json:"status"`
	Code      string `json:"code,omitempty"`      // for example DEVICE_NOT_EXIST
	Detail    string `json:"detail,omitempty"`    // for a person
	CommandID string `json:"commandId,omitempty"` // of a wipe or reset that the back end accepted
	Key       string `json:"key,omitempty"`       // the Idempotency-Key of the request; of the last one
	// Earlier holds the keys, separated by blanks, of requests before the last
	// one whose outcome is not known: the item may have been carried out by them,
	// whatever becomes of the last one.
	Earlier string `json:"earlier,omitempty"`
	// After is the id of the newest wipe or reset that the device had before ours
	// was sent: what is not newer can't be ours.
	After string `json:"after,omitempty"`
	// Beside holds the ids, separated by zero bytes, of devices of the same member
	// that a bot's message leaves out: it counts as a notice to them, too.
	Beside string    `json:"beside,omitempty"`
	Time   time.Time `json:"time,omitzero"` // when it got there, by the fleet's clock
}

// Doubtful reports whether an earlier request for the item may have been
// carried out. Nothing but a request that succeeds settles such an item.
func (o *Outcome) Doubtful() bool { return o.Earlier != "" }

// Over is o as it holds after before: what o leaves open stays.
func (o Outcome) Over(before Outcome) Outcome {
	o.Key = cmp.Or(o.Key, before.Key)
	o.CommandID = cmp.Or(o.CommandID, before.CommandID)
	o.Earlier = cmp.Or(o.Earlier, before.Earlier)
	o.After = cmp.Or(o.After, before.After)
	o.Beside = cmp.Or(o.Beside, before.Beside)
	return o
}
