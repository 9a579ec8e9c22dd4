package api

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// DeviceQuery selects devices of GET /security/devices. Zero fields select
// nothing. Text matches ignore letter case and Unicode normal form. A back end
// may ignore what it doesn't know: check the rows again where it matters.
type DeviceQuery struct {
	DomainID       int32
	Type           DeviceType // one of the three lists (R1)
	Keyword        string     // part of user name, e-mail, model, Vendor ID or serial number
	User           string     // part of name or e-mail, or a user id
	Model          string     // part of the model
	OSType         OSType
	OSVersion      string // prefix by parts: 17 matches 17.5, not 170
	OSVersionMax   string // this or older
	AppType        AppType
	AppVersion     string // equal by parts: 4.2 equals 4.2.0
	AppVersionMax  string // this or older (R7)
	AccessedAfter  time.Time
	AccessedBefore time.Time
	MDMStatus      MDMStatus
	// OrderBy is LAST_ACCESS_TIME, USER_NAME, MODEL, APP_VERSION or OS_VERSION;
	// SortOrder ASCENDING or DESCENDING. With OrderBy rows may move between pages
	// while a listing runs and be missed: leave it empty for exports and for acting.
	OrderBy   string
	SortOrder string
	// Count is the page size, 1 to 1,000. 0 means the back end's default for one
	// page, and 1,000 for [DevicesService.All].
	Count int
	// Want is how many devices are likely to be used, 0 for all: a page beyond
	// them is not fetched ahead. It leaves none out: whoever reads on gets the rest.
	Want int
}

func (q *DeviceQuery) values() url.Values {
	v := url.Values{}
	setDomain(v, q.DomainID)
	for _, p := range []struct{ name, value string }{
		{"type", string(q.Type)},
		{"keyword", q.Keyword},
		{"user", q.User},
		{"model", q.Model},
		{"osType", string(q.OSType)},
		{"osVersion", q.OSVersion},
		{"osVersionMax", q.OSVersionMax},
		{"appType", string(q.AppType)},
		{"appVersion", q.AppVersion},
		{"appVersionMax", q.AppVersionMax},
		{"accessedAfter", rfc3339(q.AccessedAfter)},
		{"accessedBefore", rfc3339(q.AccessedBefore)},
		{"mdmStatus", string(q.MDMStatus)},
		{"orderBy", q.OrderBy},
		{"sortOrder", q.SortOrder},
	} {
		setText(v, p.name, p.value)
	}
	return v
}

func setText(v url.Values, name, value string) {
	if value != "" {
		v.Set(name, value)
	}
}

func setDomain(v url.Values, id int32) {
	if id != 0 {
		v.Set("domainId", strconv.FormatInt(int64(id), 10))
	}
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// checkCount refuses a page size that no back end takes.
func checkCount(op string, n, limit int) error {
	if n < 0 || n > limit {
		return &ArgumentError{op, "count", fmt.Sprintf("must be 1 to %d, not %d", limit, n)}
	}
	return nil
}
