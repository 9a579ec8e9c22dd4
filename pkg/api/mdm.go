package api

import (
	"context"
	"net/http"
	"net/url"
)

const pathMDM = "/security/mdm"

// MDMService switches mobile device management: worksctl's own contract, not
// published by NAVER WORKS. Scope security.device, for reading
// security.device.read.
type MDMService struct{ c *Client }

// MDMMode is how a tenant uses NAVER WORKS MDM (R13).
type MDMMode string

// The modes of the contract.
const (
	MDMNotInUse MDMMode = "NOT_IN_USE"
	MDMOptional MDMMode = "OPTIONAL" // each member may enable it (R14)
	MDMRequired MDMMode = "REQUIRED" // the app can't be used without it (R15)
)

// TenantMDM is a domain's setting.
type TenantMDM struct {
	DomainID    int32   `json:"domainId"`
	Mode        MDMMode `json:"mode"`
	ExternalMDM bool    `json:"externalMdm"` // a third-party MDM is in use (R21)
}

// Get reads a domain's setting: GET /security/mdm.
func (s *MDMService) Get(ctx context.Context, domainID int32) (*TenantMDM, error) {
	query := url.Values{}
	setDomain(query, domainID)
	out := &TenantMDM{}
	err := s.c.decode(ctx, call{
		op: "show MDM setting", template: pathMDM, query: query,
		lacks: func() string { return lacking("mode", out.Mode == "") },
	}, out)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// EnableTenant switches MDM on for a domain: POST /security/mdm/enable. mode is
// [MDMOptional] or [MDMRequired]. With a third-party MDM it is
// [ErrExternalMDM].
func (s *MDMService) EnableTenant(ctx context.Context, domainID int32, mode MDMMode, key string) error {
	return s.c.run(ctx, call{
		op: "enable MDM for the domain", method: http.MethodPost, template: pathMDM + "/enable", key: key,
		body: struct {
			DomainID int32   `json:"domainId"`
			Mode     MDMMode `json:"mode"`
		}{domainID, mode},
	})
}

// DisableTenant switches MDM off for a domain: POST /security/mdm/disable. Its
// commands still REQUESTED become CANCELED.
func (s *MDMService) DisableTenant(ctx context.Context, domainID int32, key string) error {
	return s.c.run(ctx, call{
		op: "disable MDM for the domain", method: http.MethodPost, template: pathMDM + "/disable", key: key,
		body: struct {
			DomainID int32 `json:"domainId"`
		}{domainID},
	})
}

// EnableDevice asks a device's member to register it: POST
// /security/devices/{deviceId}/mdm/enable. The device is PENDING until they do.
// Errors: [ErrMDMNotInUse], [ErrExternalMDM], [ErrNotFound].
func (s *MDMService) EnableDevice(ctx context.Context, deviceID, key string) error {
	return s.device(ctx, "enable MDM for the device", "enable", deviceID, key)
}

// DisableDevice ends remote management of a device: POST
// /security/devices/{deviceId}/mdm/disable. It can't be wiped or reset after
// that (R16), and its commands still REQUESTED become CANCELED.
func (s *MDMService) DisableDevice(ctx context.Context, deviceID, key string) error {
	return s.device(ctx, "disable MDM for the device", "disable", deviceID, key)
}

func (s *MDMService) device(ctx context.Context, op, verb, deviceID, key string) error {
	return s.c.run(ctx, call{
		op: op, method: http.MethodPost, template: pathDevice + "/mdm/" + verb,
		params: map[string]string{"deviceId": deviceID}, key: key,
	})
}
