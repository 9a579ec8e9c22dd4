package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
)

// resumeOptions are the flags of jobs resume.
type resumeOptions struct {
	resend bool
	dryRun bool
}

func newJobsResume(app *App) *cobra.Command {
	o := &resumeOptions{}
	c := &cobra.Command{
		Use:   "resume ID",
		Short: "Go on with a job that broke off",
		Long: `Sends what a job has not sent yet, after the question that the action itself
asks. Each device is read again first: one that has another user, serial number,
type or MDM state by now is refused.

What was sent is never sent again. Where nobody knows whether it was, the back
end is asked; what stays unknown is left alone unless --resend-unknown says to
send it again, which --yes does not stand in for.`,
		Example: `  worksctl notify --profile sandbox --os ios --outdated --yes
  worksctl jobs resume $(worksctl jobs list -o json --jq '.[0].jobId') --profile sandbox --yes`,
		Args:              oneArg("ID"),
		ValidArgsFunction: app.completeJobs,
		RunE:              func(c *cobra.Command, args []string) error { return app.resumeJob(c, args[0], o) },
	}
	c.Flags().BoolVar(&o.resend, "resend-unknown", false, "send again what nobody knows the outcome of: it may then happen twice")
	addDryRun(c, &o.dryRun)
	return c
}

func (app *App) resumeJob(c *cobra.Command, id string, o *resumeOptions) error {
	ctx := c.Context()
	a, err := app.startActing(c, o.dryRun)
	if err != nil {
		return err
	}
	j, err := a.hold(ctx, id)
	if err != nil {
		return err
	}
	defer func() { _ = j.Close() }() // for the ways out of here; later it does nothing
	r := rehearse(j)
	learned := j
	if o.dryRun {
		learned = r
	}
	if err := a.runner(nil).Follow(ctx, learned); err != nil {
		return a.endResume(ctx, j, err)
	}
	left, err := a.rehearseResume(ctx, r, o)
	switch {
	case err != nil:
		return err
	case o.dryRun:
		if err := j.Close(); err != nil {
			return err
		}
		return app.printResults(ctx, a.format, jobResults{job: j.Job(), draft: true, counts: journal.Count(r), items: r.open(ctx)})
	case left == 0:
		app.Term.Infof("nothing is left to send")
		return a.endResume(ctx, j, r.perform())
	}
	if err := a.agreeToResume(ctx, r); err != nil {
		return err
	}
	return a.work(ctx, j, 0)
}

// endResume lets go of a job that nothing is sent of, and tells how it stands.
func (a *acting) endResume(ctx context.Context, j journal.Journal, stopped error) error {
	if err := j.Close(); err != nil {
		return errors.Join(stopped, err)
	}
	return a.tellResults(context.WithoutCancel(ctx), j.Job().ID, stopped, false)
}

// rehearseResume finds out, without writing it down, what a resume would send,
// and returns how many items that is.
func (a *acting) rehearseResume(ctx context.Context, r *rehearsal, o *resumeOptions) (int, error) {
	j, runner := r.Job(), a.runner(nil)
	if err := a.dropOldPlan(r); err != nil {
		return 0, err
	}
	var err error
	if o.resend {
		_, err = runner.ReplanUnknown(r)
	} else {
		err = runner.LeaveUnknown(r)
	}
	if err != nil {
		return 0, err
	}
	if err := runner.Recheck(ctx, r); err != nil {
		return 0, err
	}
	if err := runner.LeaveOvertaken(ctx, a.jobs, r); err != nil {
		return 0, err
	}
	if isWipe(j.Action) {
		if err := a.lookAroundAgain(ctx, r); err != nil {
			return 0, err
		}
	}
	again := 0
	for i := range r.Len() {
		if out := r.Outcome(i); out.Status == journal.Planned && out.Doubtful() {
			again++
		}
	}
	a.warnTwice(j.Action, again)
	return count(r, journal.Planned), nil
}

// warnTwice says what sending again can lead to.
func (a *acting) warnTwice(action fleet.Action, n int) {
	switch {
	case n == 0:
	case action == fleet.Notify:
		a.app.Term.Warnf("%s may have been notified already: their members may be told twice", countOf(n))
	default:
		a.app.Term.Warnf("the outcome of %s is not known: %s is requested again", countOf(n), action)
	}
}

// agreeToResume asks, and then writes down what the rehearsal found.
func (a *acting) agreeToResume(ctx context.Context, r *rehearsal) error {
	if err := a.askResume(ctx, r); err != nil {
		return err
	}
	if !isWipe(r.Job().Action) {
		return r.perform()
	}
	release, err := a.reserveResume(ctx, r)
	if err != nil {
		return err
	}
	defer release()
	return r.perform()
}

// count says how many items of a job have a status.
func count(rec journal.Record, s journal.Status) int {
	n := 0
	for i := range rec.Len() {
		if rec.Outcome(i).Status == s {
			n++
		}
	}
	return n
}

func isWipe(a fleet.Action) bool { return a == fleet.Wipe || a == fleet.Reset }
