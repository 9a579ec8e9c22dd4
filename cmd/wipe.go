package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
)

func newWipe(app *App) *cobra.Command {
	return app.newCommand(fleet.Wipe, &cobra.Command{
		Use:   "wipe (DEVICE... | --from FILE) --reason TEXT",
		Short: "Delete the NAVER WORKS app's data on a device",
		Long: `Deletes the NAVER WORKS app's data: the app is initialized and the files it
downloaded are deleted, for the account that is signed in now. Private apps and
files stay; "worksctl reset" deletes those too. It can't be undone. It happens
when the device is next online: until then it is pending.

DEVICE is a device id; at a terminal it may also be a Vendor ID, a serial number
or a member's e-mail, whole, if exactly one device answers to it. If one of the
devices can't be wiped, nothing is sent to any of them.`,
		Example: `  # What would happen?
  worksctl wipe 0113b9c4-6ea5-48f4-8a44-233a2779550e --profile sandbox --dry-run

  # From a script
  worksctl wipe 0113b9c4-6ea5-48f4-8a44-233a2779550e --profile sandbox --reason "lost, ticket 4711" --yes`,
	})
}
