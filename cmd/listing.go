package cmd

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// listingOptions are the flags of list and search.
type listingOptions struct {
	selectionFlags
	count bool
}

func (o *listingOptions) addFlags(c *cobra.Command) {
	o.add(c)
	c.Flags().BoolVar(&o.count, "count", false, "print only how many devices there are")
}

// runListing checks every flag first, then streams the devices to stdout.
func (app *App) runListing(c *cobra.Command, o *listingOptions) error {
	if o.count {
		if err := refuseBeside(c, "count", "columns", "jq", "no-headers"); err != nil {
			return err
		}
	}
	sel, err := o.parse(app, c)
	if err != nil {
		return err
	}
	format, err := app.outputFormat(sel.from != "")
	if err != nil {
		return err
	}
	sink := output.Sink[*api.Device](output.NewCount[*api.Device](app.Term.Out))
	if !o.count {
		if sink, err = app.deviceSink(c.Context(), format); err != nil {
			return err
		}
	}

	// These come out at the end or not at all.
	whole := o.count || sel.sort.IsSet() || app.flags.jq != "" && format == output.JSON
	human := format == output.Table || format == output.Wide
	n := counts{progress: app.startProgress(!whole && !human)}
	defer n.progress.Stop()
	rows, err := app.devices(c.Context(), sel, &n)
	if err != nil {
		return err
	}
	if n.columns != nil && format == output.Table && !o.count && len(app.flags.columns) == 0 {
		if sink, err = app.tableOf(c.Context(), n.columns); err != nil {
			return err
		}
	}
	if !whole {
		defer collectEarly(25)()
	}
	told := false
	err = copyRows(rows, sink, func(err error) error {
		told = true
		return incomplete(c.Context(), err, &n, whole)
	})
	n.progress.Stop()
	if err != nil && !told && !whole && app.flags.jq == "" && !terminal.IsBrokenPipe(err) {
		err = unfinished(c.Context(), err, "the list is not complete: writing broke within the first "+countOf(n.rows.Selected))
	}
	if err != nil {
		return err
	}
	tellHidden(app, sink)
	app.tell(&n)
	if n.rows.Selected == 0 {
		app.tellWrongDomain(c.Context(), sel, &n)
		if err := o.empty(); err != nil {
			return err
		}
		app.Term.Infof("no device matches")
	}
	return nil
}

// tableOf is the usual table without the columns of which a file has none: they
// would take room and stay empty.
func (app *App) tableOf(ctx context.Context, has []string) (output.Sink[*api.Device], error) {
	all := fleet.Columns(app.view())
	table := slices.DeleteFunc(fleet.TableColumns(app.view()), func(c output.Column[*api.Device]) bool {
		shows := []string{c.Key}
		switch c.Key {
		case fleet.KeyUserName:
			shows = append(shows, fleet.KeyUserEmail, fleet.KeyUserID)
		case fleet.KeyOS:
			shows = append(shows, fleet.KeyOSVersion)
		case fleet.KeyApp:
			shows = append(shows, fleet.KeyAppVersion)
		case "ago":
			shows = append(shows, fleet.KeyLastAccess)
		}
		return !slices.ContainsFunc(shows, func(key string) bool { return slices.Contains(has, key) })
	})
	if len(table) == 0 {
		table = fleet.TableColumns(app.view())
	}
	return newSink(ctx, app, output.Table, all, table, encodeDevice)
}

// copyRows streams rows into sink and closes it. An error of rows goes through
// broken; the output then ends with the rows that came.
func copyRows(rows iter.Seq2[api.Device, error], sink output.Sink[*api.Device], broken func(error) error) error {
	defer func() { _ = output.Abort(sink) }() // the error is told already; after Close it does nothing
	var row api.Device
	for d, err := range rows {
		if err != nil {
			return broken(err)
		}
		row = d
		if err := sink.Write(&row); err != nil {
			return err
		}
	}
	return sink.Close()
}

// incomplete says how far a listing came before it broke, and whether anything
// of it was shown.
func incomplete(ctx context.Context, err error, n *counts, whole bool) error {
	switch {
	case n.rows.Selected == 0:
		return unfinished(ctx, err, "")
	case whole:
		return unfinished(ctx, err, "nothing is shown: the list broke after "+countOf(n.rows.Selected))
	default:
		return unfinished(ctx, err, "the list is not complete: it broke after "+countOf(n.rows.Selected))
	}
}

// unfinished puts what became of the work before err, which a signal may have
// caused.
func unfinished(ctx context.Context, err error, what string) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	e := *explain(err)
	if what != "" {
		e.Message, e.Err = what+": "+e.Error(), nil
	}
	return &e
}

// tell warns of what a listing left out.
func (app *App) tell(n *counts) {
	if f := n.foreign(); f > 0 {
		app.Term.Warnf("the back end sent %s that the filters exclude; left out", countOf(f))
	}
	if f := n.rows.NoLatest; f > 0 {
		app.Term.Warnf("%s left out: no latest version is named for their app", countOf(f))
	}
	if f := n.rows.UnreadableVersions; f > 0 {
		app.Term.Warnf("%s left out: the version can't be read", countOf(f))
	}
	if f := n.rows.UnreadableTimes; f > 0 {
		app.Term.Warnf("%s left out: the last access can't be read", countOf(f))
	}
	if len(n.hidden) > 0 {
		app.Term.Warnf("%s; they were read all the same", hiddenText(n.hidden))
	}
	if n.file > 0 {
		app.Term.Warnf("%s", sameRows(n.file))
	}
	if len(n.older) > 0 {
		app.Term.Warnf("%s", olderRows(n.older))
	}
}

func countOf(n int) string {
	if n == 1 {
		return "1 device"
	}
	return fmt.Sprintf("%d devices", n)
}
