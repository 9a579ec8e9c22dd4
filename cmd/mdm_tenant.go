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
	t := tenantSwitch{acting: a, now: now, wanted: wantedMode(j)}
	outcome := journal.Outcome{Status: journal.Skipped, Code: "ALREADY_SO", Detail: "NAVER WORKS MDM is already " + modeWords(now.Mode)}
	if now.Mode != t.wanted {
		if err := t.weigh(ctx); err != nil {
			return err
		}
		outcome = journal.Outcome{Status: journal.Planned, Detail: t.impact}
	}
	if err := draft.Add(&api.Device{DomainID: now.DomainID}, outcome); err != nil {
		return err
	}
	return a.carryOut(ctx, plan{draft: draft, show: t.show, ask: t.ask})
}

// wantedMode is the mode that a tenant's job is to bring about.
func wantedMode(j journal.Job) api.MDMMode {
	if j.Action == fleet.DisableMDM {
		return api.MDMNotInUse
	}
	return j.Mode
}

// tenantSwitch is a change of a domain's MDM mode that is ready to be asked
// about.
type tenantSwitch struct {
	*acting
	now    *api.TenantMDM
	wanted api.MDMMode
	impact string
	lost   []string // commands that will not be delivered
}

// askTenantAgain is the question of a resumed job, by the state of today.
func (a *acting) askTenantAgain(ctx context.Context, r *rehearsal) error {
	settings, err := a.app.mdmTenants()
	if err != nil {
		return err
	}
	for it, err := range r.open(ctx) {
		if err != nil {
			return err
		}
		now, err := settings.of(ctx, it.Device.DomainID)
		if err != nil {
			return err
		}
		t := tenantSwitch{acting: a, now: now, wanted: wantedMode(r.Job())}
		if err := t.weigh(ctx); err != nil {
			return err
		}
		if t.show(); a.app.flags.yes {
			return nil
		}
		return t.ask(ctx)
	}
	return nil
}

// show tells who loses what; to those who aren't asked, as a warning.
func (t *tenantSwitch) show() {
	if t.app.flags.yes || !t.app.Term.Interactive() {
		t.app.Term.Warnf("domain %d: %s", t.now.DomainID, t.impact)
		for _, line := range t.lost {
			t.app.Term.Warnf("%s: it will not be delivered", line)
		}
		return
	}
	t.say("NAVER WORKS MDM of domain %d (%s)", t.now.DomainID, t.where())
	t.say("  now:    %s", modeWords(t.now.Mode))
	t.say("  then:   %s", modeWords(t.wanted))
	t.say("  impact: %s", t.impact)
	for _, line := range t.lost {
		t.say("          %s: it will not be delivered", line)
	}
}

func (t *tenantSwitch) ask(ctx context.Context) error {
	return t.confirmWord(ctx, "Switch it for the whole domain?", strconv.Itoa(int(t.now.DomainID)))
}

// weigh finds out how many devices and members lose what (R14, R15, R16), and
// which commands will not be delivered.
func (t *tenantSwitch) weigh(ctx context.Context) error {
	if t.wanted == api.MDMOptional && t.now.Mode != api.MDMRequired {
		t.impact = "members may register their devices; nobody loses anything"
		return nil
	}
	n, err := t.app.countMDM(ctx, t.now.DomainID)
	if err != nil {
		return err
	}
	switch t.wanted {
	case api.MDMOptional:
		t.impact = "members of " + membersOf(n.Registered, n.registeredMembers) + " may end remote management of their devices"
		return nil
	case api.MDMRequired:
		t.impact = membersOf(n.Pending+n.Unregistered, n.otherMembers) + " can't use the app until they install the profile"
		return nil
	}
	const shown = 10
	lost := 0
	for c, err := range t.client.Commands.All(ctx, api.CommandQuery{Status: api.CommandRequested, Count: fewCommands}, nil) {
		switch {
		case err != nil:
			return err
		case c.Status != api.CommandRequested:
			continue
		}
		if lost++; lost <= shown {
			t.lost = append(t.lost, fmt.Sprintf("%s %s of device %s, requested %s", c.Type, c.CommandID, c.DeviceID, c.RequestedTime))
		}
	}
	t.impact = membersOf(n.Registered, n.registeredMembers) + " can no longer be wiped or reset"
	if lost > 0 {
		t.impact += fmt.Sprintf("; wipes and resets that have not reached their devices are canceled: %d", lost)
	}
	if lost > shown {
		t.lost = append(t.lost, fmt.Sprintf("and %d more", lost-shown))
	}
	return nil
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
