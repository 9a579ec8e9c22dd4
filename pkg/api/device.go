package api

import "time"

// DeviceType names one of the product's three separate device lists (rule R1).
// A value that this version doesn't know is kept and shown as it came.
type DeviceType string

// The device lists of GET /security/devices.
const (
	TypeMobile      DeviceType = "MOBILE"       // NAVER WORKS mobile app
	TypePC          DeviceType = "PC"           // PC app and Drive Explorer
	TypeDriveMobile DeviceType = "DRIVE_MOBILE" // Drive mobile app
)

// OSType is a device's operating system.
type OSType string

// The operating systems of the contract.
const (
	OSIOS     OSType = "IOS"
	OSAndroid OSType = "ANDROID"
	OSWindows OSType = "WINDOWS"
	OSMacOS   OSType = "MACOS"
)

// AppType is an installed NAVER WORKS app.
type AppType string

// The app types of the contract.
const (
	AppWorksMobile   AppType = "WORKS_MOBILE"
	AppWorksPC       AppType = "WORKS_PC"
	AppDriveExplorer AppType = "DRIVE_EXPLORER"
	AppDriveMobile   AppType = "DRIVE_MOBILE"
)

// MDMStatus says whether a device is under remote management (rule R4). With
// an external MDM the status is always [MDMUnregistered].
type MDMStatus string

// The management states of the contract.
const (
	MDMRegistered   MDMStatus = "REGISTERED"
	MDMPending      MDMStatus = "PENDING"
	MDMUnregistered MDMStatus = "UNREGISTERED"
)

// MDMProvider says whose MDM a device is under.
type MDMProvider string

// The MDM providers of the contract.
const (
	ProviderNaverWorks MDMProvider = "NAVER_WORKS"
	ProviderExternal   MDMProvider = "EXTERNAL"
	ProviderNone       MDMProvider = "NONE"
)

// Nullable is a text that the back end may hide (rule R5): empty stands for
// null on the wire, both ways.
type Nullable string

// MarshalJSON writes null for the empty text.
func (n Nullable) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return appendJSONString(nil, string(n)), nil
}

// Device is one row of a device list, as GET /security/devices returns it.
//
// DeviceID names the row, not the phone: after a factory reset the phone comes
// back as a new row with a new DeviceID and VendorID (rule R5).
type Device struct {
	DeviceID       string     `json:"deviceId"`
	DomainID       int32      `json:"domainId"`
	Type           DeviceType `json:"type"`
	Model          string     `json:"model"`
	VendorID       Nullable   `json:"vendorId"`     // only under NAVER WORKS or third-party MDM (R5)
	SerialNumber   Nullable   `json:"serialNumber"` // likewise
	User           User       `json:"user"`
	OS             OS         `json:"os"`
	App            App        `json:"app"`
	MDM            MDM        `json:"mdm"`
	LastAccessTime string     `json:"lastAccessTime"` // RFC 3339 with offset, exactly as received (R6)
}

// User is the member who uses a device.
type User struct {
	UserID   string `json:"userId"`
	Email    string `json:"email"`
	UserName string `json:"userName"`
}

// OS is a device's operating system and its version: dotted numbers of any
// length, possibly with a suffix.
type OS struct {
	Type    OSType `json:"type"`
	Version string `json:"version"`
}

// App is the NAVER WORKS app most recently used on a device.
type App struct {
	Type    AppType `json:"type"`
	Version string  `json:"version"`
}

// MDM is a device's management state.
type MDM struct {
	Status   MDMStatus   `json:"status"`
	Provider MDMProvider `json:"provider"`
}

// LastAccess parses LastAccessTime. It fails on a text that isn't RFC 3339.
func (d *Device) LastAccess() (time.Time, error) {
	return time.Parse(time.RFC3339, d.LastAccessTime)
}
