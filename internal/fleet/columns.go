package fleet

import (
	"strconv"

	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// The keys of the device columns: a promise to scripts (cli.md, Output).
const (
	KeyDeviceID     = "device_id"
	KeyDomainID     = "domain_id"
	KeyType         = "type"
	KeyModel        = "model"
	KeyVendorID     = "vendor_id"
	KeySerialNumber = "serial_number"
	KeyUserID       = "user_id"
	KeyUserName     = "user_name"
	KeyUserEmail    = "user_email"
	KeyOS           = "os"
	KeyOSVersion    = "os_version"
	KeyApp          = "app"
	KeyAppVersion   = "app_version"
	KeyMDMStatus    = "mdm_status"
	KeyMDMProvider  = "mdm_provider"
	KeyLastAccess   = "last_access"
)

type column = output.Column[*api.Device]

// Columns returns all device columns in the order of data formats, each under
// its own key. As data a cell is the wire's value; in a table it is what v
// makes of it. The wide table and `--columns` show them.
func Columns(v View) []output.Column[*api.Device] {
	return []column{
		{Key: KeyDeviceID, Title: "device id", Exact: true, Value: func(d *api.Device) string { return d.DeviceID }},
		{Key: KeyDomainID, Title: "domain", Value: domain},
		{
			Key: KeyType, Title: "type", Value: func(d *api.Device) string { return string(d.Type) },
			Human: func(d *api.Device) string { return typeName(d.Type) },
		},
		{Key: KeyModel, Title: "model", Flex: 8, Value: func(d *api.Device) string { return d.Model }},
		{Key: KeyVendorID, Title: "vendor id", Value: func(d *api.Device) string { return string(d.VendorID) }},
		{Key: KeySerialNumber, Title: "serial number", Value: func(d *api.Device) string { return string(d.SerialNumber) }},
		{Key: KeyUserID, Title: "user id", Value: func(d *api.Device) string { return d.User.UserID }},
		{Key: KeyUserName, Title: "user", Flex: 8, Value: func(d *api.Device) string { return d.User.UserName }},
		{Key: KeyUserEmail, Title: "e-mail", Flex: 12, Value: func(d *api.Device) string { return d.User.Email }},
		{
			Key: KeyOS, Title: "os", Value: func(d *api.Device) string { return string(d.OS.Type) },
			Human: func(d *api.Device) string { return osName(d.OS.Type) },
		},
		{Key: KeyOSVersion, Title: "os version", Flex: 8, Value: func(d *api.Device) string { return d.OS.Version }},
		{
			Key: KeyApp, Title: "app", Value: func(d *api.Device) string { return string(d.App.Type) },
			Human: func(d *api.Device) string { return appName(d.App.Type) },
		},
		{Key: KeyAppVersion, Title: "app version", Flex: 8, Value: func(d *api.Device) string { return d.App.Version }},
		{
			Key: KeyMDMStatus, Title: "mdm", Value: func(d *api.Device) string { return string(d.MDM.Status) },
			Human: func(d *api.Device) string { return mdmName(d.MDM.Status) },
		},
		{
			Key: KeyMDMProvider, Title: "mdm by", Value: func(d *api.Device) string { return string(d.MDM.Provider) },
			Human: func(d *api.Device) string { return providerName(d.MDM.Provider) },
		},
		{
			Key: KeyLastAccess, Title: "last access", Value: func(d *api.Device) string { return d.LastAccessTime },
			Human: v.access,
		},
	}
}

// TableColumns returns the columns of the table that a listing shows when none
// are asked for: who, what, how old, and the id to act on. On a terminal of 80
// cells user, model, OS and age stand beside the whole id.
func TableColumns(v View) []output.Column[*api.Device] {
	cols := []column{
		{Key: KeyUserName, Title: "user", Flex: 8, Value: userName},
		{Key: KeyModel, Title: "model", Flex: 8, Droppable: 3, Value: func(d *api.Device) string { return d.Model }},
		{Key: KeyOS, Title: "os", Flex: 8, Value: func(d *api.Device) string { return spaced(osName(d.OS.Type), d.OS.Version) }},
		{Key: KeyApp, Title: "app", Flex: 10, Droppable: 2, Value: func(d *api.Device) string { return spaced(appName(d.App.Type), d.App.Version) }},
		{Key: KeyLastAccess, Title: "last access", Droppable: 1, Value: v.accessLocal},
	}
	if v.Location != nil {
		cols = append(cols, column{Key: "ago", Title: "ago", Value: v.accessAgo})
	}
	return append(cols, column{Key: KeyDeviceID, Title: "device id", Exact: true, Value: func(d *api.Device) string { return d.DeviceID }})
}

// domain is empty for a device of a file that doesn't say its domain.
func domain(d *api.Device) string {
	if d.DomainID == 0 {
		return ""
	}
	return strconv.Itoa(int(d.DomainID))
}

// userName falls back to what else names the member.
func userName(d *api.Device) string {
	switch {
	case d.User.UserName != "":
		return d.User.UserName
	case d.User.Email != "":
		return d.User.Email
	}
	return d.User.UserID
}

func spaced(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
