package cmd

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/output"
)

// outputFormat is -o, or the default of the profile in force, or table. A
// command that reads a file needs no profile.
func (app *App) outputFormat(offline bool) (output.Format, error) {
	name, from := app.flags.output, "-o"
	if name == "" && offline {
		name, _ = app.LookupEnv(config.EnvOutput)
		from = config.EnvOutput
	} else if name == "" {
		settings, err := app.Settings()
		if err != nil {
			return "", err
		}
		name, from = settings.Output, "the profile's output"
	}
	if name == "" {
		name = string(output.Table)
	}
	format, err := output.ParseFormat(name, output.Formats())
	if err != nil {
		return "", explainFormat(from, err)
	}
	app.format = format
	return format, nil
}

// objectFormat is the format of a command that prints one object and knows no
// profile. A default for listings that can't show one object doesn't count.
func (app *App) objectFormat(c *cobra.Command) (output.Format, error) {
	if err := refuseFlags(c, "columns", "no-headers"); err != nil {
		return "", err
	}
	format, err := app.outputFormat(true)
	if err != nil {
		return "", err
	}
	switch {
	case app.flags.output == "" && format == output.CSV:
		format = output.Table
	case format == output.CSV:
		return "", exit.Usagef("BAD_FORMAT", "-o json", "-o csv is for listings, and %q prints one object", c.CommandPath())
	}
	if app.flags.jq != "" && format != output.JSON && format != output.NDJSON {
		return "", exit.Usagef("JQ_NOT_JSON", "add -o json", "--jq goes with -o json, not with %s", format)
	}
	return format, nil
}

// printObject writes one value in the format asked for; text is its form for
// a person.
func printObject[T any](ctx context.Context, app *App, format output.Format, v T, text string, encode output.Encoder[T]) error {
	switch format {
	case output.Table, output.Wide:
		_, err := io.WriteString(app.Term.Out, text)
		return err
	case output.YAML:
		return printMapping(app.Term.Out, v, encode)
	}
	// One object, not an array of one: each line of NDJSON is just that.
	sink, err := newSink(ctx, app, output.NDJSON, nil, []output.Column[T]{}, encode)
	if err != nil {
		return err
	}
	if err := sink.Write(v); err != nil {
		return err
	}
	return sink.Close()
}

// printMapping writes one YAML mapping: the only item of a list, without its
// dash and its indentation. No text runs over several lines there.
func printMapping[T any](w io.Writer, v T, encode output.Encoder[T]) error {
	var list bytes.Buffer
	sink := output.NewYAML(&list, encode)
	if err := sink.Write(v); err != nil {
		return err
	}
	if err := sink.Close(); err != nil {
		return err
	}
	item := "\n" + strings.Replace(list.String(), "- ", "  ", 1)
	_, err := io.WriteString(w, strings.ReplaceAll(item, "\n  ", "\n")[1:])
	return err
}
