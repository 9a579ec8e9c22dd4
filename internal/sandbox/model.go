// Package sandbox is the embedded back end: the whole REST contract as an
// [http.Handler] over a small store, a seeded fleet that lives by the rules of
// the product on a virtual clock, and faults on demand. It knows nothing of
// the client: both sides are checked against docs/openapi.yaml.
package sandbox

import "time"

// The values of the contract's enumerations that the sandbox reasons about.
const (
	typeMobile      = "MOBILE"
	typePC          = "PC"
	typeDriveMobile = "DRIVE_MOBILE"

	mdmRegistered   = "REGISTERED"
	mdmPending      = "PENDING"
	mdmUnregistered = "UNREGISTERED"

	providerWorks    = "NAVER_WORKS"
	providerExternal = "EXTERNAL"
	providerNone     = "NONE"

	modeNotInUse = "NOT_IN_USE"
	modeOptional = "OPTIONAL"
	modeRequired = "REQUIRED"
)

// Device is a row of a device list in the wire form of the contract. VendorID
// and SerialNumber are nil where rule R5 hides them.
type Device struct {
	DeviceID       string   `json:"deviceId"`
	DomainID       int32    `json:"domainId"`
	Type           string   `json:"type"`
	Model          string   `json:"model"`
	VendorID       *string  `json:"vendorId"`
	SerialNumber   *string  `json:"serialNumber"`
	User           User     `json:"user"`
	OS             OS       `json:"os"`
	App            App      `json:"app"`
	MDM            MDM      `json:"mdm"`
	LastAccessTime wireTime `json:"lastAccessTime"`
}

// User, OS, App and MDM are the nested objects of a device on the wire.
type (
	// User is the member who uses a device.
	User struct {
		UserID   string `json:"userId"`
		Email    string `json:"email"`
		UserName string `json:"userName"`
	}
	// OS is a device's operating system.
	OS struct {
		Type    string `json:"type"`
		Version string `json:"version"`
	}
	// App is the installed app most recently used.
	App struct {
		Type    string `json:"type"`
		Version string `json:"version"`
	}
	// MDM is the management state (rule R4).
	MDM struct {
		Status   string `json:"status"`
		Provider string `json:"provider"`
	}
)

// AppVersion is the latest version of an app on an operating system, as
// GET /security/app-versions names it.
type AppVersion struct {
	AppType       string `json:"appType"`
	OSType        string `json:"osType"`
	LatestVersion string `json:"latestVersion"`
}

// command is a wipe or reset as it is stored and sent.
type command struct {
	CommandID      string    `json:"commandId"`
	DeviceID       string    `json:"deviceId"`
	Type           string    `json:"type"`
	Status         string    `json:"status"`
	IdempotencyKey *string   `json:"idempotencyKey"`
	Reason         string    `json:"reason"`
	RequestedBy    string    `json:"requestedBy"`
	RequestedTime  wireTime  `json:"requestedTime"`
	DeliveredTime  *wireTime `json:"deliveredTime"`
	CompletedTime  *wireTime `json:"completedTime"`
	Failure        *failure  `json:"failure"`
}

// failure says why a command did not complete.
type failure struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

// wireTime is a time in whole seconds, sent as RFC 3339 with the offset of
// Seoul and Tokyo, as the real service does.
type wireTime int64

func at(t time.Time) wireTime { return wireTime(t.Unix()) }

func (t wireTime) time() time.Time { return time.Unix(int64(t), 0).In(time.FixedZone("", 9*60*60)) }

// MarshalText makes wireTime a JSON text.
func (t wireTime) MarshalText() ([]byte, error) {
	return t.time().AppendFormat(nil, time.RFC3339), nil
}

// UnmarshalText reads what MarshalText has written.
func (t *wireTime) UnmarshalText(b []byte) error {
	v, err := time.Parse(time.RFC3339, string(b))
	*t = at(v)
	return err
}
