package cmd

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func newSandboxInfo(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "info",
		Short: "Show what the sandbox holds",
		Long: `Shows where the sandbox's data are, how large its fleet is, what its clock says and
how it is set.`,
		Example: `  worksctl sandbox info
  worksctl sandbox info -o json`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			path, err := app.sandboxPath()
			if err != nil {
				return err
			}
			backend, err := app.openSandbox(seed.Options{})
			if err != nil {
				return err
			}
			info := struct {
				sandbox.Info
				Path string `json:"path"`
			}{Path: path}
			if err := control(c.Context(), backend, http.MethodGet, "/info", nil, &info.Info); err != nil {
				return err
			}
			return printObject(c.Context(), app, info, fleet.FormatCard([]fleet.Field{
				{Label: "Data", Value: path},
				{Label: "Devices", Value: fmt.Sprintf("%d of %d members, seed %d", info.Devices, info.Members, info.Seed)},
				{Label: "Domain", Value: strconv.Itoa(int(info.DomainID))},
				{Label: "Clock", Value: info.Time.Format(time.RFC3339) + " (advanced by " + info.Advanced + ")"},
				{Label: "Plan", Value: info.Plan},
				{Label: "MDM", Value: info.MDMMode},
				{Label: "Commands", Value: fmt.Sprintf("%d, %d of them pending", info.Commands, info.Pending)},
				{Label: "Faults", Value: strconv.Itoa(info.Faults)},
			}))
		},
	}
}
