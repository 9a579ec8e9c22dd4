package cmd

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func newJobsVerify(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "verify ID",
		Short: "Show the evidence that a job has really happened",
		Long: `Asks the back end, for each device of a job, whether it has really happened:

  confirmed   a wipe or reset was completed; after a notice the app is newer
  pending     asked for, but not seen yet
  failed      it failed, expired or was canceled
  came-back   it was completed, and the device has been used again since
  unknown     nothing tells

Exit code 0 says that all are confirmed, 4 that some failed or came back, 6 that
some are pending or unknown.`,
		Example: `  worksctl notify --profile sandbox --os ios --outdated --yes -o json --jq .jobId > job.txt
  worksctl sandbox advance 3d
  worksctl jobs verify $(cat job.txt) --profile sandbox || echo "exit code $?"`,
		Args:              oneArg("ID"),
		ValidArgsFunction: app.completeJobs,
		RunE:              func(c *cobra.Command, args []string) error { return app.verifyJob(c.Context(), args[0]) },
	}
}

// evidence is a row of `jobs verify`: docs/schema/job-verify.schema.json.
type evidence struct {
	DeviceID string  `json:"deviceId"`
	Action   string  `json:"action"`
	Evidence string  `json:"evidence"`
	Detail   *string `json:"detail"`
	Time     *string `json:"time"`

	user  api.User // as in the job; for tables and CSV
	model string   // likewise; for tables
}

func (app *App) evidenceColumns() []output.Column[evidence] {
	detail := func(e evidence) string { return orEmpty(e.Detail) }
	at := func(e evidence) string { return orEmpty(e.Time) }
	return []output.Column[evidence]{
		{Key: "device_id", Title: "device id", Exact: true, Value: func(e evidence) string { return e.DeviceID }},
		{Key: "user_name", Title: "user", Flex: 8, Droppable: 3, Value: func(e evidence) string { return e.user.UserName }},
		{Key: "user_email", Title: "e-mail", Flex: 12, Value: func(e evidence) string { return e.user.Email }},
		{Key: "action", Title: "action", Value: func(e evidence) string { return e.Action }},
		{Key: "evidence", Title: "evidence", Value: func(e evidence) string { return e.Evidence }},
		{Key: "detail", Title: "detail", Droppable: 1, Value: detail, Human: func(e evidence) string { return app.shownText(detail(e)) }},
		{Key: "time", Title: "time", Droppable: 2, Value: at, Human: func(e evidence) string { return app.shownText(at(e)) }},
	}
}

// evidenceTable are the columns for a person.
func (app *App) evidenceTable(unnamed bool) []output.Column[evidence] {
	columns := slices.DeleteFunc(app.evidenceColumns(), func(c output.Column[evidence]) bool {
		return c.Key == "user_email" || c.Key == "action"
	})
	if unnamed {
		device := columns[0]
		device.Human = func(e evidence) string { return cmp.Or(e.DeviceID, e.model) }
		columns[0], columns[1] = byModel(device, columns[1], func(e evidence) string { return memberAddress(e.user) })
	}
	return columns
}

func (app *App) verifyJob(ctx context.Context, id string) error {
	format, err := app.outputFormat(false)
	if err != nil {
		return err
	}
	a, err := app.newActing(format)
	if err != nil {
		return err
	}
	rec, err := a.ofTenant(ctx, id)
	if err != nil {
		return err
	}
	columns := app.evidenceColumns()
	if format == output.Table {
		columns = app.evidenceTable(resultsOf(ctx, rec, nil).withoutIDs())
	}
	sink, err := newSink(ctx, app, format, app.evidenceColumns(), columns, output.EncodeJSON[evidence])
	if err != nil {
		return err
	}
	defer func() { _ = output.Abort(sink) }() // after Close it does nothing
	device, done := devicesOf(ctx, rec)
	defer done()
	var closing tally
	n := map[string]int{}
	total := 0
	for e, err := range a.runner(nil).Verify(ctx, rec) {
		if err != nil {
			return unfinished(ctx, err, fmt.Sprintf("the evidence is not complete: it broke after %s", countOf(total)))
		}
		total++
		n[e.Evidence]++
		row := evidence{DeviceID: e.DeviceID, Action: string(e.Action), Evidence: e.Evidence, Detail: orNull(e.Detail), Time: orNull(e.Time)}
		d, err := device(e.DeviceID)
		if err != nil {
			return err
		}
		row.user, row.model = d.User, d.Model
		closing.add(e.Evidence, "", app.localTimes(e.Detail))
		if err := sink.Write(row); err != nil {
			return err
		}
	}
	if err := sink.Close(); err != nil {
		return err
	}
	if forPeople(format) {
		if err := closeTable(app, format, sink, &closing); err != nil {
			return err
		}
	}
	return judgeEvidence(rec.Job(), n)
}

// devicesOf reads a job's items beside its evidence, which comes in their order.
func devicesOf(ctx context.Context, rec journal.Record) (of func(deviceID string) (api.Device, error), done func()) {
	next, stop := iter.Pull2(rec.Items(ctx))
	return func(deviceID string) (api.Device, error) {
		for {
			it, err, more := next()
			if !more || err != nil || it.Device.DeviceID == deviceID {
				return it.Device, err
			}
		}
	}, stop
}

// judgeEvidence is the exit code of what was found: pending and unknown count
// first, since they may still become anything.
func judgeEvidence(j journal.Job, n map[string]int) error {
	var parts []string
	for _, kind := range []string{job.Confirmed, job.Pending, job.Failed, job.CameBack, job.Unknown} {
		if n[kind] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[kind], kind))
		}
	}
	e := &exit.Error{Message: "job " + j.ID + ": " + strings.Join(parts, ", ")}
	switch {
	case n[job.Pending]+n[job.Unknown] > 0:
		e.Exit, e.ID, e.Hint = exit.Unknown, "NOT_YET_KNOWN", "worksctl jobs verify "+j.ID+" tells more later"
		if j.Bot != nil && j.Bot.FromFile {
			e.Hint = "" // no server is asked about the devices of a file
		}
	case n[job.Failed]+n[job.CameBack] > 0:
		e.Exit, e.ID = exit.Partial, "NOT_CONFIRMED"
	default:
		return nil
	}
	return e
}
