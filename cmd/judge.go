package cmd

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// judge turns what became of a job into the error that its exit code asks for,
// or nil (cli.md, "Exit codes"). stopped is why it ended early; waited says
// that the command was to wait for what the back end accepted.
func (app *App) judge(j journal.Job, n journal.Counts, stopped error, waited bool) error {
	good := n[journal.Sent] + n[journal.Accepted] + n[journal.Done]
	bad := n[journal.Failed] + n[journal.Refused] + n[journal.Canceled]
	e := &exit.Error{ID: "JOB_INCOMPLETE", Message: string(j.Action) + ": " + sentence(n), Hint: showHint(j.ID)}
	if stopped != nil {
		cause := explain(stopped)
		e.ID, e.Message, e.Err = cause.ID, e.Message+": stopped", cause
		e.HTTPStatus, e.RequestID = cause.HTTPStatus, cause.RequestID
		if n[journal.Planned] > 0 {
			e.Hint = "worksctl jobs resume " + j.ID
		}
		if n[journal.Planned] > 0 && cause.ID == "BOT_REFUSED" && cause.Hint != "" { // another bot is another job
			e.Hint = cause.Hint
		}
		lacks := errors.Is(stopped, api.ErrMissingScope) || job.OfMember(j.Action) && errors.Is(stopped, api.ErrForbidden)
		if n[journal.Planned] > 0 && lacks && cause.Hint != "" { // it would stop there again
			e.Hint = cause.Hint + ", then: " + e.Hint
		}
	}
	switch {
	case n[journal.Unknown] > 0:
		e.Exit, e.ID = exit.Unknown, "OUTCOME_UNKNOWN"
		if stopped == nil || n[journal.Planned] == 0 {
			e.Hint = settleHint(j)
		}
	case waited && n[journal.Accepted] > 0:
		e.Exit, e.ID, e.Hint = exit.Unknown, "NOT_YET_KNOWN", "worksctl jobs wait "+j.ID
		e.Message = "stopped waiting: " + notSeen(j.Action, n)
	case stopped != nil:
		e.Exit = exit.Worst(exit.CodeOf(e.Err), exit.CodeOf(stopped))
		if interrupted := e.Exit == exit.Interrupted || e.Exit == exit.Terminated; !interrupted && good > 0 {
			e.Exit = exit.Partial
		}
	case bad == 0:
		return nil
	case good > 0:
		e.Exit = exit.Partial
	case n[journal.Refused] == bad:
		e.Exit, e.Hint = exit.Refused, "" // a plan that became no job, or a job whose rows name the reason
	default:
		e.Exit = exit.Failed
	}
	return e
}

// sentence lists counts: "3 sent, 1 failed".
func sentence(n journal.Counts) string {
	var parts []string
	for _, s := range statusOrder() {
		if n[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[s], statusWord(s)))
		}
	}
	return strings.Join(parts, ", ")
}

func statusOrder() []journal.Status {
	return []journal.Status{
		journal.Sent, journal.Accepted, journal.Done, journal.Skipped, journal.Failed, journal.Refused,
		journal.Canceled, journal.Unknown, journal.Sending, journal.Planned,
	}
}

// statusWord says planned as what it means when a job has ended.
func statusWord(s journal.Status) string {
	if s == journal.Planned {
		return "not sent"
	}
	return string(s)
}

// notSeen says what a wait did not see happen.
func notSeen(action fleet.Action, n journal.Counts) string {
	what, who := string(action), countOf(n[journal.Accepted])
	if isWipe(action) {
		what = "the " + what
	}
	have := "have"
	if n[journal.Accepted] == 1 {
		have = "has"
	}
	text := fmt.Sprintf("%s is asked for, but %s %s not carried it out yet", what, who, have)
	rest := maps.Clone(n)
	if delete(rest, journal.Accepted); len(rest) > 0 {
		text += " (" + sentence(rest) + ")"
	}
	return text
}

func showHint(id string) string {
	if id == "" {
		return ""
	}
	return "worksctl jobs show " + id
}

// settleHint names what settles an unknown outcome: the back end can be asked
// about commands and MDM; of a notice only a newer app tells later. What stays
// unknown is never sent again but with --resend-unknown.
func settleHint(j journal.Job) string {
	if j.Bot != nil && j.Bot.FromFile {
		return "worksctl jobs resume " + j.ID + " --resend-unknown sends the message again, perhaps twice"
	}
	if j.Action == fleet.Notify {
		return "worksctl jobs verify " + j.ID + " tells later who has updated; worksctl jobs resume " + j.ID +
			" --resend-unknown notifies again, perhaps twice"
	}
	if j.Action == job.SignOut {
		return "worksctl jobs resume " + j.ID + " --resend-unknown signs out again, which does no harm"
	}
	return "worksctl jobs resume " + j.ID + " asks the back end again; with --resend-unknown it sends again what stays unknown, which may then happen twice"
}
