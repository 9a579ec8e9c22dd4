package cmd

import (
	"context"
	"fmt"
	"strconv"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// switchTenant enables or disables MDM for a domain, after showing whom that
// concerns.
func (a *acting) switchTenant(ctx context.Context, j journal.Job) error {
	settings, err := a.app.mdmTenants()
	if err != nil {
		return err
	}
	now, err := settings.of(ctx, a.settings.DomainID)
	if err != nil {
		return err
	}
	switch {
	case a.settings.DomainID != 0 && now.DomainID != a.settings.DomainID:
		return exit.Failedf("WRONG_DOMAIN", "", "asked for domain %d, the server answered for domain %d", a.settings.DomainID, now.DomainID)
	case now.DomainID == 0:
		return exit.Failedf("NO_DOMAIN", "set the profile's domain_id, or WORKSCTL_DOMAIN_ID", "the server names no domain to act on")
	case now.ExternalMDM && j.Action == fleet.EnableMDM:
		return exit.Refusedf("EXTERNAL_MDM_IN_USE", "switch the third-party MDM off first",
			"domain %d uses a third-party MDM, and the two exclude each other: nothing was sent", now.DomainID)
	}
	draft, err := a.jobs.Draft(ctx, j)
	if err != nil {
		return err
	}
	defer draft.Discard()
	wanted := j.Mode
	if j.Action == fleet.DisableMDM {
		wanted = api.MDMNotInUse
	}
	outcome := journal.Outcome{Status: journal.Skipped, Code: "ALREADY_SO", Detail: "NAVER WORKS MDM is already " + modeWords(now.Mode)}
	if now.Mode != wanted {
		impact, err := a.impact(ctx, now, wanted)
		if err != nil {
			return err
		}
		outcome = journal.Outcome{Status: journal.Planned, Detail: impact}
	}
	if err := draft.Add(&api.Device{DomainID: now.DomainID}, outcome); err != nil {
		return err
	}
	if outcome.Status == journal.Planned && a.app.flags.yes {
		a.app.Term.Warnf("domain %d: %s", now.DomainID, outcome.Detail)
	}
	return a.carryOut(ctx, plan{draft: draft, ask: func(ctx context.Context) error {
		a.say("NAVER WORKS MDM of domain %d (%s)", now.DomainID, a.where())
		a.say("  now:    %s", modeWords(now.Mode))
		a.say("  then:   %s", modeWords(wanted))
		a.say("  impact: %s", outcome.Detail)
		return a.confirmWord(ctx, "Switch it for the whole domain?", strconv.Itoa(int(now.DomainID)))
	}})
}

// impact says how many devices and members lose what (R14, R15, R16).
func (a *acting) impact(ctx context.Context, now *api.TenantMDM, wanted api.MDMMode) (string, error) {
	if wanted == api.MDMOptional && now.Mode != api.MDMRequired {
		return "members may register their devices; nobody loses anything", nil
	}
	n, err := a.app.countMDM(ctx, now.DomainID)
	if err != nil {
		return "", err
	}
	switch wanted {
	case api.MDMOptional:
		return "members of " + membersOf(n.Registered, n.registeredMembers) + " may end remote management of their devices", nil
	case api.MDMRequired:
		return membersOf(n.Pending+n.Unregistered, n.otherMembers) + " can't use the app until they install the profile", nil
	}
	lost := 0
	for c, err := range a.client.Commands.All(ctx, api.CommandQuery{Status: api.CommandRequested, Count: fewCommands}, nil) {
		if err != nil {
			return "", err
		}
		if c.Status == api.CommandRequested {
			lost++
		}
	}
	impact := membersOf(n.Registered, n.registeredMembers) + " can no longer be wiped or reset"
	if lost > 0 {
		impact += fmt.Sprintf("; wipes and resets that have not reached their devices are canceled: %d", lost)
	}
	return impact, nil
}

// mdmCounts counts the mobile devices of a domain by their MDM state.
type mdmCounts struct {
	Registered   int `json:"registered"`
	Pending      int `json:"pending"`
	Unregistered int `json:"unregistered"`
	External     int `json:"external"` // under a third-party MDM, whatever their state (R4)

	registeredMembers, otherMembers int // of pending and unregistered ones
}

// countMDM counts in one listing.
func (app *App) countMDM(ctx context.Context, domainID int32) (mdmCounts, error) {
	var n mdmCounts
	client, err := app.Client()
	if err != nil {
		return n, err
	}
	progress := app.Term.StartProgress("devices read", 0, app.Now)
	defer progress.Stop()
	registered, others := map[string]bool{}, map[string]bool{}
	for d, err := range client.Devices.All(ctx, api.DeviceQuery{DomainID: domainID, Type: api.TypeMobile}, nil) {
		if err != nil {
			return n, unfinished(ctx, err, "")
		}
		progress.Add(1)
		if d.Type != api.TypeMobile {
			continue
		}
		members := others
		switch {
		case d.MDM.Provider == api.ProviderExternal:
			n.External++
			continue
		case d.MDM.Status == api.MDMRegistered:
			n.Registered++
			members = registered
		case d.MDM.Status == api.MDMPending:
			n.Pending++
		default:
			n.Unregistered++
		}
		members[d.User.UserID] = true
	}
	n.registeredMembers, n.otherMembers = len(registered), len(others)
	return n, nil
}
