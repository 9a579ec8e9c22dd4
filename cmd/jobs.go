package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
)

func newJobs(app *App) *cobra.Command {
	return group("jobs",
		"List, show, resume, follow and cancel what was done to devices",
		`Every action is a job: its whole list of devices is kept in the state folder
before anything is sent, and then what became of each of them. A job that broke
off is resumed, never repeated; "verify" asks for the evidence afterwards.`,
		`  worksctl notify --profile sandbox --os ios --outdated --yes
  worksctl jobs list`,
		newJobsList(app),
		newJobsShow(app),
		newJobsResume(app),
		newJobsWait(app),
		newJobsVerify(app),
		newJobsCancel(app),
	)
}

// completeJobs names the jobs of the state folder, for the first argument.
func (app *App) completeJobs(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	jobs, _, err := app.records()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ids, err := jobs.IDs(c.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	// Newest first is the order that a person wants, not that of the alphabet.
	return ids, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// ofTenant reads a job, which must be one of the profile in force.
func (a *acting) ofTenant(ctx context.Context, id string) (journal.Record, error) {
	rec, err := a.jobs.Read(ctx, id)
	if err != nil {
		return nil, jobError(err)
	}
	return rec, a.checkTenant(rec.Job())
}

// hold takes hold of a job, which must be one of the profile in force.
func (a *acting) hold(ctx context.Context, id string) (journal.Journal, error) {
	j, err := a.jobs.Open(ctx, id)
	if err != nil {
		return nil, jobError(err)
	}
	if err := a.checkTenant(j.Job()); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// checkTenant refuses a job of another tenant: its devices are none of this
// profile's.
func (a *acting) checkTenant(j journal.Job) error {
	if j.Tenant == a.tenant {
		return nil
	}
	return exit.Refusedf("OTHER_TENANT", "worksctl jobs show "+j.ID,
		"job %s is of %s (profile %s), and profile %s is %s", j.ID, tenantText(j.Tenant), j.Profile, a.settings.Name, tenantText(a.tenant))
}

func tenantText(t journal.Tenant) string {
	if t.DomainID == 0 {
		return t.Address + ", every domain of profile " + t.Profile
	}
	return fmt.Sprintf("%s, domain %d", t.Address, t.DomainID)
}

// jobError gives the errors of a store of jobs their exit code and next step.
func jobError(err error) error {
	if e, ok := errors.AsType[*journal.HeldError](err); ok {
		return &exit.Error{Exit: exit.Failed, ID: "JOB_HELD", Err: err, Hint: "worksctl jobs wait " + e.ID}
	}
	if _, ok := errors.AsType[*journal.UnknownJobError](err); ok {
		// No neighbor is proposed: ids are alike, and another job is another matter.
		return &exit.Error{Exit: exit.Failed, ID: "NOT_FOUND", Err: err, Hint: "worksctl jobs list"}
	}
	return err
}

func holderText(h journal.Holder) string { return fmt.Sprintf("process %d on %s", h.PID, h.Host) }
