package cmd

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/output"
)

func newDevicesCheck(app *App) *cobra.Command {
	var list string
	file := &fileFlags{}
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Say what a file of devices holds, and what is wrong with it",
		Long: `Reads a file as --from does, an own export or the console's download, and says
what it found: format, encoding, separator and language, which column holds
what, how many rows are good, and every cell that can't be trusted, by row and
column as a spreadsheet counts. It asks no server and changes nothing.

The exit code is 0 if every row can be trusted, else 1. Columns that aren't read
are no fault; --map says what they hold. FILE may be - for standard input.`,
		Example: `  worksctl devices export --profile sandbox --limit 3 --out three.xlsx
  worksctl devices check three.xlsx

  # Every problem in a line, for a script
  worksctl devices check three.xlsx -o json --jq '.problems[].text'`,
		Args:              oneArg("FILE"),
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault),
		RunE: func(c *cobra.Command, args []string) error {
			filter, err := fleet.ParseFilter(fleet.FilterInput{Type: list}, app.Now())
			if err != nil {
				return err
			}
			o, err := file.options(app, c, args[0], filter.Query().Type)
			if err != nil {
				return err
			}
			return app.checkFile(c, args[0], o)
		},
	}
	file.add(c)
	c.Flags().StringVar(&list, "type", "", "what list the file is of, where it doesn't tell: mobile, pc or drive")
	fixedValues(c, "type", "mobile", "pc", "drive")
	return c
}

// fileCheck is what was found: docs/schema/file-check.schema.json.
type fileCheck struct {
	File      string         `json:"file"`
	Kind      string         `json:"kind"` // export or console
	Format    string         `json:"format"`
	Encoding  *string        `json:"encoding"`  // null for a workbook
	Delimiter *string        `json:"delimiter"` // null where none separates cells
	Language  *string        `json:"language"`  // of the console; null where it can't be told
	HeaderRow *int           `json:"headerRow"` // null for JSON
	Columns   []checkColumn  `json:"columns"`
	Missing   []string       `json:"missing"` // columns of devices that the file lacks
	Rows      checkRows      `json:"rows"`
	DeviceIDs bool           `json:"deviceIds"` // without any, devices can't be acted on by id
	Problems  []checkProblem `json:"problems"`

	logins string // of members who are named by a login without its domain
}

type checkColumn struct {
	Header   string   `json:"header"`
	Position int      `json:"position"` // from 1
	Holds    []string `json:"holds"`    // keys of device columns; none for one that isn't read
	Map      *string  `json:"map"`      // what to type for one that isn't known, or that names members by logins without domain

	suggest string
}

type checkRows struct {
	Good     int `json:"good"`
	Bad      int `json:"bad"`
	Hidden   int `json:"hidden"`   // by a filter of a spreadsheet, good or bad
	Repeated int `json:"repeated"` // the same as an earlier row
	Older    int `json:"older"`    // left out for a row with a later access of the same device, member and app
	Unlisted int `json:"unlisted"` // of which the list can't be told: --type says it
}

type checkProblem struct {
	Row    int     `json:"row"` // of JSON the position
	Column *string `json:"column"`
	Text   string  `json:"text"` // as it is shown to a person, with its place
}

func (app *App) checkFile(c *cobra.Command, path string, o devicefile.Options) error {
	format, err := app.objectFormat(c)
	if err != nil {
		return err
	}
	file, err := devicefile.Open(path, app.input(c.Context(), path), o)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	app.tellUnread(file.Unread())
	found, err := examine(c.Context(), path, file)
	if err != nil {
		return err
	}
	if err := printObject(c.Context(), app, format, *found, found.page(), output.EncodeJSON[fileCheck]); err != nil {
		return err
	}
	if found.Rows.Bad == 0 {
		return nil
	}
	return exit.Failedf("BAD_ROWS", "mend them, or download the list anew", "%s: %s can't be trusted", path, rowsOf(found.Rows.Bad, found.Rows.Good+found.Rows.Bad))
}

// examine reads the whole file.
func examine(ctx context.Context, path string, file *devicefile.File) (*fileCheck, error) {
	f := &fileCheck{
		File: path, Kind: "export", Format: string(file.Format()),
		Columns: []checkColumn{}, Missing: []string{}, Problems: []checkProblem{},
	}
	for row, err := range file.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		for _, p := range row.Problems {
			f.Problems = append(f.Problems, checkProblem{Row: row.Line, Column: orNull(p.Column), Text: p.Error()})
		}
		if len(row.Problems) > 0 {
			f.Rows.Bad++
		} else {
			f.Rows.Good++
		}
		f.DeviceIDs = f.DeviceIDs || row.Device.DeviceID != ""
	}
	f.Rows.Repeated, f.Rows.Older, f.Rows.Hidden = file.Repeated(), len(file.Older()), len(file.Hidden())
	f.describe(file)
	return f, nil
}

// describe fills in what the file is, and its columns.
func (f *fileCheck) describe(file *devicefile.File) {
	all := output.Keys(fleet.Columns(fleet.View{}))
	if s := file.Sheet(); s != nil {
		f.Encoding, f.Delimiter = orNull(s.Encoding), orNull(s.Delimiter)
	} else if file.Format() != devicefile.XLSX {
		f.Encoding = orNull("UTF-8")
	}
	console := file.Console()
	columns := file.Columns()
	if columns != nil {
		f.Missing = append(f.Missing, slices.DeleteFunc(all, func(key string) bool { return slices.Contains(columns, key) })...)
	}
	if console == nil {
		if file.Format() == devicefile.CSV && f.Delimiter == nil {
			f.Delimiter = orNull(",")
		}
		for i, key := range columns {
			f.Columns = append(f.Columns, checkColumn{Header: key, Position: i + 1, Holds: []string{key}})
		}
		return
	}
	f.Kind, f.Language, f.HeaderRow = "console", orNull(console.Language), &console.HeaderRow
	f.Rows.Unlisted = console.Untyped
	header, suggest, members := file.BareLogins()
	f.logins = loginsText(suggest, members)
	for _, c := range console.Columns {
		column := checkColumn{Header: c.Header, Position: c.Position, Holds: append([]string{}, c.Keys...)}
		if c.Suggest != "" {
			column.suggest = c.Suggest
			column.Map = orNull("--map " + fleet.ShellQuote(c.Suggest))
		}
		if members > 0 && c.Header == header {
			column.Map = orNull("--map " + fleet.ShellQuote(suggest))
		}
		f.Columns = append(f.Columns, column)
	}
}

// page is what was found, for a person.
func (f *fileCheck) page() string {
	what := "an export of worksctl"
	if f.Kind == "console" {
		what = "a download of the console" + languageText(f.Language)
	}
	ids := "yes"
	if !f.DeviceIDs {
		ids = "none: devices can't be acted on by id"
	}
	fields := []fleet.Field{
		{Label: "File", Value: f.File},
		{Label: "Is", Value: what},
		{Label: "Format", Value: strings.Join(slices.DeleteFunc([]string{f.Format, orEmpty(f.Encoding), delimiterText(f.Delimiter)}, blank), ", ")},
		{Label: "Rows", Value: f.Rows.text()},
		{Label: "Device ids", Value: ids},
	}
	if f.logins != "" {
		fields = append(fields, fleet.Field{Label: "Logins", Value: f.logins})
	}
	if len(f.Missing) > 0 {
		fields = append(fields, fleet.Field{Label: "Not in it", Value: strings.Join(f.Missing, ", ")})
	}
	text := fleet.FormatCard(fields, nil)
	if f.Kind == "console" {
		text += "Columns\n"
		for _, c := range f.Columns {
			text += "  " + output.Clean(c.Header) + ": " + output.Clean(c.text()) + "\n"
		}
	}
	if len(f.Problems) > 0 {
		text += "Problems\n"
		for _, p := range f.Problems {
			text += "  " + output.Clean(p.Text) + "\n"
		}
	}
	return text
}
