package cmd

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/output"
)

func newDoctor(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check whether a job could start, and say how to mend what is wrong",
		Long: `Checks, for the profile in force: the configuration and the state folder, the
keyring, the clock, the sign-in, its scopes, the device API and the domain, the
plan, the rate limit, and the locale of this shell. It acts on nothing: it gets
a token and reads one device.

Each check is ok, warning, failed or skipped, and says how to mend what is
wrong. The exit code is 0 only when a job could start, else that of the first
check that failed. A server that has only what NAVER WORKS publishes is a
warning: members, messages of a bot and audit logs work there.`,
		Example: `  worksctl doctor --profile sandbox
  worksctl doctor --profile sandbox -o json --jq '.[] | select(.status == "failed")'`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return app.runDoctor(c.Context()) },
	}
}

// finding is what one check found: docs/schema/doctor.schema.json.
type finding struct {
	Check  string  `json:"check"`
	Status string  `json:"status"`
	Detail string  `json:"detail"`
	Remedy *string `json:"remedy"`

	code exit.Code // of one that failed
}

// The states of a check.
const (
	checkOK      = "ok"
	checkWarning = "warning" // a job could start
	checkFailed  = "failed"
	checkSkipped = "skipped" // it means nothing here, or could not be made
)

func (app *App) runDoctor(ctx context.Context) error {
	format, err := app.outputFormat(true)
	if err != nil {
		return err
	}
	if err := app.flags.fit(format); err != nil {
		return err
	}
	d := &doctor{app: app}
	d.examine(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := d.print(ctx, format); err != nil {
		return err
	}
	return d.verdict()
}

// doctor collects findings, in the order of the checks.
type doctor struct {
	app      *App
	findings []finding
	granted  []string // the scopes of the token, as far as the server told
	seen     *backEnd // what was asked of the server, once it was
}

func (d *doctor) add(f finding) { d.findings = append(d.findings, f) }

func (d *doctor) ok(check, format string, args ...any) {
	d.add(finding{Check: check, Status: checkOK, Detail: fmt.Sprintf(format, args...)})
}

func (d *doctor) warn(check, remedy, format string, args ...any) {
	d.add(finding{Check: check, Status: checkWarning, Detail: fmt.Sprintf(format, args...), Remedy: orNull(d.app.typed(remedy))})
}

func (d *doctor) skip(why string, checks ...string) {
	for _, check := range checks {
		d.add(finding{Check: check, Status: checkSkipped, Detail: why})
	}
}

func (d *doctor) fail(check string, err error) {
	e := explain(err)
	d.add(finding{Check: check, Status: checkFailed, Detail: e.Error(), Remedy: orNull(d.app.typed(cmp.Or(e.Hint, usualRemedy(check)))), code: e.Exit})
}

// usualRemedy is for an error that names none beside its message.
func usualRemedy(check string) string {
	switch check {
	case checkConfig:
		return "mend what the message names: docs/configuration.md tells how"
	case checkKeyring, checkAuth:
		return "mend what the message names, or sign in again with worksctl auth login"
	}
	return "tell those who run the server what the message says"
}

// verdict is an error when a job could not start.
func (d *doctor) verdict() error {
	var failed []string
	e := &exit.Error{ID: "NOT_READY"}
	for _, f := range d.findings {
		if f.Status != checkFailed {
			continue
		}
		if failed = append(failed, f.Check); len(failed) == 1 {
			e.Exit, e.Hint = f.code, orEmpty(f.Remedy)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	e.Message = "no job could start: failed: " + strings.Join(failed, ", ")
	return e
}

func (d *doctor) print(ctx context.Context, format output.Format) error {
	f := &d.app.flags
	if format == output.Table && len(f.columns) == 0 && !f.noHeaders {
		_, err := io.WriteString(d.app.dataOut(format), d.page())
		return err
	}
	columns := findingColumns()
	sink, err := newSink(ctx, d.app, format, columns, columns, output.EncodeJSON[finding])
	if err != nil {
		return err
	}
	defer func() { _ = output.Abort(sink) }() // after Close it does nothing
	for _, f := range d.findings {
		if err := sink.Write(f); err != nil {
			return err
		}
	}
	return sink.Close()
}

// page is the findings for a person, each remedy below what it mends, so that no
// narrow terminal cuts it off.
func (d *doctor) page() string {
	var b strings.Builder
	for _, f := range d.findings {
		fmt.Fprintf(&b, "%-9s%-12s%s\n", f.Status, f.Check, output.Clean(f.Detail))
		if f.Remedy != nil {
			fmt.Fprintf(&b, "%21s-> %s\n", "", output.Clean(*f.Remedy))
		}
	}
	return b.String()
}

func findingColumns() []output.Column[finding] {
	return []output.Column[finding]{
		{Key: "check", Value: func(f finding) string { return f.Check }},
		{Key: "status", Value: func(f finding) string { return f.Status }},
		{Key: "detail", Flex: 20, Value: func(f finding) string { return f.Detail }},
		{Key: "remedy", Flex: 20, Value: func(f finding) string { return orEmpty(f.Remedy) }},
	}
}
