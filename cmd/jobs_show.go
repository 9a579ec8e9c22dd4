package cmd

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/output"
)

func newJobsShow(app *App) *cobra.Command {
	var status string
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show what became of each device of a job",
		Long: `Shows a job and what became of each of its devices, as far as this state folder
knows: it needs no profile and makes no request. "jobs verify" asks for the
evidence.`,
		Example: `  # A script keeps the id from the action's own results
  worksctl notify --profile sandbox --os ios --outdated --yes -o json --jq .jobId > job.txt
  worksctl jobs show $(cat job.txt) --status failed`,
		Args:              oneArg("ID"),
		ValidArgsFunction: app.completeJobs,
		RunE: func(c *cobra.Command, args []string) error {
			return app.showJob(c.Context(), args[0], status)
		},
	}
	c.Flags().StringVar(&status, "status", "", "only devices of this status, such as failed or unknown")
	fixedValues(c, "status", shownStatuses()...)
	return c
}

// shownStatuses are the statuses that results show.
func shownStatuses() []string {
	var words []string
	for _, s := range statusOrder() {
		words = append(words, string(s))
	}
	return words
}

func (app *App) showJob(ctx context.Context, id, status string) error {
	if known := shownStatuses(); status != "" && !slices.Contains(known, status) {
		return exit.Usagef("UNKNOWN_STATUS", nearestValue("--status", status, known),
			"--status %q is none: statuses are %s", status, strings.Join(known, ", "))
	}
	format, err := app.outputFormat(true)
	if err != nil {
		return err
	}
	if err := app.checkResults(format); err != nil {
		return err
	}
	jobs, _, err := app.records()
	if err != nil {
		return err
	}
	rec, err := jobs.Read(ctx, id)
	if err != nil {
		return jobError(err)
	}
	r := resultsOf(ctx, rec, journal.Count(rec))
	if status != "" {
		r.items = ofStatus(r.items, journal.Status(status), r.held)
	}
	if format == output.Table {
		app.tellJob(rec, r)
	}
	return app.printResults(ctx, format, r)
}

// ofStatus hands on the items that are shown with a status.
func ofStatus(items iter.Seq2[journal.Item, error], want journal.Status, held bool) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		for it, err := range items {
			if (err != nil || journal.Shown(it.Outcome, held) == want) && !yield(it, err) {
				return
			}
		}
	}
}

// tellJob tells a person at the terminal what the rows on stdout belong to.
func (app *App) tellJob(rec journal.Record, r jobResults) {
	j := rec.Job()
	fields := []fleet.Field{
		{Label: "Job", Value: j.ID},
		{Label: "Action", Value: string(j.Action)},
		{Label: "Profile", Value: j.Profile},
		{Label: "Where", Value: tenantText(j.Tenant)},
		{Label: "Created", Value: app.clock(j.CreatedTime.Format(time.RFC3339))},
		{Label: "State", Value: r.state()},
		{Label: "Devices", Value: sentence(r.counts)},
	}
	if j.Bot != nil {
		fields = append(fields, fleet.Field{Label: "Bot", Value: strconv.FormatInt(j.Bot.BotID, 10)})
	}
	if j.Reason != "" {
		fields = append(fields, fleet.Field{Label: "Reason", Value: j.Reason})
	}
	if h, held := rec.Holder(); held {
		fields = append(fields, fleet.Field{Label: "Held by", Value: holderText(h)})
	}
	card := fleet.FormatCard(fields, nil)
	for line := range strings.Lines(card) {
		app.Term.Infof("%s", strings.TrimSuffix(line, "\n"))
	}
}
