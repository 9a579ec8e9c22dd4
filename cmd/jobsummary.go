package cmd

import (
	"fmt"
	"time"

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
	stateUnknown    = "unknown"    // some outcome isn't known
	stateUnfinished = "unfinished" // something is planned and nobody is at work on it
	statePending    = "pending"    // all sent; devices have yet to carry it out
	stateFinished   = "finished"
	stateDryRun     = "dry-run"
)

func (r jobResults) summary() jobSummary {
	s := jobSummary{
		Action: string(r.job.Action), Profile: r.job.Profile, State: r.state(),
		Counts: statusCounts(r.counts), CreatedTime: r.job.CreatedTime.Format(time.RFC3339),
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
	case n[journal.Unknown] > 0:
		return stateUnknown
	case n[journal.Planned] > 0:
		return stateUnfinished
	case n[journal.Accepted] > 0:
		return statePending
	}
	return stateFinished
}

// tellCounts closes a job for a person at the terminal.
func (app *App) tellCounts(j journal.Job, n journal.Counts) {
	if len(n) > 0 {
		app.Term.Infof("%s: %s", j.Action, sentence(n))
	}
}
