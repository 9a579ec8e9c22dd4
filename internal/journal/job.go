package journal

import (
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// Job is what a journal begins with: what is to be done, where, and why.
type Job struct {
	ID          string            `json:"jobId"` // given by [Store.Draft]
	Action      fleet.Action      `json:"action"`
	Profile     string            `json:"profile"`
	Tenant      Tenant            `json:"tenant"`
	Reason      string            `json:"reason,omitempty"`   // of a wipe, a reset or an action on a member
	Query       map[string]string `json:"query,omitempty"`    // the flags that selected, as given
	Cooldown    string            `json:"cooldown,omitempty"` // of notices, for example 24h0m0s
	Outdated    bool              `json:"outdated,omitzero"`  // only devices whose app is not the latest
	Latest      []api.AppVersion  `json:"latest,omitempty"`   // what the latest is; none asks the back end
	Mode        api.MDMMode       `json:"mode,omitempty"`     // that MDM is enabled with, for a tenant
	WholeTenant bool              `json:"wholeTenant,omitzero"`
	Bot         *BotNotice        `json:"bot,omitempty"` // of a notice that a bot sends
	CreatedTime time.Time         `json:"createdTime"`
	Version     string            `json:"worksctlVersion"`
}

// Tenant says where a job acts. A job is never resumed against another one.
type Tenant struct {
	Address  string `json:"address"`  // of the API; "sandbox" for the embedded one
	DomainID int32  `json:"domainId"` // 0: every domain that the credential reaches
	Profile  string `json:"profile"`  // only where DomainID is 0: nothing else tells tenants of one address apart
}

// NewTenant is the tenant that a profile stands for.
func NewTenant(address string, domainID int32, profile string) Tenant {
	t := Tenant{Address: address, DomainID: domainID}
	if domainID == 0 {
		t.Profile = profile
	}
	return t
}

// Item is one device of a job. Where a member is acted on, or the whole tenant,
// the device has no id: of a member it holds the user and the domain, of the
// tenant the domain.
type Item struct {
	Index   int // its position, from 0
	Device  api.Device
	Outcome // the latest
}
