package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	if o.resend {
		n, err := runner.ReplanUnknown(r)
		if err != nil {
			return 0, err
		}
		a.warnTwice(j.Action, n)
	}
	if err := runner.Recheck(ctx, r); err != nil {
		return 0, err
	}
	if isWipe(j.Action) {
		if err := a.lookAroundAgain(ctx, r); err != nil {
			return 0, err
		}
	}
	return count(r, journal.Planned), nil
}

// dropOldPlan refuses what a wipe or reset planned more than 24 h ago: it is
// planned anew. What is unknown is left to be asked about, and to
// --resend-unknown.
func (a *acting) dropOldPlan(r *rehearsal) error {
	const fresh = 24 * time.Hour
	j := r.Job()
	if now := a.app.fleetNow(); !isWipe(j.Action) || now.Sub(j.CreatedTime) <= fresh {
		return nil
	}
	var old []int
	for i := range r.Len() {
		if r.Outcome(i).Status == journal.Planned {
			old = append(old, i)
		}
	}
	if len(old) == 0 {
		return nil
	}
	return r.Settle(journal.Settlement{Items: old, Outcome: journal.Outcome{
		Status: journal.Refused, Code: "PLAN_TOO_OLD", Time: a.app.fleetNow(),
		Detail: fmt.Sprintf("planned more than 24 h ago: %s it anew", j.Action),
	}})
}

// lookAroundAgain finds out what a wipe or reset shows before it asks: the
// device as it is now, a command that is pending, and the device's relatives.
func (a *acting) lookAroundAgain(ctx context.Context, r *rehearsal) error {
	var ids []string
	index := map[string]int{}
	for it, err := range r.open(ctx) {
		if err != nil {
			return err
		}
		if it.Status == journal.Planned {
			ids = append(ids, it.Device.DeviceID)
			index[it.Device.DeviceID] = it.Index
		}
	}
	for n, err := range a.read(ctx, ids, nil) {
		if err != nil {
			return err
		}
		if n.device != nil { // one that is gone since a moment fails by itself
			r.targets = append(r.targets, commandTarget{namedDevice: n, outcome: journal.Outcome{Status: journal.Planned}})
		}
	}
	if err := a.lookAround(ctx, r.targets); err != nil {
		return err
	}
	for _, t := range r.targets {
		if t.pending == nil {
			continue
		}
		o := t.outcome
		o.Time = a.app.fleetNow()
		if err := r.Settle(journal.Settlement{Items: []int{index[t.device.DeviceID]}, Outcome: o}); err != nil {
			return err
		}
	}
	return nil
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
