package job

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// botSender sends a bot's messages: one request for each member, for all of
// their devices in the job.
type botSender struct {
	*notifySender // for the record of notices
	refusals
}

func newBotSender(r *Runner, job journal.Job) (*botSender, error) {
	notices, err := newNotifySender(r, job)
	if err != nil {
		return nil, err
	}
	return &botSender{notifySender: notices}, nil
}

func (s *botSender) shape() (batch, parallel int) { return math.MaxInt, 4 }

func (s *botSender) group(d *api.Device) string { return MemberKey(d.User) }

func (s *botSender) operation() (method, template string) {
	return http.MethodPost, "/bots/{botId}/users/{userId}/messages"
}

// prepare counts the members, and makes sure that each would get one message: a
// member whose devices stand apart would get several.
func (s *botSender) prepare(ctx context.Context, j journal.Journal) (requests int, err error) {
	begun := map[string]bool{}
	before, tried := "", 0
	for it, err := range j.Items(ctx) {
		if err != nil {
			return 0, err
		}
		s.sent = s.sent || it.Status == journal.Sent
		if it.Status != journal.Planned {
			continue
		}
		member := s.group(&it.Device)
		if MemberFault(it.Device.User) != "" || member != before && begun[member] {
			return 0, exit.Failedf("JOURNAL_DAMAGED", "", "job %s: the member of item %d is missing, or their devices don't stand together: nothing was sent", s.job.ID, it.Index)
		}
		if !begun[member] && it.Key != "" {
			tried++
		}
		begun[member], before = true, member
	}
	s.warned = tried >= manyRefused
	s.open = len(begun)
	s.settle = func(verdicts map[journal.Outcome][]int) error { return s.r.settleAll(j, verdicts) }
	return s.open, nil
}

func (s *botSender) send(ctx context.Context, items []journal.Item, key string) ([]journal.Outcome, error) {
	devices := make([]api.Device, len(items))
	for i := range items {
		devices[i] = items[i].Device
	}
	message, err := s.job.Bot.Message.Render(devices)
	if err != nil {
		return nil, err
	}
	to := MemberKey(devices[0].User)
	err = s.r.Client.Bots.SendMessage(ctx, s.job.Bot.BotID, to, message, key)
	if err == nil {
		s.reached()
		return shared(journal.Outcome{Status: journal.Sent}, items), nil
	}
	if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown {
		return nil, errors.Join(err, s.ended()) // never without the first: it keeps the member from being sent to again
	}
	o, err := s.refusal(to, err)
	if err != nil {
		return nil, err
	}
	o, err = s.verdict(o, items)
	return shared(o, items), err
}

// refusal is what an answer that refuses a member means; any other error it
// returns, to end the run. So does one that refuses everybody: the last of many
// in a row before any message was sent.
func (s *botSender) refusal(to string, err error) (journal.Outcome, error) {
	e, ok := errors.AsType[*api.Error](err)
	if !ok {
		return journal.Outcome{}, err
	}
	o := journal.Outcome{Status: journal.Failed}
	switch {
	case lacksScope(e):
		return o, &exit.Error{
			Exit: exit.SignIn, ID: "MISSING_SCOPE", HTTPStatus: e.Status, RequestID: e.RequestID, Err: &scopeError{e},
			Message: "the credential may not send messages of bots", Hint: "sign in with a credential that has the scope bot.message",
		}
	case e.Status == http.StatusNotFound && e.Code == "BOT_NOT_EXIST":
		return o, s.refusesAll(e, "")
	case e.Status == http.StatusNotFound:
		o.Code, o.Detail = "USER_NOT_EXIST", fmt.Sprintf("the service knows no member %q", to)+inWords(e)
	case e.Status == http.StatusForbidden:
		o.Code = "BOT_NOT_OPEN"
		o.Detail = fmt.Sprintf("bot %d is not open to this member: open it to them in the admin console (Services > Bot)", s.job.Bot.BotID) + inWords(e)
	case e.Status == http.StatusBadRequest, e.Status == http.StatusConflict:
		o = (&refusedError{e}).outcome()
	default:
		return o, err
	}
	if n := s.countRefused(); n == manyRefused && !s.warned {
		return o, s.refusesAll(e, fmt.Sprintf("%d members in a row were refused and none was reached: ", n))
	}
	return o, nil
}

// refusesAll ends the run for an answer that isn't the member's fault.
func (s *botSender) refusesAll(e *api.Error, why string) error {
	x := &exit.Error{
		Exit: exit.Failed, ID: "BOT_REFUSED", HTTPStatus: e.Status, RequestID: e.RequestID, Err: e,
		Message: fmt.Sprintf("%scheck that bot %d exists (--bot-id)", why, s.job.Bot.BotID),
	}
	x.Hint = fmt.Sprintf("worksctl jobs cancel %s, then notify again with the right --bot-id: nobody of it counts as notified", s.job.ID)
	switch {
	case why == "":
	case e.Status != http.StatusForbidden: // the bot may be right
		x.Message += " and whom the list names"
		x.Hint = fmt.Sprintf("worksctl jobs resume %[1]s goes on past those who are refused; with another bot: worksctl jobs cancel %[1]s, then notify again", s.job.ID)
	default:
		x.Exit, x.Hint = exit.SignIn, "" // the same bot may do once that is mended
		x.Message = fmt.Sprintf("%scheck that the credential has the scope bot.message and that bot %d is open to them; a resume goes on past those whom it isn't open to", why, s.job.Bot.BotID)
	}
	return x
}

// inWords are those of the service: the code that an item gets is a reading.
func inWords(e *api.Error) string {
	if e.Description == "" {
		return ""
	}
	return "; the service says: " + e.Description
}

// lacksScope reports whether an answer says that the token lacks a scope. Where
// no challenge does, words tell: a published endpoint says FORBIDDEN for more.
func lacksScope(e *api.Error) bool {
	words := strings.ToLower(e.Code + " " + e.Description)
	about := func(word string) bool { return strings.Contains(words, word) }
	return errors.Is(e, api.ErrMissingScope) ||
		e.Status == http.StatusForbidden && about("scope") && (about("token") || about("insufficient") || about("bot.message"))
}

// scopeError is an answer that [lacksScope].
type scopeError struct{ answer *api.Error }

func (e *scopeError) Error() string        { return e.answer.Error() }
func (e *scopeError) Unwrap() error        { return e.answer }
func (e *scopeError) Is(target error) bool { return target == api.ErrMissingScope }
