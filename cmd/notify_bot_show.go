package cmd

import (
	"cmp"
	"context"
	"strings"

	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// show tells a person, or whoever asked for a dry run, to how many members the
// bot will write, and before it, since it is long, what it will write to the
// first.
func (p *botPlan) show() {
	if !p.asks() && !p.dryRun {
		return
	}
	p.first.show(p)
	p.say("Bot %d writes to %s about %s (%s)", p.draft.Job().Bot.BotID, membersCounted(p.reached), countOf(p.summary.planned), p.where())
	if p.file != nil {
		if text := p.file.ageText(p.app); text != "" {
			p.say("  %s", text)
		}
	}
	if texts := p.first.message.Texts; len(texts) > 0 {
		p.say("  each member is shown the language that their app is set to; %s if there is none for it", texts[0].Language)
	}
	if p.summary.recent > 0 {
		p.say("  %s", p.summary.recentText())
	}
	if left := p.summary.total - p.summary.planned - p.summary.recent; left > 0 {
		p.say("  %s left out: see the results", countOf(left))
	}
}

// show shows the message in every language in which it is sent.
func (f *firstMessage) show(p *botPlan) {
	m := f.message
	texts := m.Texts
	if len(texts) == 0 {
		texts = []api.Translation{{Text: m.Text}}
	}
	p.say("The first message, to %s:", cmp.Or(f.to.UserName, f.to.Email, f.to.UserID))
	for i, t := range texts {
		if t.Language != "" {
			p.say("  %s", t.Language)
		}
		for line := range strings.Lines(t.Text) {
			p.say("  | %s", strings.TrimSuffix(line, "\n"))
		}
		for _, b := range m.Buttons {
			label := b.Label
			if i < len(b.Labels) {
				label = b.Labels[i].Text
			}
			p.say("  | [%s] %s", label, b.URI)
		}
	}
}

// reportMembers prints the results of a bot's job, and closes them for a person
// at the terminal: how many members came to what.
func (a *acting) reportMembers(ctx context.Context, rec journal.Record) error {
	if err := a.app.printResults(ctx, a.format, resultsOf(ctx, rec, journal.Count(rec))); err != nil {
		return err
	}
	n, err := countMembers(ctx, rec)
	if err != nil {
		return err
	}
	a.app.Term.Infof("members: %s", sentence(n))
	return nil
}

// countMembers counts members as items are counted.
func countMembers(ctx context.Context, rec journal.Record) (journal.Counts, error) {
	type of struct {
		member string
		status journal.Status
	}
	_, held := rec.Holder()
	seen := map[of]bool{}
	n := journal.Counts{}
	for it, err := range rec.Items(ctx) {
		if err != nil {
			return nil, err
		}
		o := of{job.MemberKey(it.Device.User), journal.Shown(it.Outcome, held)}
		if o.member != "" && !seen[o] {
			seen[o] = true
			n[o.status]++
		}
	}
	return n, nil
}
