package cmd

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/pkg/api"
)

// noticePlan puts the draft of a notice together. What earlier notices have
// against the devices is looked up for many at once, and nothing is reserved:
// that is done as each request leaves.
type noticePlan struct {
	*acting
	draft    journal.Draft
	summary  *noticeSummary
	cooldown time.Duration
	latest   []api.AppVersion // to count whose app is up to date; may be nil
	waiting  []journal.Item   // to be added to the draft
}

func (p *noticePlan) add(ctx context.Context, d *api.Device, o journal.Outcome) error {
	const atOnce = 1000
	if o.Status == "" {
		o = planned(fleet.Judge(fleet.Notify, d, fleet.Tenant{}))
	}
	p.waiting = append(p.waiting, journal.Item{Device: *d, Outcome: o})
	if len(p.waiting) < atOnce {
		return nil
	}
	return p.flush(ctx)
}

// flush adds the devices that wait to the draft.
func (p *noticePlan) flush(ctx context.Context) error {
	var ids []string
	for i := range p.waiting {
		if p.waiting[i].Status == journal.Planned {
			ids = append(ids, p.waiting[i].Device.DeviceID)
		}
	}
	standing, err := p.standing(ctx, p.draft, p.cooldown, ids, job.MembersOf(p.waiting))
	if err != nil {
		return err
	}
	for i := range p.waiting {
		it := &p.waiting[i]
		if n, stands := standing[it.Device.DeviceID]; stands && it.Status == journal.Planned {
			it.Outcome = job.Notified(n)
		}
		current := it.Status == journal.Planned && p.latest != nil && p.app.upToDate(&it.Device, p.latest)
		p.summary.add(&it.Device, it.Outcome, current)
		if err := p.draft.Add(&it.Device, it.Outcome); err != nil {
			return err
		}
	}
	p.waiting = p.waiting[:0]
	return nil
}

// standing is what earlier notices have against those of names; members are those
// of devices among them.
func (a *acting) standing(ctx context.Context, draft journal.Draft, cooldown time.Duration, names []string, members map[string][]string) (map[string]ledger.Notice, error) {
	if len(names) == 0 || cooldown == 0 {
		return nil, nil
	}
	return a.records.Notices().Standing(ctx, ledger.Reservation{
		Address: a.tenant.Address, Job: draft.Job().ID, Now: a.app.fleetNow(), Cooldown: cooldown, Members: members,
	}, names)
}

// latestVersions are what the back end names, or none: a remark is not worth an
// error.
func (a *acting) latestVersions(ctx context.Context) []api.AppVersion {
	latest, err := a.client.AppVersions.List(ctx, a.settings.DomainID)
	if err != nil {
		return nil
	}
	return latest
}

// asks reports whether a person will be asked, or would be but for --dry-run.
func (a *acting) asks() bool { return !a.app.flags.yes && a.app.Term.Interactive() }

// noticeSummary is what a person is shown before the question.
type noticeSummary struct {
	total, planned  int
	recent, current int // left out by --cooldown; planned though up to date
	cooldown        string
	lists           map[api.DeviceType]int
	first           []string
}

func (s *noticeSummary) add(d *api.Device, o journal.Outcome, current bool) {
	s.total++
	if o.Code == "RECENTLY_NOTIFIED" || o.Code == "MAYBE_NOTIFIED" {
		s.recent++
	}
	if o.Status != journal.Planned {
		return
	}
	s.planned++
	if current {
		s.current++
	}
	if s.lists == nil {
		s.lists = map[api.DeviceType]int{}
	}
	s.lists[d.Type]++
	if len(s.first) < 3 {
		s.first = append(s.first, fmt.Sprintf("%s, %s, %s", fleet.Brief(d), d.App.Version, d.DeviceID))
	}
}

func (s *noticeSummary) recentText() string {
	return fmt.Sprintf("%s left out: notified within the last %s", countOf(s.recent), s.cooldown)
}

func (a *acting) showNotices(s *noticeSummary) {
	if !a.asks() {
		return // nothing here makes one look twice
	}
	a.say("Update notices to the members of %s (%s)", countOf(s.planned), a.where())
	digits := len(strconv.Itoa(s.planned))
	for _, list := range []api.DeviceType{api.TypeMobile, api.TypePC, api.TypeDriveMobile} {
		if n := s.lists[list]; n > 0 {
			a.show(fmt.Sprintf("  %-12s  %*d\n", list, digits, n))
		}
	}
	for _, line := range s.first {
		a.say("  %s", line)
	}
	if more := s.planned - len(s.first); more > 0 {
		a.say("  and %d more", more)
	}
	if s.current > 0 {
		a.say("  %d of them already run the latest version: --outdated leaves them out", s.current)
	}
	if s.recent > 0 {
		a.say("  %s", s.recentText())
	}
	if left := s.total - s.planned - s.recent; left > 0 {
		a.say("  %s left out: see the results, or --dry-run", countOf(left))
	}
}
