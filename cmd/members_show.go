package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func newMembersShow(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "show MEMBER",
		Short: "Show everything known about one member",
		Long: `Shows the card of one member. MEMBER is a user id, a login e-mail or
externalKey:KEY, whole and never in part; at a terminal also an alias e-mail, if
exactly one member answers to it. If several answer, their cards are shown and
the exit code is 5.`,
		Example: `  worksctl members show seoyeon.choi255@example.com --profile sandbox
  worksctl members show seoyeon.choi255@example.com --profile sandbox -o json --jq .isSuspended`,
		Args:              oneArg("MEMBER"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			return app.showMember(c.Context(), args[0])
		},
	}
}

func (app *App) showMember(ctx context.Context, name string) error {
	format, err := app.outputFormat(false)
	if err != nil {
		return err
	}
	show, err := app.memberPrinter(ctx, format)
	if err != nil {
		return err
	}
	m, err := app.findMember(ctx, name)
	if err != nil {
		return err
	}
	return show(m)
}

// memberPrinter checks the output flags and returns what prints the member: a
// card, one object, or a row where the format or the flags ask for one.
func (app *App) memberPrinter(ctx context.Context, format output.Format) (func(*api.Member) error, error) {
	f := &app.flags
	row := format == output.CSV || len(f.columns) > 0 || f.noHeaders
	if row || f.jq != "" {
		kind := format
		if !row {
			if err := f.fit(format); err != nil {
				return nil, err
			}
			kind = output.NDJSON // one object, not an array of one
		}
		sink, err := app.memberSink(ctx, kind)
		if err != nil {
			return nil, err
		}
		return func(m *api.Member) error {
			if err := sink.Write(m); err != nil {
				return err
			}
			return sink.Close()
		}, nil
	}
	return func(m *api.Member) error {
		return printObject(ctx, app, format, m, fleet.FormatCard(memberFields(m), app.Term.OutStyle().Dim), encodeMember)
	}, nil
}
