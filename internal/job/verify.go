package job

import (
	"context"
	"iter"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
)

// What [Runner.Verify] finds.
const (
	Confirmed = "confirmed" // it happened
	Pending   = "pending"   // asked for, not seen yet
	Failed    = "failed"    // it will not happen
	CameBack  = "came-back" // it happened, and the device is in use again
	Unknown   = "unknown"   // nothing tells
)

// Evidence is what the back end shows now of what an item of a job was to bring
// about.
type Evidence struct {
	DeviceID string       `json:"deviceId"`
	Action   fleet.Action `json:"action"`
	Evidence string       `json:"evidence"` // confirmed, pending, failed, came-back or unknown
	Detail   string       `json:"detail"`   // for a person
	Time     string       `json:"time"`     // RFC 3339; the back end's times exactly as received
}

// Verify asks the back end what has really happened (cli.md, "jobs verify"), in
// the order of the job's items, of which none is left out. What was refused,
// canceled or, of a wipe or reset, skipped has failed; a notice or a change of
// MDM that was skipped may show all the same. Of a wipe or reset the
// command counts, and whether the device was used after it; of a notice the
// version of the app; of MDM the device's or domain's state; of a suspension the
// member's. More than 100
// devices of the latter two are picked out of one listing. The sequence ends
// with an error if it isn't whole.
func (r *Runner) Verify(ctx context.Context, rec journal.Record) iter.Seq2[Evidence, error] {
	return func(yield func(Evidence, error) bool) {
		_, held := rec.Holder()
		if _, own := rec.(journal.Journal); own {
			held = false // by the caller, who sends nothing
		}
		prove, err := r.prover(ctx, rec, held)
		if err != nil {
			yield(Evidence{}, err)
			return
		}
		for it, err := range rec.Items(ctx) {
			if err != nil {
				yield(Evidence{}, err)
				return
			}
			e, plain := plainEvidence(rec.Job().Action, &it, held)
			if !plain {
				e, err = prove(&it)
			}
			if err != nil {
				yield(Evidence{}, err)
				return
			}
			e.DeviceID, e.Action = it.Device.DeviceID, rec.Job().Action
			if !yield(e, nil) {
				return
			}
		}
	}
}

// prover returns what judges the items that the back end is asked about.
func (r *Runner) prover(ctx context.Context, rec journal.Record, held bool) (func(*journal.Item) (Evidence, error), error) {
	job := rec.Job()
	switch {
	case isCommand(job.Action):
		return func(it *journal.Item) (Evidence, error) { return r.proveCommand(ctx, job.Action, it) }, nil
	case job.WholeTenant:
		return func(it *journal.Item) (Evidence, error) { return r.proveTenant(ctx, job, it) }, nil
	case OfMember(job.Action):
		return func(it *journal.Item) (Evidence, error) { return r.proveMember(ctx, job, it) }, nil
	case job.Bot != nil && job.Bot.FromFile:
		return func(it *journal.Item) (Evidence, error) { return proveFromFile(it), nil }, nil
	}
	asked := func(it *journal.Item) bool {
		_, plain := plainEvidence(job.Action, it, held)
		return !plain
	}
	seen, err := r.sight(ctx, rec, asked)
	if err != nil {
		return nil, err
	}
	if job.Action == fleet.Notify {
		return func(it *journal.Item) (Evidence, error) { return proveNotice(it, seen.next()), nil }, nil
	}
	now := r.Now().Format(time.RFC3339)
	return func(it *journal.Item) (Evidence, error) { return proveMDM(job.Action, it, seen.next(), now), nil }, nil
}

// plainEvidence judges an item that the back end need not be asked about; false
// for any other.
func plainEvidence(a fleet.Action, it *journal.Item, held bool) (Evidence, bool) {
	e := Evidence{Time: rfc3339(it.Time)}
	switch {
	case it.CommandID != "":
		return Evidence{}, false
	case it.Status == journal.Planned && it.Doubtful():
		return Evidence{}, false
	case it.Status == journal.Planned:
		e.Evidence, e.Detail = Pending, "not sent yet"
	case it.Status == journal.Sending && held:
		e.Evidence, e.Detail = Pending, "being sent"
	case it.Status == journal.Failed:
		e.Evidence, e.Detail = Failed, because(it.Code, it.Detail)
	case it.Status == journal.Refused, it.Status == journal.Canceled, it.Status == journal.Skipped && isCommand(a):
		e.Evidence, e.Detail = Failed, "not sent: "+because(it.Code, it.Detail)
	case it.Status == journal.Skipped && it.Code == "UP_TO_DATE":
		e.Evidence, e.Detail = Confirmed, it.Detail
	default:
		return Evidence{}, false
	}
	return e, true
}

func because(code, detail string) string {
	if code == "" || detail == "" {
		return code + detail
	}
	return code + ": " + detail
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
