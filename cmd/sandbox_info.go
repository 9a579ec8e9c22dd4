package cmd

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/output"
)

func newSandboxInfo(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "info",
		Short: "Show what the sandbox holds",
		Long: `Shows where the sandbox's data are, how large its fleet is, what its clock says
and how it is set.`,
		Example: `  worksctl sandbox info
  worksctl sandbox info -o json`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			format, err := app.objectFormat(c)
			if err != nil {
				return err
			}
			backend, err := app.openSandbox()
			if err != nil {
				return err
			}
			info, err := app.sandboxInfo(c.Context(), backend)
			if err != nil {
				return err
			}
			return printObject(c.Context(), app, format, info, info.card(), output.EncodeJSON[sandboxInfo])
		},
	}
}

// sandboxInfo is what info, reset and advance print.
type sandboxInfo struct {
	sandbox.Info
	Path string `json:"path"`
}

func (app *App) sandboxInfo(ctx context.Context, backend *sandbox.Backend) (info sandboxInfo, err error) {
	if info.Path, err = app.sandboxPath(); err != nil {
		return info, err
	}
	info.Info, err = backend.Info(ctx)
	return info, err
}

func (i *sandboxInfo) card() string {
	return fleet.FormatCard([]fleet.Field{
		{Label: "Data", Value: i.Path},
		{Label: "Devices", Value: fmt.Sprintf("%d of %d members, seed %d", i.Devices, i.Members, i.Seed)},
		{Label: "Domain", Value: strconv.Itoa(int(i.DomainID))},
		{Label: "Clock", Value: i.Time.Format(time.RFC3339) + " (advanced by " + i.Advanced + ")"},
		{Label: "Plan", Value: i.Plan},
		{Label: "MDM", Value: i.MDMMode},
		{Label: "Commands", Value: fmt.Sprintf("%d, %d of them pending", i.Commands, i.Pending)},
		{Label: "Faults", Value: strconv.Itoa(i.Faults)},
	}, nil)
}
