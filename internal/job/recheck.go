package job

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// Recheck reads every planned device again before a job is resumed (cli.md,
// "jobs resume"). A device that has another user, serial number, type or MDM
// state than in its frozen row is settled refused (DEVICE_CHANGED), one that is
// gone failed (DEVICE_NOT_EXIST), one whose app is up to date by now skipped
// (UP_TO_DATE) if the job is for outdated ones, and one that the rules judge
// otherwise by now refused or skipped with the verdict's code. A job of a whole
// tenant has no devices, those of a file are known from there only; of members
// see recheckMembers. Nothing is settled if not all could be read.
func (r *Runner) Recheck(ctx context.Context, j journal.Journal) error {
	job := j.Job()
	if job.WholeTenant || job.Bot != nil && job.Bot.FromFile {
		return nil
	}
	if OfMember(job.Action) {
		return r.recheckMembers(ctx, j)
	}
	c := &recheck{
		r: r, job: job, seed: maphash.MakeSeed(),
		tenants: map[int32]fleet.Tenant{}, changed: map[int]identity{}, settled: map[journal.Outcome][]int{},
	}
	for it, err := range planned(ctx, j) {
		if err != nil {
			return err
		}
		c.wanted.add(it.Device.DeviceID)
		c.frozen = append(c.frozen, maphash.Comparable(c.seed, identityOf(&it.Device)))
		c.items = append(c.items, int32(it.Index)) //nolint:gosec // a list has fewer than 2³¹ devices
	}
	if c.wanted.len() == 0 {
		return nil
	}
	if err := c.prepare(ctx); err != nil {
		return err
	}
	look := func(pos int, d *api.Device) error { return c.look(ctx, pos, d) }
	if err := r.survey(ctx, job.Tenant.DomainID, &c.wanted, deviceIDs(planned(ctx, j)), look); err != nil {
		return err
	}
	if n := len(c.items); n > 1 && c.gone == n {
		return exit.Refusedf("OTHER_TENANT", "worksctl jobs cancel "+job.ID+" drops them",
			"none of the %d devices left in job %s exists here: is this the tenant that it belongs to?", n, job.ID)
	}
	if err := c.tellChanges(ctx, j); err != nil {
		return err
	}
	return r.settleAll(j, c.settled)
}

// recheck holds some 33 bytes for each planned device, and more only for those
// that are not as they were.
type recheck struct {
	r        *Runner
	job      journal.Job
	outdated fleet.Filter
	tenants  map[int32]fleet.Tenant

	wanted  roster
	seed    maphash.Seed
	frozen  []uint64 // fingerprints of identities, by position
	items   []int32  // of the journal, by position
	gone    int
	changed map[int]identity
	settled map[journal.Outcome][]int
}

// prepare asks for what the devices are compared with.
func (c *recheck) prepare(ctx context.Context) error {
	if !c.job.Outdated {
		return nil
	}
	filter, err := fleet.ParseFilter(fleet.FilterInput{Outdated: true}, c.r.Now())
	if err != nil {
		return err
	}
	latest := c.job.Latest
	if len(latest) == 0 {
		if latest, err = c.r.Client.AppVersions.List(ctx, c.job.Tenant.DomainID); err != nil {
			return err
		}
	}
	if c.outdated = filter.WithLatest(latest); !c.outdated.KnowsLatest() {
		return exit.Failedf("NO_LATEST_VERSION", "", "job %s is for outdated devices only: the back end names no latest version that can be read", c.job.ID)
	}
	return nil
}

// look compares a device as it is now with its frozen row.
func (c *recheck) look(ctx context.Context, pos int, d *api.Device) error {
	item := int(c.items[pos])
	if d == nil {
		c.gone++
		c.settle(item, journal.Outcome{Status: journal.Failed, Code: notExist, Detail: gone})
		return nil
	}
	if now := identityOf(d); maphash.Comparable(c.seed, now) != c.frozen[pos] {
		c.changed[item] = now
		return nil
	}
	if c.job.Outdated {
		switch ok, unreadable := c.outdated.Match(d); {
		case unreadable:
			c.settle(item, journal.Outcome{
				Status: journal.Skipped, Code: "VERSION_UNREADABLE",
				Detail: fmt.Sprintf("version %q can't be compared", d.App.Version),
			})
			return nil
		case !ok:
			c.settle(item, journal.Outcome{
				Status: journal.Skipped, Code: "UP_TO_DATE",
				Detail: NoNewer(d.App.Version),
			})
			return nil
		}
	}
	return c.judge(ctx, item, d)
}

// NoNewer is the reason for leaving out an app that is up to date, whether the
// server or a person named the latest version.
func NoNewer(version string) string { return "no newer version than " + version + " is known" }

// judge asks the rules again: the tenant's MDM may be another by now.
func (c *recheck) judge(ctx context.Context, item int, d *api.Device) error {
	t, err := c.tenant(ctx, d.DomainID)
	if err != nil {
		return err
	}
	switch v := fleet.Judge(c.job.Action, d, t); v.Outcome {
	case fleet.Impossible:
		c.settle(item, journal.Outcome{Status: journal.Refused, Code: v.Code, Detail: v.Reason})
	case fleet.Pointless:
		c.settle(item, journal.Outcome{Status: journal.Skipped, Code: v.Code, Detail: v.Reason})
	}
	return nil
}

// tenant asks once for the setting of a domain. A notice doesn't depend on it.
func (c *recheck) tenant(ctx context.Context, domain int32) (fleet.Tenant, error) {
	t, known := c.tenants[domain]
	if known || c.job.Action == fleet.Notify {
		return t, nil
	}
	m, err := c.r.mdmOf(ctx, domain)
	if err != nil {
		return t, err
	}
	t = fleet.Tenant{Mode: m.Mode, External: m.ExternalMDM}
	c.tenants[domain] = t
	return t, nil
}

func (c *recheck) settle(item int, o journal.Outcome) {
	c.settled[o] = append(c.settled[o], item)
}

// tellChanges goes through the frozen rows again for those that differ.
func (c *recheck) tellChanges(ctx context.Context, j journal.Journal) error {
	if len(c.changed) == 0 {
		return nil
	}
	for it, err := range j.Items(ctx) {
		if err != nil {
			return err
		}
		if now, ok := c.changed[it.Index]; ok {
			c.settle(it.Index, journal.Outcome{
				Status: journal.Refused, Code: "DEVICE_CHANGED", Detail: identityOf(&it.Device).changes(now),
			})
		}
	}
	return nil
}

// identity is what makes a device the one that was planned.
type identity struct {
	domain int32
	user   string
	serial api.Nullable
	list   api.DeviceType
	mdm    api.MDMStatus
}

func identityOf(d *api.Device) identity {
	return identity{d.DomainID, d.User.UserID, d.SerialNumber, d.Type, d.MDM.Status}
}

// changes says what another identity has become from i.
func (i identity) changes(now identity) string {
	var told []string
	tell := func(what, from, to string) {
		if from != to {
			told = append(told, fmt.Sprintf("%s changed from %s to %s", what, orNone(from), orNone(to)))
		}
	}
	tell("domain", strconv.Itoa(int(i.domain)), strconv.Itoa(int(now.domain)))
	tell("user", i.user, now.user)
	tell("serial number", string(i.serial), string(now.serial))
	tell("type", string(i.list), string(now.list))
	tell("MDM state", string(i.mdm), string(now.mdm))
	return strings.Join(told, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// planned are the items of a job that were surely not sent.
func planned(ctx context.Context, rec journal.Record) iter.Seq2[journal.Item, error] {
	return only(rec.Items(ctx), func(it *journal.Item) bool { return it.Status == journal.Planned })
}
