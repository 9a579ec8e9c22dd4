package journal

import "time"

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

// Outcome is what is known of an item.
type Outcome struct {
	Status    Status    `json:"status"`
	Code      string    `json:"code,omitempty"`      // for example DEVICE_NOT_EXIST
	Detail    string    `json:"detail,omitempty"`    // for a person
	CommandID string    `json:"commandId,omitempty"` // of a wipe or reset that the back end accepted
	Key       string    `json:"key,omitempty"`       // the Idempotency-Key of the request; of the last one
	Time      time.Time `json:"time,omitzero"`       // when it got there, by the fleet's clock
}
