package cmd

import "github.com/spf13/cobra"

func newDevices(app *App) *cobra.Command {
	return group("devices",
		"List, search, show and export devices",
		`Lists, searches, shows and exports the devices of an organization: those of the
NAVER WORKS mobile app, of the PC app and Drive Explorer, and of the Drive
mobile app. All of it works on a file too, an own export or the console's
download: --from FILE. A device stays listed for 3 years after its last access.`,
		`  worksctl devices list --profile sandbox --type pc --limit 5
  worksctl devices search "Galaxy" --profile sandbox -o csv`,
		newDevicesList(app),
		newDevicesSearch(app),
		newDevicesShow(app),
		newDevicesExport(app),
		newDevicesCheck(app),
	)
}
