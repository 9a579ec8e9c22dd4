package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/terminal"
)

// plan is a job that is ready to be asked about.
type plan struct {
	draft journal.Draft
	// show tells a person what will be done to what, and those who aren't asked
	// what makes one look twice.
	show func()
	// ask asks; an error says that it must not be done.
	ask func(ctx context.Context) error
	// reserve makes sure, once the answer is there, that the job may still be
	// added to the others; release is called when its journal is there. It may be
	// nil.
	reserve func(ctx context.Context) (release func(), err error)
	// keep has a job made also where nothing is left to do: that somebody wanted it
	// speaks against older jobs.
	keep bool
	// wait is how long to follow what the back end accepted; 0 is not at all.
	wait time.Duration
}

// carryOut asks, freezes the list, sends it and prints what became of each
// device. Nothing is sent before the journal is on disk and its id said.
func (a *acting) carryOut(ctx context.Context, p plan) error {
	defer p.draft.Discard()
	n, err := countDraft(ctx, p.draft)
	if err != nil {
		return err
	}
	if n[journal.Planned] > 0 {
		p.show()
	}
	if n[journal.Planned] == 0 && !p.keep || a.dryRun {
		return a.showDraft(ctx, p, n)
	}
	if n[journal.Planned] > 0 && !a.app.flags.yes {
		if err := p.ask(ctx); err != nil {
			return err
		}
	}
	j, err := a.commit(ctx, p)
	if err != nil {
		return err
	}
	return a.work(ctx, j, p.wait)
}

// showDraft prints a job that isn't sent: by --dry-run, or since nothing in it
// is left to do.
func (a *acting) showDraft(ctx context.Context, p plan, n journal.Counts) error {
	if a.dryRun && n[journal.Planned] > 0 {
		a.app.Term.Infof("dry run: nothing is sent")
	}
	if err := a.app.printResults(ctx, a.format, jobResults{job: p.draft.Job(), draft: true, counts: n, items: p.draft.Items(ctx)}); err != nil {
		return err
	}
	if n[journal.Planned] > 0 {
		return nil
	}
	return a.app.judge(p.draft.Job(), n, nil, false)
}

func (a *acting) commit(ctx context.Context, p plan) (journal.Journal, error) {
	if p.reserve != nil {
		release, err := p.reserve(ctx)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	return p.draft.Commit(ctx)
}

// work sends what is planned in a job that this process holds, lets go of it,
// and tells the results.
func (a *acting) work(ctx context.Context, j journal.Journal, wait time.Duration) error {
	a.app.Term.Notef("job: %s", j.Job().ID)
	planned := 0
	for i := range j.Len() {
		if j.Outcome(i).Status == journal.Planned {
			planned++
		}
	}
	defer collectEarly(50)()
	progress := a.app.Term.StartProgress("devices", planned, a.app.Now)
	runner := a.runner(progress)
	if j.Job().Bot != nil { // a request for each member, of whom most have one device
		runner.Progress = func(settled int, perMinute float64) {
			progress.SetRate(perMinute, 1)
			progress.Add(settled)
		}
	}
	stopped := runner.Run(ctx, j)
	progress.Stop()
	if err := j.Close(); err != nil {
		stopped = errors.Join(stopped, err)
	}
	waited := wait > 0 && stopped == nil
	if waited {
		limit := duration(wait)
		a.app.Term.Infof("waiting up to %s for the devices; Ctrl-C stops waiting, not the job", &limit)
		stopped = runner.Wait(ctx, a.jobs, j.Job().ID, wait)
	}
	return a.tellResults(context.WithoutCancel(ctx), j.Job().ID, stopped, waited)
}

// tellResults prints what became of each device of a job and returns the error
// that its exit code asks for; stopped is why it came to an end early, or nil.
func (a *acting) tellResults(ctx context.Context, id string, stopped error, waited bool) error {
	rec, err := a.jobs.Read(ctx, id)
	if err != nil {
		return errors.Join(stopped, err)
	}
	n := journal.Count(rec)
	report := a.report
	if report == nil && rec.Job().Bot != nil { // also of a resumed job
		report = a.reportMembers
	}
	if report == nil {
		report = func(ctx context.Context, rec journal.Record) error {
			return a.app.printResults(ctx, a.format, resultsOf(ctx, rec, n))
		}
	}
	printed := report(ctx, rec)
	if printed == nil {
		a.app.tellCounts(rec.Job(), n)
	}
	if err := a.app.judge(rec.Job(), n, stopped, waited); err != nil || printed == nil {
		return err
	}
	if terminal.IsBrokenPipe(printed) {
		return nil // the reader has seen enough; whatever it missed is in the journal
	}
	return &exit.Error{
		Exit: exit.Failed, ID: "RESULTS_NOT_PRINTED", Hint: showHint(id), Err: printed,
		Message: fmt.Sprintf("%s: %s, but the results can't be printed", rec.Job().Action, sentence(n)),
	}
}

func countDraft(ctx context.Context, d journal.Draft) (journal.Counts, error) {
	n := journal.Counts{}
	for it, err := range d.Items(ctx) {
		if err != nil {
			return nil, err
		}
		n[it.Status]++
	}
	return n, nil
}

// declined is the error of a question that was not answered with yes.
func declined(why string) error {
	return exit.Refusedf("DECLINED", "", "%s: nothing was sent", why)
}
