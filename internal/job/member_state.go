package job

import (
	"context"
	"fmt"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
)

// followMembers looks at the member of each open item. Of a sign-out nothing
// can be asked; one that was accepted counts as done when the time is over
// within which the service promises it.
func (r *Runner) followMembers(ctx context.Context, j journal.Journal) error {
	items, err := collect(open(ctx, j))
	for i := 0; i < len(items) && err == nil; i++ {
		it := &items[i]
		var o journal.Outcome
		if o, err = r.memberNow(ctx, j.Job(), it); err == nil && o.Status != "" {
			err = r.learn(j, it, o)
		}
	}
	return err
}

// memberNow is what is learned about an item; empty if nothing is.
func (r *Runner) memberNow(ctx context.Context, job journal.Job, it *journal.Item) (journal.Outcome, error) {
	if job.Action == SignOut {
		if it.Status != journal.Accepted || r.Now().Sub(it.Time) < signOutSpan {
			return journal.Outcome{}, nil
		}
		return journal.Outcome{Status: journal.Done, Detail: "accepted at " + rfc3339(it.Time) + "; the service promises the end of every connection within 5 minutes"}, nil
	}
	m, err := r.member(ctx, it.Device.User.UserID)
	if err != nil || m == nil || !reached(job.Action, m) {
		return journal.Outcome{}, err
	}
	return memberDone(job.Action), nil
}

// recheckMembers reads every planned member again: one who has another e-mail
// or domain by now is refused, one who is gone failed, and one of whom the
// rules judge otherwise by now as they say.
func (r *Runner) recheckMembers(ctx context.Context, j journal.Journal) error {
	settled := map[journal.Outcome][]int{}
	for it, err := range planned(ctx, j) {
		if err != nil {
			return err
		}
		m, err := r.member(ctx, it.Device.User.UserID)
		if err != nil {
			return err
		}
		var o journal.Outcome
		switch was := it.Device; {
		case m == nil:
			o = noMember("")
		case m.Email != was.User.Email || m.DomainID != was.DomainID:
			o = journal.Outcome{Status: journal.Refused, Code: "USER_CHANGED", Detail: fmt.Sprintf(
				"was %s in domain %d, is %s in domain %d", was.User.Email, was.DomainID, m.Email, m.DomainID)}
		default:
			o = JudgeMember(j.Job().Action, m)
		}
		if o.Status != journal.Planned {
			settled[o] = append(settled[o], it.Index)
		}
	}
	return r.settleAll(j, settled)
}

// proveMember judges an item by the member as they are now.
func (r *Runner) proveMember(ctx context.Context, job journal.Job, it *journal.Item) (Evidence, error) {
	if job.Action == SignOut {
		return proveSignOut(it, r.Now()), nil
	}
	e := Evidence{Evidence: Unknown, Time: rfc3339(r.Now())}
	m, err := r.member(ctx, it.Device.User.UserID)
	switch {
	case err != nil:
		return e, err
	case m == nil:
		e.Detail = "there is no such member any more"
	case reached(job.Action, m):
		e.Evidence, e.Detail = Confirmed, memberDone(job.Action).Detail
	case it.Status == journal.Sending, it.Doubtful():
		e.Detail = "the server shows no change"
	default:
		e.Evidence, e.Detail = Failed, "the member is not suspended"
		if job.Action == Unsuspend {
			e.Detail = "the member is suspended"
		}
	}
	return e, nil
}

// proveSignOut tells what the service said: it shows nothing of sign-outs.
func proveSignOut(it *journal.Item, now time.Time) Evidence {
	e := Evidence{Evidence: Unknown, Time: rfc3339(it.Time)}
	switch {
	case it.Status == journal.Sending, it.Status == journal.Planned:
		e.Detail = "nobody knows whether it was taken, and the server can't be asked; another sign-out does no harm"
	case it.Status == journal.Accepted && now.Sub(it.Time) < signOutSpan:
		e.Evidence, e.Detail = Pending, "every connection of the member ends within 5 minutes of "+e.Time
	default:
		e.Detail = "taken by the server, which promises it within 5 minutes and shows nothing of it"
	}
	return e
}
