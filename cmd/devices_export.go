package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/atomicfile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

type exportOptions struct {
	selectionFlags
	out      string
	format   string
	excel    bool
	manifest bool
}

func newDevicesExport(app *App) *cobra.Command {
	o := &exportOptions{}
	c := &cobra.Command{
		Use:   "export --out FILE",
		Short: "Export devices to a file, whole or not at all",
		Long: `Writes the devices that all filters agree on to FILE. FILE appears whole or not
at all: when anything fails, an older FILE stays as it was and the exit code
isn't 0. Off a terminal success is silent.

The format follows the extension of FILE (.csv, .ndjson, .json, .xlsx), else it
is csv. For people choose .xlsx: opening a CSV file in a spreadsheet program
damages version numbers and ids. --excel writes the CSV that such programs
damage least. Both begin with a key column, by which damage is found when the
file is read back.`,
		Example: `  # The nightly job
  worksctl devices export --profile sandbox --out devices.csv

  # For a colleague with a spreadsheet
  worksctl devices export --profile sandbox --outdated --out outdated.xlsx

  # With a record of what was asked, how many rows came and their checksum
  worksctl devices export --profile sandbox --type mobile --out phones.ndjson --manifest

  # Narrow an export that is there already, without asking the server
  worksctl devices export --from devices.csv --os android --out android.csv`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			return app.runExport(c, o)
		},
	}
	o.add(c)
	f := c.Flags()
	f.StringVar(&o.out, "out", "", "file to write; - is standard output")
	f.StringVar(&o.format, "format", "", "csv, ndjson, json or xlsx (default by the extension of FILE, else csv)")
	f.BoolVar(&o.excel, "excel", false, "CSV for spreadsheet programs: BOM, CRLF, formulas disarmed")
	f.BoolVar(&o.manifest, "manifest", false, "write FILE.manifest.json too: query, rows, pages, checksum, times")
	fixedValues(c, "format", "csv", "ndjson", "json", "xlsx")
	fileName(c, "out")
	return c
}

// destination is where an export goes.
type destination struct {
	io.Writer
	file   *atomicfile.File // nil for standard output
	record *atomicfile.File // the manifest; nil without one
	hash   hash.Hash
	size   int64
}

func (t *destination) Write(p []byte) (int, error) {
	n, err := t.Writer.Write(p)
	if t.hash != nil {
		t.hash.Write(p[:n])
	}
	t.size += int64(n)
	return n, err
}

func (app *App) runExport(c *cobra.Command, o *exportOptions) error {
	format, err := o.check(app)
	if err != nil {
		return err
	}
	sel, err := o.parse(app, c)
	if err != nil {
		return err
	}
	columns := fleet.Columns(app.view())
	if len(app.flags.columns) > 0 {
		if columns, err = output.Select(columns, app.flags.columns); err != nil {
			return err
		}
	}
	// The file is tried before anything is asked of a server.
	t := &destination{Writer: app.dataOut(format)}
	if o.out != "-" {
		if t.file, err = atomicfile.Create(o.out, 0o666); err != nil {
			return err
		}
		defer t.file.Abort()
		t.Writer = t.file
	}
	if o.manifest {
		if t.record, err = o.newRecord(); err != nil {
			return err
		}
		defer t.record.Abort()
		t.hash = sha256.New()
	}

	started := app.Now()
	var n counts
	if err := app.export(c.Context(), sel, format, columns, t, &n); err != nil {
		return err
	}
	if n.rows.Selected == 0 {
		app.tellWrongDomain(c.Context(), sel, &n)
		if err := o.empty(); err != nil {
			return unfinished(c.Context(), err, "nothing was exported")
		}
	}
	switch {
	case o.manifest:
		m := manifest{
			CreatedTime: started, File: filepath.Base(o.out), Format: string(format), Columns: output.Keys(columns),
			Bytes: t.size, SHA256: hex.EncodeToString(t.hash.Sum(nil)),
		}
		if err := app.describe(&m, c, sel, &n); err != nil {
			return err
		}
		err = t.commit(&m)
	case t.file != nil:
		err = t.file.Commit()
	}
	if err != nil {
		return err
	}
	app.tell(&n)
	if t.file != nil {
		if !o.manifest {
			app.tellStale(o.out)
		}
		app.Term.Infof("exported %s to %s", countOf(n.rows.Selected), o.out)
	}
	return nil
}

// export streams the devices into t. Nothing is committed yet.
func (app *App) export(ctx context.Context, sel selection, format output.Format, columns []output.Column[*api.Device], t *destination, n *counts) error {
	sink, err := output.New(t, format, columns, output.Options[*api.Device]{Encode: encodeDevice, NoHeaders: app.flags.noHeaders})
	if err != nil {
		return err
	}
	n.progress = app.startProgress(t.file == nil)
	defer n.progress.Stop()
	rows, err := app.devices(ctx, sel, n)
	if err != nil {
		return err
	}
	if !sel.sort.IsSet() {
		defer collectEarly(25)()
	}
	return copyRows(rows, sink, func(err error) error { return notWritten(ctx, err, t, n) })
}

// notWritten says that there is no new file, whatever had come already.
func notWritten(ctx context.Context, err error, t *destination, n *counts) error {
	switch {
	case t.file == nil:
		return incomplete(ctx, err, n, false)
	case n.rows.Selected == 0:
		return unfinished(ctx, err, "nothing was exported")
	}
	return unfinished(ctx, err, "nothing was exported: the list broke after "+countOf(n.rows.Selected))
}

// misleads reports whether a file of that extension is expected to hold
// something else than CSV, which an unknown extension stands for.
func misleads(extension string) bool {
	switch extension {
	case "xls", "xlsm", "xlsb", "ods", "numbers", "yaml", "yml", "jsonl", "tsv", "xml", "html", "pdf", "parquet", "zip", "gz":
		return true
	}
	return false
}

// check looks at the flags that only export has, and names the file's format.
func (o *exportOptions) check(app *App) (output.Format, error) {
	f := &app.flags
	switch {
	case o.out == "":
		return "", exit.Usagef("OUT_MISSING", "worksctl devices export --out devices.csv", "export needs --out FILE; - is standard output")
	case f.jq != "":
		return "", exit.Usagef("JQ_NOT_HERE", "worksctl devices list -o json --jq '"+f.jq+"'", "export writes whole devices, without --jq")
	case o.manifest && o.out == "-":
		return "", exit.Usagef("MANIFEST_NEEDS_FILE", "name a file with --out", "--manifest stands beside a file, and standard output is none")
	}
	name, said := o.format, "--format"
	if name == "" {
		name, said = strings.TrimPrefix(strings.ToLower(filepath.Ext(o.out)), "."), "the extension of --out"
	}
	format, err := output.ParseFormat(name, output.FileFormats())
	if err != nil && o.format != "" {
		return "", explainFormat("--format", err)
	}
	if err != nil && misleads(name) {
		return "", exit.Usagef("WRONG_EXTENSION", "name a .csv, .ndjson, .json or .xlsx file, or say --format csv",
			"--out %s: export writes no .%s", o.out, name)
	}
	if err != nil {
		format, said = output.CSV, "the default"
	}
	switch {
	case f.output != "" && f.output != string(format) && (f.output != "json" || said == "the default"):
		hint := "leave -o out"
		if _, err := output.ParseFormat(f.output, output.FileFormats()); err == nil {
			hint = "name the file's format with --format " + f.output
		}
		return "", exit.Usagef("OUTPUT_NOT_FORMAT", hint, "-o %s is for what is printed; the file would be %s by %s", f.output, format, said)
	case o.excel && format != output.CSV:
		return "", exit.Usagef("EXCEL_NOT_CSV", "leave --excel out: xlsx needs no help", "--excel is for csv; the file would be %s by %s", format, said)
	case format == output.XLSX && o.out == "-" && app.Term.OutTTY:
		return "", exit.Usagef("BINARY_TO_TERMINAL", "name a file with --out, or pipe the output", "xlsx is no text for a terminal")
	case len(f.columns) > 0 && (format == output.JSON || format == output.NDJSON):
		return "", exit.Usagef("COLUMNS_NOT_TABULAR", "leave --columns out", "--columns goes with csv and xlsx; %s has whole devices", format)
	case f.noHeaders && (format != output.CSV || o.excel):
		return "", exit.Usagef("HEADERS_NOT_TABULAR", "leave --no-headers out", "--no-headers goes with plain csv")
	}
	if o.excel {
		format = output.ExcelCSV
	}
	return format, nil
}
