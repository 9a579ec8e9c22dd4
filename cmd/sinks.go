package cmd

import (
	"context"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// view is how times are shown: local and relative on a terminal, as received
// elsewhere.
func (app *App) view() fleet.View {
	v := fleet.View{Now: app.fleetNow()}
	if app.Term.OutTTY {
		v.Location = app.Location
	}
	return v
}

// deviceSink makes the sink for a listing of devices on stdout.
func (app *App) deviceSink(ctx context.Context, format output.Format) (output.Sink[*api.Device], error) {
	all, table := fleet.Columns(app.view()), fleet.TableColumns(app.view())
	if format != output.Table {
		table = all
	}
	return newSink(ctx, app, format, all, table, encodeDevice)
}

func encodeDevice(dst []byte, d *api.Device) ([]byte, error) { return d.AppendJSON(dst), nil }

// newSink makes the sink for rows on stdout, by the flags that every listing
// has: all are the columns that --columns may name, shown those it replaces.
func newSink[T any](ctx context.Context, app *App, format output.Format, all, shown []output.Column[T], encode output.Encoder[T]) (output.Sink[T], error) {
	f := &app.flags
	if err := f.fit(format); err != nil {
		return nil, err
	}
	o := output.Options[T]{NoHeaders: f.noHeaders, Encode: encode, Context: ctx, Terminal: app.Term.OutTTY}
	if len(f.columns) > 0 {
		var err error
		if shown, err = output.Select(all, f.columns); err != nil {
			return nil, err
		}
	}
	if f.jq != "" {
		var err error
		if o.JQ, err = output.NewJQ(f.jq); err != nil {
			return nil, exit.Usagef("BAD_JQ", "worksctl devices list -o json --jq '.[].deviceId'", "--jq: %s", strings.TrimPrefix(err.Error(), "jq program: "))
		}
	}
	if app.Term.OutTTY {
		o.Width = app.Term.Width
	}
	return output.New(app.dataOut(format), format, shown, o)
}

// fit refuses flags that a format has no use for.
func (f *globalFlags) fit(format output.Format) error {
	tabular := format == output.Table || format == output.Wide || format == output.CSV
	switch {
	case len(f.columns) > 0 && !tabular:
		return exit.Usagef("COLUMNS_NOT_TABULAR", "pick fields with --jq", "--columns goes with table, wide and csv, not with %s", format)
	case f.noHeaders && !tabular:
		return exit.Usagef("HEADERS_NOT_TABULAR", "leave --no-headers out", "--no-headers goes with table, wide and csv, not with %s", format)
	case f.jq != "" && format != output.JSON && format != output.NDJSON:
		return exit.Usagef("JQ_NOT_JSON", "add -o json", "--jq goes with -o json or -o ndjson, not with %s", format)
	}
	return nil
}

// tellHidden says on stderr which columns a narrow terminal had no room for.
func tellHidden[T any](app *App, sink output.Sink[T]) {
	if t, ok := sink.(interface{ Hidden() []string }); ok {
		if hidden := t.Hidden(); len(hidden) > 0 {
			app.Term.Infof("no room for %s: widen the terminal or use -o wide", strings.Join(hidden, ", "))
		}
	}
}

// startProgress counts devices on stderr, unless rows stream to the same
// terminal meanwhile. A table comes in large blocks.
func (app *App) startProgress(streams bool) *terminal.Progress {
	if streams && app.Term.OutTTY {
		return nil
	}
	return app.Term.StartProgress("devices", 0, app.Now)
}
