package api

import (
	"context"
	"net/url"
)

// AppVersionsService reads which app versions are the latest: worksctl's own
// contract, not published by NAVER WORKS. Scope security.device.read.
type AppVersionsService struct{ c *Client }

// AppVersion is the latest version of an app on an operating system (R12).
type AppVersion struct {
	AppType       AppType `json:"appType"`
	OSType        OSType  `json:"osType"`
	LatestVersion string  `json:"latestVersion"`
}

// List returns the latest versions: GET /security/app-versions. domainID 0
// leaves the domain to the back end.
func (s *AppVersionsService) List(ctx context.Context, domainID int32) ([]AppVersion, error) {
	query := url.Values{}
	setDomain(query, domainID)
	var out struct {
		AppVersions *[]AppVersion `json:"appVersions"`
	}
	err := s.c.decode(ctx, call{
		op: "list app versions", template: pathAppVersions, query: query,
		lacks: func() string { return lacking("appVersions", out.AppVersions == nil) },
	}, &out)
	if err != nil {
		return nil, err
	}
	return *out.AppVersions, nil
}
