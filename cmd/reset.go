package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
)

func newReset(app *App) *cobra.Command {
	return app.newCommand(fleet.Reset, &cobra.Command{
		Use:   "reset (DEVICE... | --from FILE) --reason TEXT",
		Short: "Set a device back to factory defaults",
		Long: `Sets a device back to factory defaults: every app and file on it is deleted, the
member's private ones too. "worksctl wipe" deletes the NAVER WORKS app's data
only. It can't be undone. It happens when the device is next online: until then
it is pending. Afterwards the device is listed as a new device.

DEVICE is a device id; at a terminal it may also be a Vendor ID, a serial number
or a member's e-mail, whole, if exactly one device answers to it. If one of the
devices can't be reset, nothing is sent to any of them.`,
		Example: `  # What would happen?
  worksctl reset 0113b9c4-6ea5-48f4-8a44-233a2779550e --profile sandbox --dry-run

  # From a script
  worksctl reset 0113b9c4-6ea5-48f4-8a44-233a2779550e --profile sandbox --reason "stolen, ticket 4712" --yes`,
	})
}
