package cmd

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/worksctl/worksctl/internal/botmessage"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
)

// show tells a person, or whoever asked for a dry run, to how many members the
// bot will write, and what it will write to the first.
func (p *botPlan) show() {
	if !p.asks() && !p.dryRun {
		return
	}
	p.say("Bot %d writes to %s about %s (%s)", p.draft.Job().Bot.BotID, membersText(p.reached), countOf(p.summary.planned), p.where())
	if p.file != nil {
		if text := p.file.ageText(p.app); text != "" {
			p.say("  %s", text)
		}
	}
	p.say("  languages: %s", p.languagesText())
	p.say("  the first message, to %s in %s:", cmp.Or(p.first.to.UserName, p.first.to.Email, p.first.to.UserID), p.first.language)
	for line := range strings.Lines(p.first.message.Text) {
		p.say("  | %s", strings.TrimSuffix(line, "\n"))
	}
	for _, b := range p.first.message.Buttons {
		p.say("  | [%s] %s", b.Label, b.URI)
	}
	if p.summary.recent > 0 {
		p.say("  %s", p.summary.recentText())
	}
	if left := p.summary.total - p.summary.planned - p.summary.recent; left > 0 {
		p.say("  %s left out: see the results", countOf(left))
	}
}

func (p *botPlan) languagesText() string {
	var parts []string
	for _, lang := range botmessage.Languages() {
		if n := p.languages[lang]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", lang, n))
		}
	}
	return strings.Join(parts, ", ")
}

func membersText(n int) string {
	if n == 1 {
		return "1 member"
	}
	return fmt.Sprintf("%d members", n)
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
