package cmd

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/internal/botmessage"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// The ways of a notice.
const (
	viaWorks = "works" // the console's kind, by the device API
	viaBot   = "bot"   // a message of a bot
)

// botOptions are the flags of notify that say how, and those of a bot's
// message.
type botOptions struct {
	via      string
	id       int
	message  string
	template string
	link     string
	language string

	notice   botmessage.Notice // what they mean, once checked
	versions []api.AppVersion  // of --latest, which the filters have, too
}

func (b *botOptions) on() bool { return b.via == viaBot }

func (b *botOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&b.via, "via", viaWorks, "works sends the console's kind of notice, bot a message of a bot")
	f.IntVar(&b.id, "bot-id", 0, "the bot that sends the message")
	f.StringVar(&b.message, "message", "", "text of the bot's message: may have {name} {app} {version} {latest} {model} {devices}")
	f.StringVar(&b.template, "template", "", "YAML file with the bot's message in ko, ja and en")
	f.StringVar(&b.link, "link", "", "https address that a button of the bot's message opens")
	f.StringVar(&b.language, "language", botmessage.Auto, "language of the bot's message: ko, ja, en, or auto: as each member's app is set")
	fixedValues(c, "via", viaWorks, viaBot)
	fixedValues(c, "language", botmessage.Auto, "ko", "ja", "en")
	freeText(c, "bot-id", "message", "link")
	fileName(c, "template")
}

// check makes the message of the flags. It makes no request.
func (b *botOptions) check(c *cobra.Command) error {
	if known := []string{viaWorks, viaBot}; !slices.Contains(known, b.via) {
		return exit.Usagef("UNKNOWN_WAY", nearestValue("--via", b.via, known), "--via %q: must be works or bot", b.via)
	}
	var err error
	if b.versions, err = namedLatest(c); err != nil {
		return err
	}
	if !b.on() {
		for _, flag := range []string{"bot-id", "message", "template", "link", "language"} {
			if c.Flags().Changed(flag) {
				return exit.Usagef("CONTRADICTING_FLAGS", "add --via bot", "--%s means nothing without --via bot: the console's notice has a text of its own", flag)
			}
		}
		return nil
	}
	if err := b.checkWords(c); err != nil {
		return err
	}
	b.notice = botmessage.Notice{Templates: botmessage.BuiltIn(), Language: b.language, Link: b.link}
	switch {
	case b.message != "":
		b.notice.Templates = botmessage.Own(b.message)
	case b.template != "":
		content, err := os.ReadFile(b.template)
		if err != nil {
			return exit.Failedf("FILE_UNREADABLE", "", "--template %s: %v", b.template, exit.Reason(err))
		}
		if b.notice.Templates, err = botmessage.Parse(b.template, content); err != nil {
			return err
		}
	}
	if _, err := checkLatest(c, b.namesLatest()); err != nil {
		return err
	}
	return b.notice.Check()
}

// namesLatest reports whether the message may name a latest version.
func (b *botOptions) namesLatest() bool {
	return b.notice.Uses(botmessage.Latest) || b.notice.Uses(botmessage.Devices)
}

func (b *botOptions) checkWords(c *cobra.Command) error {
	known := append([]string{botmessage.Auto}, botmessage.Languages()...)
	switch {
	case c.Flags().Changed("bot-id") && b.id < 1:
		return exit.Usagef("BAD_BOT_ID", "the admin console names it under Services > Bot", "--bot-id %d: must be 1 or more", b.id)
	case b.message != "" && b.template != "":
		return exit.Usagef("CONTRADICTING_FLAGS", "leave one of the two out", "--message and --template both say what to write")
	case !slices.Contains(known, b.language):
		return exit.Usagef("UNKNOWN_LANGUAGE", nearestValue("--language", b.language, known), "--language %q: must be ko, ja, en or auto", b.language)
	}
	for _, flag := range []string{"message", "template", "link"} {
		if f := c.Flags().Lookup(flag); f.Changed && strings.TrimSpace(f.Value.String()) == "" {
			return exit.Usagef("EMPTY_FLAG", "leave it out", "--%s is empty", flag)
		}
	}
	return nil
}

// notifyByBot sends each member one message about the devices that sel and args
// mean.
func (a *acting) notifyByBot(c *cobra.Command, o *notifyOptions, sel selection, args []string) error {
	ctx := c.Context()
	if o.bot.id == 0 {
		o.bot.id = a.settings.BotID
	}
	if o.bot.id == 0 {
		return exit.Usagef("NO_BOT", "--bot-id N, or bot_id in the profile; the admin console names it under Services > Bot", "nothing says which bot sends the messages")
	}
	job := a.newNotice(c, o)
	job.Bot = &journal.BotNotice{BotID: int64(o.bot.id), FromFile: o.from != "", FileTime: writtenAt(o.from), Message: o.bot.notice}
	var err error
	if job.Bot.Message.Latest, err = a.latestFor(ctx, o); err != nil {
		return err
	}
	draft, err := a.jobs.Draft(ctx, job)
	if err != nil {
		return err
	}
	defer draft.Discard()
	p := &botPlan{acting: a, draft: draft, cooldown: time.Duration(o.cooldown.duration)}
	p.asked = o.from == "" || len(o.bot.versions) == 0 && (o.filter.Outdated || o.bot.notice.Uses(botmessage.Latest))
	p.summary.cooldown = o.cooldown.String()
	if err := a.planMessages(ctx, sel, o, args, p); err != nil {
		return err
	}
	if err := o.tellNone(a.app, &p.summary); err != nil {
		return err
	}
	if p.reached > 0 && !a.dryRun {
		if err := a.signedIn(ctx); err != nil {
			return err
		}
	}
	a.report = a.reportMembers
	return a.carryOut(ctx, plan{
		draft: draft,
		show:  p.show,
		ask:   func(ctx context.Context) error { return a.confirm(ctx, "Send them?") },
	})
}

// signedIn makes sure that there is a token before a job is made: messages about
// the devices of a file are the first requests of the run.
func (a *acting) signedIn(ctx context.Context) error {
	if a.settings.Sandbox {
		return nil
	}
	tokens, err := a.app.Tokens()
	if err != nil {
		return err
	}
	_, err = tokens.Token(ctx)
	return err
}

// byBot offers to send by a bot what was typed, where a file has no device ids.
func (a *acting) byBot(c *cobra.Command, err error) error {
	if e := exit.As(err); e != nil && e.ID == noDeviceIDs {
		typed := typedAs(c, "via") + " --via bot"
		if a.settings.BotID == 0 && !c.Flags().Changed("bot-id") {
			typed += " --bot-id N"
		}
		return exit.Refusedf(noDeviceIDs, typed, "%s; a message of a bot goes to their members", e.Message)
	}
	return err
}

// typedAs is a command as it was typed, but for the flag without.
func typedAs(c *cobra.Command, without string) string {
	words := []string{c.CommandPath()}
	given := c.Flags()
	for _, arg := range given.Args() {
		words = append(words, fleet.ShellQuote(arg))
	}
	given.SortFlags = false // in the order typed
	given.Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			switch {
			case f.Name == without:
			case f.NoOptDefVal == "":
				words = append(words, "--"+f.Name, fleet.ShellQuote(v))
			case f.NoOptDefVal == v:
				words = append(words, "--"+f.Name)
			default:
				words = append(words, "--"+f.Name+"="+fleet.ShellQuote(v))
			}
		}
	})
	return strings.Join(words, " ")
}

// latestFor are the latest versions that the message may name: those of --latest,
// else the server's, which has none where there is no device API.
func (a *acting) latestFor(ctx context.Context, o *notifyOptions) ([]api.AppVersion, error) {
	switch {
	case !o.bot.namesLatest():
		return nil, nil
	case len(o.bot.versions) > 0:
		return o.bot.versions, nil
	case o.from == "":
		return a.latestVersions(ctx), nil
	case o.bot.notice.Uses(botmessage.Latest):
		latest, err := a.client.AppVersions.List(ctx, a.settings.DomainID)
		if errors.Is(err, api.ErrNoDeviceAPI) {
			return nil, exit.Failedf("NO_LATEST_VERSION", "name it: "+latestExample+", or leave {latest} out",
				"the message has {latest}, and this server names no latest version")
		}
		return latest, err
	}
	return nil, nil
}

// planMessages adds the devices to the plan.
func (a *acting) planMessages(ctx context.Context, sel selection, o *notifyOptions, args []string, p *botPlan) error {
	n := counts{progress: a.app.Term.StartProgress("devices read", 0, a.app.Now)}
	defer n.progress.Stop()
	if len(args) == 0 && o.from == "" {
		if err := a.addSelected(ctx, sel, &n, p); err != nil {
			return err
		}
		return p.finish(ctx)
	}
	targets := a.named(ctx, args)
	if o.from != "" {
		f, err := a.readFile(ctx, sel, o.skipBad)
		if err != nil {
			return err
		}
		p.file = f
		targets = f.targets(a.settings.DomainID)
	}
	err := a.addNamed(ctx, targets, sel, o, p)
	if errors.Is(err, api.ErrNoDeviceAPI) && o.from != "" { // asked for the latest version
		return a.app.withoutServer(ctx, err)
	}
	if err != nil {
		return err
	}
	return p.finish(ctx)
}
