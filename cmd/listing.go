package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// listingOptions are the flags of list and search.
type listingOptions struct {
	selectionFlags
	count     bool
	failEmpty bool
}

func (o *listingOptions) addFlags(c *cobra.Command) {
	o.add(c)
	c.Flags().BoolVar(&o.count, "count", false, "print only how many devices there are")
	c.Flags().BoolVar(&o.failEmpty, "fail-empty", false, "exit with 1 when there is no device")
}

// runListing checks every flag first, then streams the devices to stdout.
func (app *App) runListing(c *cobra.Command, o *listingOptions) error {
	sel, err := o.parse(app, c)
	if err != nil {
		return err
	}
	format, err := app.outputFormat(sel.from != "")
	if err != nil {
		return err
	}
	sink, err := app.deviceSink(c.Context(), format)
	if err != nil {
		return err
	}
	if o.count {
		sink = output.NewCount[*api.Device](app.Term.Out)
	}

	var n counts
	rows, err := app.devices(c.Context(), sel, &n)
	if err != nil {
		return err
	}
	progress := app.startProgress(format != output.Table && format != output.Wide)
	defer progress.Stop()
	var row api.Device
	for d, err := range rows {
		if err != nil {
			_ = output.Abort(sink) // the listing's own error is the one to tell
			return incomplete(err, &n)
		}
		row = d
		if err := sink.Write(&row); err != nil {
			return err
		}
		progress.Add(1)
	}
	if err := sink.Close(); err != nil {
		return err
	}
	progress.Stop()
	tellHidden(app, sink)
	app.tell(&n)
	if n.rows.Selected == 0 {
		app.Term.Infof("no device matches")
		if o.failEmpty {
			return &exit.Error{Exit: exit.Failed, ID: "EMPTY", Message: "no device matches"}
		}
	}
	return nil
}

const incompleteID = "INCOMPLETE"

// incomplete says how far a listing came before it broke.
func incomplete(err error, n *counts) error {
	if n.rows.Selected == 0 {
		return err
	}
	e := *explain(err)
	e.Message = fmt.Sprintf("the list is not complete: it broke after %d devices: %s", n.rows.Selected, e.Error())
	e.Err = nil
	return &e
}

// tell warns of what a listing left out.
func (app *App) tell(n *counts) {
	if f := n.rows.Foreign; f > 0 {
		app.Term.Warnf("the back end sent %s that the filters exclude; left out", devices(f))
	}
	if f := n.rows.UnreadableVersions; f > 0 {
		app.Term.Warnf("%s left out: the version can't be read", devices(f))
	}
	if f := n.rows.UnreadableTimes; f > 0 {
		app.Term.Warnf("%s left out: the last access can't be read", devices(f))
	}
	if n.file > 0 {
		app.Term.Warnf("%s in the file more than once; each counts once", devices(n.file))
	}
}

func devices(n int) string {
	if n == 1 {
		return "1 device"
	}
	return fmt.Sprintf("%d devices", n)
}
