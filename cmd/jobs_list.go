package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/output"
)

func newJobsList(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the jobs of the state folder, newest first",
		Long: `Lists every job of the state folder, newest first, whatever its profile. It
reads the folder only: it needs no profile and makes no request.

States: running (a process is at work on it), unfinished (some devices were not
sent), unknown (all sent, the outcome of some isn't known), pending (all sent,
some had yet to carry it out when the server was last asked: "jobs wait ID" asks
again), finished.`,
		Example: `  worksctl jobs list

  # What was not sent, and is to be resumed?
  worksctl jobs list -o json --jq '.[] | select(.state == "unfinished").jobId'`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return app.listJobs(c.Context()) },
	}
}

// listedJob is a row of `jobs list`.
type listedJob struct {
	jobSummary
	words string // the counts
}

func encodeListedJob(dst []byte, j listedJob) ([]byte, error) {
	return output.EncodeJSON(dst, j.jobSummary)
}

func (app *App) listJobs(ctx context.Context) error {
	format, err := app.outputFormat(true)
	if err != nil {
		return err
	}
	columns := app.jobColumns()
	sink, err := newSink(ctx, app, format, columns, columns, encodeListedJob)
	if err != nil {
		return err
	}
	defer func() { _ = output.Abort(sink) }() // after Close it does nothing
	jobs, _, err := app.records()
	if err != nil {
		return err
	}
	ids, err := jobs.IDs(ctx)
	if err != nil {
		return err
	}
	damaged, pending := 0, 0
	for _, id := range ids {
		rec, err := jobs.Read(ctx, id)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			damaged++
			app.Term.Warnf("left out: %v", err)
			continue
		}
		n := journal.Count(rec)
		row := listedJob{jobSummary: resultsOf(ctx, rec, n).summary(), words: sentence(n)}
		if err := sink.Write(row); err != nil {
			return err
		}
		if row.State == statePending {
			pending++
		}
	}
	if err := sink.Close(); err != nil {
		return err
	}
	tellHidden(app, sink)
	if len(ids) == 0 {
		app.Term.Infof("no job yet")
	}
	if pending > 0 {
		app.Term.Infof("pending is how it stood when the server was last asked: %s asks again", app.typed("worksctl jobs wait ID"))
	}
	if damaged > 0 {
		return exit.Failedf("DAMAGED_JOB", "", "the list is not complete: %d of %d jobs can't be read", damaged, len(ids))
	}
	return nil
}

func (app *App) jobColumns() []output.Column[listedJob] {
	return []output.Column[listedJob]{
		{Key: "job_id", Title: "job", Exact: true, Value: func(j listedJob) string { return orEmpty(j.JobID) }},
		{Key: "action", Title: "action", Droppable: 1, Value: func(j listedJob) string { return j.Action }},
		{Key: "profile", Title: "profile", Droppable: 3, Value: func(j listedJob) string { return j.Profile }},
		{Key: "state", Title: "state", Value: func(j listedJob) string { return j.State }},
		{Key: "counts", Title: "devices", Value: func(j listedJob) string { return j.words }},
		{Key: "created_time", Title: "created", Droppable: 2, Value: func(j listedJob) string { return j.CreatedTime }, Human: func(j listedJob) string { return app.shownText(j.CreatedTime) }},
	}
}
