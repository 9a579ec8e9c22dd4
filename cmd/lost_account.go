package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// accountStep is what can be done to a member, by endpoints that every server
// has, whatever the state of the devices.
type accountStep struct {
	action fleet.Action
	not    string // why it can't be done now; empty if it can
}

// accountSteps are those of the member, least harm first; none where the member
// can't be read.
func (l *lostCase) accountSteps() []accountStep {
	if l.account == nil {
		return nil
	}
	var steps []accountStep
	for _, action := range []fleet.Action{job.SignOut, job.Suspend} {
		s := accountStep{action: action}
		if o := job.JudgeMember(action, l.account); o.Status != journal.Planned {
			s.not = o.Detail
		}
		if slices.Contains(l.done, action) {
			s.not = "done"
		}
		steps = append(steps, s)
	}
	return steps
}

// unnamed says why a file names a member by nothing that a request takes; it is
// empty where it may.
func (l *lostCase) unnamed(m lostMember) string {
	switch name := l.accountName(m); {
	case name == "":
		return "the file gives neither user id nor e-mail of the member"
	case l.logins != "" && !strings.Contains(name, "@") && !fleet.IsResourceID(name):
		return fmt.Sprintf("the file names the member by a login without its domain, %q: say the domain: --map %s", name, fleet.ShellQuote(l.logins))
	}
	return ""
}

// readAccount reads the member to act on. Where that isn't possible it says why
// in noAccount, and the devices are left: in an emergency a half is better than
// nothing.
func (l *lostCase) readAccount(ctx context.Context, m lostMember) error {
	name := l.accountName(m)
	if name == "" {
		l.noAccount = l.unnamed(m)
		return nil
	}
	found, err := l.app.findMember(ctx, name)
	if err == nil {
		err = l.notOfDomain(found)
	}
	switch {
	case err == nil:
		l.account = found
		return nil
	case ctx.Err() != nil, errors.Is(err, api.ErrUnauthorized):
		return unfinished(ctx, err, "")
	}
	e := explain(err)
	l.noAccount = e.Error()
	if why := l.unnamed(m); why != "" && e.ID == "NOT_FOUND" {
		l.noAccount = why
	}
	if e.Hint != "" && errors.Is(err, api.ErrForbidden) {
		l.noAccount += "; " + e.Hint
	}
	return nil
}

// accountName is what the published endpoints know a member by. The id in a
// console's download need not be a user id.
func (l *lostCase) accountName(m lostMember) string {
	if l.console {
		return cmp.Or(m.Email, m.UserID)
	}
	return cmp.Or(m.UserID, m.Email)
}

// membersOfDirectory finds members among all of them, by the whole e-mail or user
// id without reading the others.
func (l *lostCase) membersOfDirectory(ctx context.Context) ([]lostMember, error) {
	noName := []string{"me", ".", ".."} // the latter two would be another path
	if !strings.ContainsFunc(l.text, func(r rune) bool { return r <= ' ' || r > '~' }) && !slices.Contains(noName, l.text) {
		m, err := l.client.Users.Get(ctx, l.text)
		switch {
		case err == nil && answersTo(m, l.text):
			return []lostMember{memberFound(m)}, nil
		case err != nil && !errors.Is(err, api.ErrNotFound):
			return nil, unfinished(ctx, noRight(err), "")
		}
	}
	progress := l.app.Term.StartProgress("members read", 0, l.app.Now)
	defer progress.Stop()
	var found []lostMember
	for m, err := range l.client.Users.All(ctx, api.UserQuery{DomainID: l.settings.DomainID}, nil) {
		if err != nil {
			return nil, unfinished(ctx, noRight(err), "")
		}
		progress.Add(1)
		if matchesText(&m, l.text) {
			found = append(found, memberFound(&m))
		}
	}
	return byName(found), nil
}

func memberFound(m *api.Member) lostMember {
	return lostMember{UserID: m.UserID, Email: m.Email, UserName: memberName(m)}
}

// toAccount does what members sign-out and members suspend do. What went wrong
// is said, and doesn't keep from the next step; only an error that ends the
// guide is returned.
func (l *lostCase) toAccount(ctx context.Context, action fleet.Action) error {
	l.report = l.keepTicket
	err := l.actOnMember(ctx, action, l.account, lostReason(l.options.ticket), nil)
	switch e := exit.As(err); {
	case err == nil:
		l.done = append(l.done, action)
		return nil
	case ctx.Err() != nil, e != nil && e.ID == codeDeclined:
		return err
	}
	l.failed = errors.Join(l.failed, err)
	l.say("%s", explain(err).Error())
	return nil
}

// accountText says what a step does to the member, in one line.
func accountText(a fleet.Action) string {
	if a == job.SignOut {
		return "sign the member out everywhere: within 5 minutes on every device; deletes nothing, the password signs in again"
	}
	return "suspend the member: no access from any device until unsuspended; deletes nothing"
}
