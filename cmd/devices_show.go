package cmd

import (
	"context"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func newDevicesShow(app *App) *cobra.Command {
	var from string
	file := &fileFlags{}
	c := &cobra.Command{
		Use:   "show DEVICE",
		Short: "Show everything known about one device",
		Long: `Shows the card of one device: all that is known of it, what can be done with it
now and why not, and its wipes and resets. DEVICE is a device id; at a terminal
it may also be a Vendor ID, a serial number or a member's e-mail, whole and
never in part, if exactly one device answers to it. If several answer, their
cards are shown and the exit code is 5. In a file (--from) whose devices have no
ids, such as most of the console's downloads, it may be that everywhere.`,
		Example: `  worksctl devices show 0037a4aa-c10f-4f67-9a0d-6e96cfb61d8f --profile sandbox

  # One field, for a script
  worksctl devices show 0037a4aa-c10f-4f67-9a0d-6e96cfb61d8f --profile sandbox -o json --jq .model`,
		Args:              oneArg("DEVICE"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			sel := selection{from: from}
			var err error
			if sel.file, err = file.options(app, c, from, ""); err != nil {
				return err
			}
			return app.showDevice(c.Context(), args[0], sel)
		},
	}
	c.Flags().StringVar(&from, "from", "", "look in this file instead of the API: an own export or\nthe console's download; - is standard input")
	file.add(c)
	fileName(c, "from")
	return c
}

func (app *App) showDevice(ctx context.Context, name string, sel selection) error {
	format, err := app.outputFormat(sel.from != "")
	if err != nil {
		return err
	}
	show, err := app.devicePrinter(ctx, format, sel.from != "")
	if err != nil {
		return err
	}
	source, err := app.deviceSource(ctx, sel)
	if err != nil {
		return err
	}
	d, err := app.resolve(ctx, source.Source, name, app.Term.Interactive() || source.nameless)
	if e := exit.As(err); e != nil && e.ID == "NOT_FOUND" && sel.from != "" {
		e.Hint += " --from " + fleet.ShellQuote(sel.from)
	}
	if err != nil {
		return err
	}
	return show(d)
}

// devicePrinter checks the output flags and returns what prints the device: a
// card, or a row where the format or --columns ask for one, or one object. Card
// and object tell also what can be done with it and its commands, unless it is
// read from a file.
func (app *App) devicePrinter(ctx context.Context, format output.Format, offline bool) (func(*api.Device) error, error) {
	f := &app.flags
	human := format == output.Table || format == output.Wide
	row := format == output.CSV || len(f.columns) > 0 || f.noHeaders
	if f.jq != "" || row {
		if err := f.fit(format); err != nil {
			return nil, err
		}
	}
	switch {
	case row:
		return app.rowPrinter(ctx, format)
	case offline && format != output.YAML && !human:
		return app.rowPrinter(ctx, output.NDJSON) // one object, not an array of one
	case offline:
		return func(d *api.Device) error {
			return printObject(ctx, app, format, d, fleet.FormatCard(fleet.FileCard(d, app.view()), app.Term.OutStyle().Dim), encodeDevice)
		}, nil
	}
	if f.jq != "" { // before any request
		if _, err := newSink(ctx, app, output.NDJSON, nil, []output.Column[*deviceCard]{}, encodeCard); err != nil {
			return nil, err
		}
	}
	return func(d *api.Device) error {
		card, err := app.readCard(ctx, d, human)
		if err != nil {
			return err
		}
		text := ""
		if human {
			text = app.cardText(card)
		}
		return printObject(ctx, app, format, card, text, encodeCard)
	}, nil
}

func (app *App) rowPrinter(ctx context.Context, format output.Format) (func(*api.Device) error, error) {
	sink, err := app.deviceSink(ctx, format)
	if err != nil {
		return nil, err
	}
	return func(d *api.Device) error {
		if err := sink.Write(d); err != nil {
			return err
		}
		return sink.Close()
	}, nil
}

// deviceSource is a source of devices, perhaps of such without ids.
type deviceSource struct {
	fleet.Source
	nameless bool
}

// deviceSource is where a DEVICE is looked for: the API or a file, which is
// then read once and kept.
func (app *App) deviceSource(ctx context.Context, sel selection) (deviceSource, error) {
	if sel.from == "" {
		client, err := app.Client()
		if err != nil {
			return deviceSource{}, err
		}
		return deviceSource{Source: fleet.Source{
			Card: fleet.Card,
			Get:  client.Devices.Get,
			Search: func(ctx context.Context, keyword string) iter.Seq2[api.Device, error] {
				return client.Devices.All(ctx, api.DeviceQuery{Keyword: keyword}, nil)
			},
		}}, nil
	}
	file, err := app.openFile(ctx, sel)
	if err != nil {
		return deviceSource{}, err
	}
	all, n, err := wholeFile(ctx, file)
	if err != nil {
		return deviceSource{}, err
	}
	app.tell(n)
	nameless := !slices.ContainsFunc(all, func(d api.Device) bool { return d.DeviceID != "" })
	return deviceSource{nameless: nameless, Source: fleet.Source{
		Card: fleet.FileCard,
		Get: func(_ context.Context, id string) (*api.Device, error) {
			rows := slices.DeleteFunc(slices.Clone(all), func(d api.Device) bool { return d.DeviceID != id })
			switch len(rows) {
			case 0:
				return nil, api.ErrNotFound
			case 1:
				return &rows[0], nil
			}
			return nil, &fleet.AmbiguousError{Text: id, Devices: rows}
		},
		Search: func(context.Context, string) iter.Seq2[api.Device, error] {
			return func(yield func(api.Device, error) bool) {
				for _, d := range all {
					if !yield(d, nil) {
						return
					}
				}
			}
		},
	}}, nil
}
