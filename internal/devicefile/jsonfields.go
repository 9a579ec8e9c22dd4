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

// allMissing returns a device to decode into.
func allMissing() api.Device {
	return api.Device{
		DeviceID: missingText, DomainID: missingDomain, Type: missingText, Model: missingText, VendorID: missingText, SerialNumber: missingText,
		User:           api.User{UserID: missingText, Email: missingText, UserName: missingText},
		OS:             api.OS{Type: missingText, Version: missingText},
		App:            api.App{Type: missingText, Version: missingText},
		MDM:            api.MDM{Status: missingText, Provider: missingText},
		LastAccessTime: missingText,
	}
}

// takeMissing empties the fields that are missing and returns their names.
func takeMissing(d *api.Device) []string {
	names := takeText(nil, "deviceId", &d.DeviceID)
	if d.DomainID == missingDomain {
		d.DomainID = 0
		names = append(names, "domainId")
	}
	names = takeText(names, "type", &d.Type)
	names = takeText(names, "model", &d.Model)
	names = takeText(names, "vendorId", &d.VendorID)
	names = takeText(names, "serialNumber", &d.SerialNumber)
	names = takeText(names, "user.userId", &d.User.UserID)
	names = takeText(names, "user.email", &d.User.Email)
	names = takeText(names, "user.userName", &d.User.UserName)
	names = takeText(names, "os.type", &d.OS.Type)
	names = takeText(names, "os.version", &d.OS.Version)
	names = takeText(names, "app.type", &d.App.Type)
	names = takeText(names, "app.version", &d.App.Version)
	names = takeText(names, "mdm.status", &d.MDM.Status)
	names = takeText(names, "mdm.provider", &d.MDM.Provider)
	return takeText(names, "lastAccessTime", &d.LastAccessTime)
}

func takeText[T ~string](names []string, name string, p *T) []string {
	if *p != missingText {
		return names
	}
	*p = ""
	return append(names, name)
}
