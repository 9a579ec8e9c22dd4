package cmd

import (
	"fmt"
	"time"

	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
)

// jobSummary is a job in `jobs list -o json`, and the beginning of `jobs show`.
type jobSummary struct {
	JobID       *string      `json:"jobId"` // null for a dry run
	Action      string       `json:"action"`
	Profile     string       `json:"profile"`
	State       string       `json:"state"`
	Counts      statusCounts `json:"counts"`
	CreatedTime string       `json:"createdTime"`
}

// statusCounts are counts of every status, also those with none, in the order
// in which people read them.
type statusCounts journal.Counts

// MarshalJSON keeps the order, which a map has none of.
func (c statusCounts) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, status := range statusOrder() {
		if i > 0 {
			text = append(text, ',')
		}
		text = fmt.Appendf(text, "%q:%d", status, c[status])
	}
	return append(text, '}'), nil
}

// The states of a job.
const (
	stateRunning    = "running"    // a process is at work on it
	stateUnfinished = "unfinished" // something is planned and nobody is at work on it
	stateUnknown    = "unknown"    // all sent; some outcome isn't known
	statePending    = "pending"    // all sent; devices had yet to carry it out when last asked
	stateFinished   = "finished"
	stateDryRun     = "dry-run"
)

func (r jobResults) summary() jobSummary {
	s := jobSummary{
		Action: string(r.job.Action), Profile: r.job.Profile, State: r.state(),
		Counts: statusCounts(r.counts), CreatedTime: r.job.CreatedTime.Format(time.RFC3339),
	}
	if r.shown != nil {
		s.Counts = statusCounts(r.shown)
	}
	if !r.draft {
		s.JobID = &r.job.ID
	}
	return s
}

func (r jobResults) state() string {
	switch n := r.counts; {
	case r.draft && r.counts[journal.Planned] > 0:
		return stateDryRun
	case r.held:
		return stateRunning
	case n[journal.Planned] > 0:
		return stateUnfinished
	case n[journal.Unknown] > 0:
		return stateUnknown
	case n[journal.Accepted] > 0:
		return statePending
	}
	return stateFinished
}

// tellCounts closes a job for a person at the terminal: how many devices came to
// what, which a table ends with already, and what is left to do.
func (app *App) tellCounts(j journal.Job, n journal.Counts) {
	if len(n) > 0 && !forPeople(app.format) {
		app.Term.Infof("%s: %s", j.Action, sentence(n))
	}
	if n[journal.Accepted] == 0 {
		return
	}
	if j.Action == job.SignOut { // the rows say within what time
		return
	}
	if !isWipe(j.Action) {
		app.Term.Infof("asked for, not done yet: %s tells when it is", app.typed("worksctl jobs verify "+j.ID))
		return
	}
	app.Term.Infof("asked for, not done: it happens when the device is next online")
	app.Term.Infof("  to see whether it did:      %s", app.typed("worksctl jobs verify "+j.ID))
	app.Term.Infof("  to take it back until then: %s", app.typed("worksctl jobs cancel "+j.ID))
}
