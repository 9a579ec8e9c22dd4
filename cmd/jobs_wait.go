package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
)

func newJobsWait(app *App) *cobra.Command {
	limit := duration(10 * time.Minute)
	c := &cobra.Command{
		Use:   "wait ID",
		Short: "Wait until a job is carried out",
		Long: `Waits until every device of a job is settled: sent by the process at work on it,
and carried out by the device. A wipe waits until its device is online, which
may take days: after --wait-timeout the exit code is 6.`,
		Example: `  worksctl notify --profile sandbox --os ios --outdated --yes -o json --jq .jobId > job.txt
  worksctl jobs wait $(cat job.txt) --profile sandbox`,
		Args:              oneArg("ID"),
		ValidArgsFunction: app.completeJobs,
		RunE: func(c *cobra.Command, args []string) error {
			return app.waitForJob(c, args[0], time.Duration(limit))
		},
	}
	c.Flags().Var(&limit, "wait-timeout", "wait no longer than this")
	fixedValues(c, "wait-timeout", "1m", "10m", "1h", "1d")
	return c
}

func (app *App) waitForJob(c *cobra.Command, id string, limit time.Duration) error {
	ctx := c.Context()
	a, err := app.startActing(c, true) // it asks nothing, as a dry run
	if err != nil {
		return err
	}
	rec, err := a.ofTenant(ctx, id)
	if err != nil {
		return err
	}
	if _, held := rec.Holder(); !held && count(rec, journal.Planned) > 0 {
		return exit.Failedf("JOB_UNFINISHED", "worksctl jobs resume "+id,
			"job %s: %s not sent, and no process is at work on it", id, countOf(count(rec, journal.Planned)))
	}
	app.Term.Infof("waiting up to %s; Ctrl-C stops waiting, not the job", limit)
	err = a.runner(nil).Wait(ctx, a.jobs, id, limit)
	return a.tellWaited(context.WithoutCancel(ctx), id, err)
}

// tellWaited is tellResults for a wait, to which what is planned still, by a
// process that has gone meanwhile or is at work yet, is not known.
func (a *acting) tellWaited(ctx context.Context, id string, stopped error) error {
	err := a.tellResults(ctx, id, stopped, true)
	if err != nil {
		return err
	}
	rec, err := a.jobs.Read(ctx, id)
	if err != nil {
		return err
	}
	n := journal.Count(rec)
	if n[journal.Planned]+n[journal.Sending] == 0 {
		return nil
	}
	e := &exit.Error{Exit: exit.Unknown, ID: "NOT_YET_KNOWN", Message: "stopped waiting: " + string(rec.Job().Action) + ": " + sentence(n), Hint: "worksctl jobs wait " + id}
	if _, held := rec.Holder(); !held {
		e.Hint = "worksctl jobs resume " + id
	}
	return e
}
