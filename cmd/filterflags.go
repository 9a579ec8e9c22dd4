package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/fleet"
)

// addFilterFlags gives c the filters of cli.md, the same set wherever devices
// are selected.
func addFilterFlags(c *cobra.Command, in *fleet.FilterInput) {
	f := c.Flags()
	f.StringVar(&in.Type, "type", "", "only this device list: mobile, pc or drive")
	f.StringVar(&in.User, "user", "", "only users whose name or e-mail contains this, or with this user id")
	f.StringVar(&in.Model, "model", "", "only models that contain this")
	f.StringVar(&in.OS, "os", "", "only this system: ios, android, windows or macos")
	f.StringVar(&in.OSVersion, "os-version", "", "only this system version, by parts: 17 is also 17.5")
	f.StringVar(&in.OSVersionMax, "os-version-max", "", "only this system version or older")
	f.StringVar(&in.App, "app", "", "only this app: works, pc, drive-explorer or drive")
	f.StringVar(&in.AppVersion, "app-version", "", "only this app version")
	f.StringVar(&in.AppVersionMax, "app-version-max", "", "only this app version or older")
	f.BoolVar(&in.Outdated, "outdated", false, "only apps older than the latest version that the back end names")
	f.StringVar(&in.LastAccess, "last-access", "", "only devices used within this span: 30d, 6m, 1y or all (default all)")
	f.StringVar(&in.Inactive, "inactive", "", "only devices not used for this span: 90d, 6m, 1y")
	f.StringVar(&in.MDM, "mdm", "", "only this MDM state: registered, pending or unregistered")

	fixedValues(c, "type", "mobile", "pc", "drive")
	fixedValues(c, "os", "ios", "android", "windows", "macos")
	fixedValues(c, "app", "works", "pc", "drive-explorer", "drive")
	fixedValues(c, "last-access", "30d", "6m", "1y", "all")
	fixedValues(c, "inactive", "30d", "90d", "6m", "1y")
	fixedValues(c, "mdm", "registered", "pending", "unregistered")
	freeText(c, "user", "model", "os-version", "os-version-max", "app-version", "app-version-max")
}
