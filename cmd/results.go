package cmd

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// result is what became of one device: docs/schema/job.schema.json.
type result struct {
	DeviceID  string  `json:"deviceId"`
	UserID    string  `json:"userId"`
	UserEmail string  `json:"userEmail"`
	Action    string  `json:"action"`
	Status    string  `json:"status"`
	Code      *string `json:"code"`
	Detail    *string `json:"detail"`
	Time      *string `json:"time"`

	userName, jobID string // for tables and CSV
	tenant          string // instead of a device id: the whole tenant, or the model of a device of a file
}

// jobResults is a job with the outcome of each device, read as it is printed.
type jobResults struct {
	job    journal.Job
	draft  bool // not sent, and without an id
	held   bool // a process is at work on it
	counts journal.Counts
	shown  journal.Counts // of items that tell something else than how the job stands; else nil
	items  iter.Seq2[journal.Item, error]
}

func resultsOf(ctx context.Context, rec journal.Record, n journal.Counts) jobResults {
	_, held := rec.Holder()
	return jobResults{job: rec.Job(), held: held, counts: n, items: rec.Items(ctx)}
}

// rows hands out the results one by one.
func (r jobResults) rows() iter.Seq2[result, error] {
	return func(yield func(result, error) bool) {
		for it, err := range r.items {
			if err != nil {
				yield(result{}, err)
				return
			}
			if !yield(r.row(&it), nil) {
				return
			}
		}
	}
}

func (r jobResults) row(it *journal.Item) result {
	u := it.Device.User
	row := result{
		DeviceID: it.Device.DeviceID, UserID: u.UserID, UserEmail: u.Email, userName: u.UserName,
		Action: string(r.job.Action), Status: string(journal.Shown(it.Outcome, r.held)),
		Code: orNull(it.Code), Detail: orNull(it.Detail),
	}
	if r.job.WholeTenant {
		row.tenant = fmt.Sprintf("domain %d", it.Device.DomainID)
		row.Detail = orNull(cmp.Or(it.Detail, row.tenant))
	}
	if r.job.Bot != nil && it.Device.DeviceID == "" { // of a console's download
		row.tenant = it.Device.Model
	}
	if !r.draft {
		row.jobID = r.job.ID
	} else if it.Status == journal.Planned {
		row.Status = string(journal.Planned) // also what --resend-unknown is to send again
	}
	if !it.Time.IsZero() {
		row.Time = orNull(it.Time.Format(time.RFC3339))
	}
	return row
}

func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// resultColumns are the columns of results in CSV (cli.md, "Acting").
func (app *App) resultColumns() []output.Column[result] {
	detail := func(r result) string { return orEmpty(r.Detail) }
	at := func(r result) string { return orEmpty(r.Time) }
	return []output.Column[result]{
		{Key: "device_id", Title: "device id", Exact: true, Value: func(r result) string { return r.DeviceID }},
		{Key: "user_id", Title: "user id", Value: func(r result) string { return r.UserID }},
		{Key: "user_email", Title: "e-mail", Flex: 12, Value: func(r result) string { return r.UserEmail }},
		{Key: "action", Title: "action", Value: func(r result) string { return r.Action }},
		{Key: "status", Title: "status", Value: func(r result) string { return r.Status }},
		{Key: "code", Title: "code", Value: func(r result) string { return orEmpty(r.Code) }},
		{Key: "detail", Title: "detail", Value: detail, Human: func(r result) string { return app.shownText(detail(r)) }},
		{Key: "job_id", Title: "job", Value: func(r result) string { return r.jobID }},
		{Key: "time", Title: "time", Value: at, Human: func(r result) string { return app.shownText(at(r)) }},
	}
}

// resultTable are the columns for a person. A reason is never cut: where a
// screen has no room for it, it follows the table (closeTable). Where members are
// acted on, their e-mail stands for the device; where devices have no id, their
// model and the member do.
func (app *App) resultTable(members, unnamed bool) []output.Column[result] {
	all := app.resultColumns()
	user := output.Column[result]{Key: "user_name", Title: "user", Flex: 8, Droppable: 2, Value: func(r result) string { return r.userName }}
	status := output.Column[result]{Key: "status", Title: "status", Value: func(r result) string { return statusAndCode(r.Status, orEmpty(r.Code)) }}
	device := all[0]
	device.Human = func(r result) string { return cmp.Or(r.DeviceID, r.tenant) }
	detail := all[6]
	detail.Droppable = 1
	switch {
	case members:
		return []output.Column[result]{all[2], user, status, detail}
	case unnamed:
		device, user = byModel(device, user, func(r result) string {
			return memberAddress(api.User{UserID: r.UserID, Email: r.UserEmail, UserName: r.userName})
		})
	}
	return []output.Column[result]{device, user, status, detail}
}

// byModel are the columns of a table of devices without ids: the model, and the
// member so that namesakes can be told apart, also on a narrow screen.
func byModel[T any](device, user output.Column[T], member func(T) string) (d, u output.Column[T]) {
	device.Title, device.Flex = "device", 8
	user.Flex, user.Droppable, user.Value = 28, 0, member
	return device, user
}

// memberAddress names a member by name and e-mail, or id; by the latter alone if
// the name is so wide that a narrow screen would show little else.
func memberAddress(u api.User) string {
	const wide = 12
	address := cmp.Or(u.Email, u.UserID)
	switch {
	case address == "":
		return u.UserName
	case u.UserName == "" || output.DisplayWidth(u.UserName) > wide:
		return address
	}
	return u.UserName + " <" + address + ">"
}

// withoutIDs reports whether a job's devices have no ids, as those of a console's
// download.
func (r jobResults) withoutIDs() bool {
	if r.job.Bot == nil || !r.job.Bot.FromFile {
		return false
	}
	for it, err := range r.items {
		return err == nil && it.Device.DeviceID == ""
	}
	return false
}

// checkResults refuses output flags that results can't follow, before anything
// is sent.
func (app *App) checkResults(format output.Format) error {
	f := &app.flags
	if err := f.fit(format); err != nil {
		return err
	}
	if len(f.columns) > 0 {
		if _, err := output.Select(app.resultColumns(), f.columns); err != nil {
			return err
		}
	}
	if f.jq == "" {
		return nil
	}
	_, err := newSink(context.Background(), app, output.NDJSON, nil, app.resultColumns(), output.EncodeJSON[result])
	return err
}

// printResults writes the results to stdout: rows, or as JSON and YAML the job
// with its rows in it.
func (app *App) printResults(ctx context.Context, format output.Format, r jobResults) error {
	if format == output.JSON || format == output.YAML {
		return app.printJob(ctx, format, r)
	}
	columns := app.resultColumns()
	if format == output.Table {
		columns = app.resultTable(job.OfMember(r.job.Action), r.withoutIDs())
	}
	sink, err := newSink(ctx, app, format, app.resultColumns(), columns, output.EncodeJSON[result])
	if err != nil {
		return err
	}
	defer func() { _ = output.Abort(sink) }() // after Close it does nothing
	var closing tally
	for row, err := range r.rows() {
		if err != nil {
			return err
		}
		if err := sink.Write(row); err != nil {
			return err
		}
		closing.add(row.Status, orEmpty(row.Code), app.localTimes(orEmpty(row.Detail))) // times as shown: the seconds make no other reason
	}
	if err := sink.Close(); err != nil || !forPeople(format) {
		return err
	}
	return closeTable(app, format, sink, &closing)
}

func forPeople(format output.Format) bool { return format == output.Table || format == output.Wide }

// printJob writes the job as one object. Plain JSON goes out as it is read,
// since a job may have very many devices.
func (app *App) printJob(ctx context.Context, format output.Format, r jobResults) error {
	if format == output.JSON && app.flags.jq == "" {
		return r.appendTo(app.dataOut(format))
	}
	return printObject(ctx, app, format, r, "", func(dst []byte, r jobResults) ([]byte, error) {
		var b strings.Builder
		err := r.appendTo(&b)
		return append(dst, strings.TrimSuffix(b.String(), "\n")...), err
	})
}

// appendTo writes {…summary…,"results":[…]}, a result a line.
func (r jobResults) appendTo(w io.Writer) error {
	const flushAt = 48 << 10
	buf, err := output.EncodeJSON(nil, r.summary())
	if err != nil {
		return err
	}
	buf = append(buf[:len(buf)-1], `,"results":[`...)
	separator := "\n"
	for row, err := range r.rows() {
		if err != nil {
			return err
		}
		if buf, err = output.EncodeJSON(append(buf, separator...), row); err != nil {
			return err
		}
		separator = ",\n"
		if len(buf) > flushAt {
			whole := bytes.LastIndexByte(buf, '\n') + 1 // a terminal is given whole lines
			if _, err := w.Write(buf[:whole]); err != nil {
				return err
			}
			buf = append(buf[:0], buf[whole:]...)
		}
	}
	_, err = w.Write(append(buf, "\n]}\n"...))
	return err
}
