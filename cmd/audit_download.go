package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/atomicfile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

type auditOptions struct {
	service, language string
	since, until      string
	out               string
}

func newAuditDownload(app *App) *cobra.Command {
	o := &auditOptions{}
	c := &cobra.Command{
		Use:   "download --since DATE --out FILE",
		Short: "Download an audit log to a file, whole or not at all",
		Long: `Writes an audit log between two dates to FILE, as the CSV that the service
makes. The service hands over at most 31 days at a time: a longer span is asked
for in parts, one after the other, which become one file with one header.

FILE appears whole or not at all: when a part fails, or ends with the service's
own error line, an older FILE stays as it was and the exit code isn't 0. --out -
writes to standard output, and only once everything is there.

A DATE is a whole day in local time, 2026-11-20, or a time with its offset,
2026-11-20T09:00:00+09:00. The service keeps the last 6 months. The scope
audit.read is needed.`,
		Example: `  # Who signed in this month?
  worksctl audit download --since 2026-11-01 --out sign-ins.csv --profile sandbox

  # What administrators did, with Korean column names
  worksctl audit download --service admin --since 2026-09-01 --until 2026-10-31 --language ko_KR --out - --profile sandbox`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return app.downloadAudit(c, o) },
	}
	f := c.Flags()
	f.StringVar(&o.service, "service", "auth", "which log: auth (sign-ins), admin, mobile-capture, file-download or another one of the service's")
	f.StringVar(&o.since, "since", "", "the first day, or time")
	f.StringVar(&o.until, "until", "", "the last day, or time (default now)")
	f.StringVar(&o.out, "out", "", "file to write; - is standard output")
	f.StringVar(&o.language, "language", "", "of the column names: "+strings.Join(auditLanguages(), ", ")+" (default the service's, en_US)")
	fixedValues(c, "service", "auth", "admin", "mobile-capture", "file-download", "developer", "drive", "message")
	fixedValues(c, "language", auditLanguages()...)
	freeText(c, "since", "until")
	fileName(c, "out")
	return c
}

// check looks at what can be seen without a clock.
func (o *auditOptions) check(c *cobra.Command) error {
	if err := refuseFlags(c, "output", "columns", "no-headers", "jq"); err != nil {
		return err
	}
	switch {
	case o.since == "":
		return exit.Usagef("MISSING_FLAG", "add --since "+dayExample, "%q needs --since", c.CommandPath())
	case o.out == "":
		return exit.Usagef("MISSING_FLAG", "add --out FILE, or --out - for standard output", "%q needs --out", c.CommandPath())
	case !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(o.service):
		return exit.Usagef("BAD_SERVICE", "--service auth, --service admin or another one", "--service %q: small letters and single dashes only", o.service)
	}
	languages := auditLanguages()
	if o.language == "" || slices.Contains(languages, o.language) {
		return nil
	}
	return exit.Usagef("UNKNOWN_LANGUAGE", nearestValue("--language", o.language, languages),
		"--language %q is none: languages are %s", o.language, strings.Join(languages, ", "))
}

func auditLanguages() []string { return []string{"en_US", "ja_JP", "ko_KR", "zh_CN", "zh_TW"} }

func (app *App) downloadAudit(c *cobra.Command, o *auditOptions) error {
	if err := o.check(c); err != nil {
		return err
	}
	settings, err := app.Settings()
	if err != nil {
		return err
	}
	client, err := app.Client() // tells what the sandbox's clock says
	if err != nil {
		return err
	}
	spans, err := o.spans(app.fleetNow(), app.Location)
	if err != nil {
		return err
	}
	query := api.AuditQuery{Service: o.service, Language: o.language, DomainID: settings.DomainID}
	if o.out == stdinName {
		return app.auditToStdout(c.Context(), client, query, spans)
	}
	// The file is tried before anything is asked of a server.
	file, err := atomicfile.Create(o.out, 0o666)
	if err != nil {
		return err
	}
	defer file.Abort()
	log, err := app.joinAudit(c.Context(), client, query, spans, file)
	if err != nil {
		return err
	}
	if err := file.Commit(); err != nil {
		return err
	}
	app.Term.Infof("wrote %s of the %s log to %s", log.counted(), o.service, o.out)
	return nil
}

// auditToStdout keeps the log in a file of its own until it is whole.
func (app *App) auditToStdout(ctx context.Context, client *api.Client, query api.AuditQuery, spans []span) error {
	outliveReaders() // else the file would outlive a reader that goes away
	spool, err := os.CreateTemp("", "worksctl-audit-*.tmp")
	if err != nil {
		return noSpool(err)
	}
	defer func() { _ = errors.Join(spool.Close(), os.Remove(spool.Name())) }() // it is only in the way
	if _, err := app.joinAudit(ctx, client, query, spans, spooled{spool}); err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(app.Term.Out, spool)
	return err
}

// spooled is the file that keeps a log until it is whole.
type spooled struct{ io.Writer }

func (s spooled) Write(b []byte) (int, error) {
	n, err := s.Writer.Write(b)
	if err != nil {
		err = noSpool(err)
	}
	return n, err
}

func noSpool(err error) error {
	return exit.Failedf("NO_SPOOL", "free some disk space, or write to a file with --out FILE", "the log can't be kept until it is whole: %v", err)
}

// joinAudit downloads the spans one after the other, which the service asks for,
// into one log.
func (app *App) joinAudit(ctx context.Context, client *api.Client, query api.AuditQuery, spans []span, w io.Writer) (*joinedLog, error) {
	log := &joinedLog{w: w}
	progress := app.Term.StartProgress("parts of the log", len(spans), app.Now)
	defer progress.Stop()
	for i, s := range spans {
		query.StartTime, query.EndTime = s.first, s.last
		part := log.part()
		_, err := client.Audit.Download(ctx, query, part)
		if err == nil {
			err = part.finish()
		}
		if err != nil {
			what := "nothing was written"
			if len(spans) > 1 {
				what = fmt.Sprintf("nothing was written: part %d of %d failed (%s to %s)", i+1, len(spans), s.first.Format(time.RFC3339), s.last.Format(time.RFC3339))
			}
			return nil, unfinished(ctx, explainAudit(err), what)
		}
		progress.Add(1)
	}
	return log, nil
}

// explainAudit names the scope where the server refuses, and what to do about a
// log that the service could not finish.
func explainAudit(err error) error {
	switch {
	case errors.Is(err, api.ErrAuditIncomplete):
		return exit.Failedf("AUDIT_INCOMPLETE", "try again later, or a shorter span", "%v", err)
	case errors.Is(err, api.ErrAuditDamaged):
		return exit.Failedf("AUDIT_DAMAGED", "try again; if it stays so, ask for a shorter span", "%v", err)
	}
	if e, ok := errors.AsType[*api.Error](err); ok && errors.Is(e, api.ErrForbidden) && e.Code != "" { // else it is the host of the file
		return &exit.Error{
			Exit: exit.SignIn, ID: e.Code, HTTPStatus: e.Status, RequestID: e.RequestID, Err: err,
			Hint: "audit logs need the scope audit.read, and for people the consent given under Audit in the admin site",
		}
	}
	return err
}
