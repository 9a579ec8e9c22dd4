package devicefile

import (
	"math"

	"github.com/worksctl/worksctl/pkg/api"
)

// Decoding leaves fields alone that an object lacks. Before it they hold values
// that no back end sends, so that those left are the ones missing.
const (
	missingText   = "\x00missing"
	missingDomain = math.MinInt32
)

// textField is one text of a device under its name in the contract.
type textField struct {
	name string
	get  func() string
	set  func(string)
}

func field[T ~string](name string, p *T) textField {
	return textField{name, func() string { return string(*p) }, func(s string) { *p = T(s) }}
}

func textFields(d *api.Device) []textField {
	return []textField{
		field("deviceId", &d.DeviceID), field("type", &d.Type), field("model", &d.Model),
		field("vendorId", &d.VendorID), field("serialNumber", &d.SerialNumber),
		field("user.userId", &d.User.UserID), field("user.email", &d.User.Email), field("user.userName", &d.User.UserName),
		field("os.type", &d.OS.Type), field("os.version", &d.OS.Version),
		field("app.type", &d.App.Type), field("app.version", &d.App.Version),
		field("mdm.status", &d.MDM.Status), field("mdm.provider", &d.MDM.Provider),
		field("lastAccessTime", &d.LastAccessTime),
	}
}

// allMissing returns a device to decode into.
func allMissing() api.Device {
	d := api.Device{DomainID: missingDomain}
	for _, f := range textFields(&d) {
		f.set(missingText)
	}
	return d
}

// takeMissing empties the fields that are missing and returns their names.
func takeMissing(d *api.Device) []string {
	var names []string
	for _, f := range textFields(d) {
		if f.get() == missingText {
			f.set("")
			names = append(names, f.name)
		}
	}
	if d.DomainID == missingDomain {
		d.DomainID = 0
		names = append(names, "domainId")
	}
	return names
}
