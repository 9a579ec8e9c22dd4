package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// The actions on a member. An item of such a job holds no device, only the
// member: see [MemberRow].
const (
	SignOut   fleet.Action = "sign-out"  // POST /users/{userId}/force-logout
	Suspend   fleet.Action = "suspend"   // POST /users/{userId}/suspend
	Unsuspend fleet.Action = "unsuspend" // POST /users/{userId}/unsuspend
)

// OfMember reports whether an action is done to a member, not to a device.
func OfMember(a fleet.Action) bool { return a == SignOut || a == Suspend || a == Unsuspend }

// MemberRow is a member as an item of a job: a row without a device, which has
// the member's domain, user id, e-mail and name.
func MemberRow(m *api.Member, name string) *api.Device {
	return &api.Device{DomainID: m.DomainID, User: api.User{UserID: m.UserID, Email: m.Email, UserName: name}}
}

// signOutSpan is within what time the service ends every connection of a member
// whom it signs out, as published.
const signOutSpan = 5 * time.Minute

// memberSender acts on the members of a job, one a request.
type memberSender struct {
	r   *Runner
	job journal.Job
}

func newMemberSender(r *Runner, job journal.Job) *memberSender { return &memberSender{r, job} }

func (s *memberSender) shape() (batch, parallel int) { return 1, 1 }

func (s *memberSender) group(d *api.Device) string { return d.User.UserID }

func (s *memberSender) operation() (method, template string) {
	verb := string(s.job.Action)
	if s.job.Action == SignOut {
		verb = "force-logout"
	}
	return http.MethodPost, "/users/{userId}/" + verb
}

func (s *memberSender) send(ctx context.Context, items []journal.Item, key string) ([]journal.Outcome, error) {
	id := items[0].Device.User.UserID
	request := s.r.Client.Users.ForceLogout
	switch s.job.Action {
	case Suspend:
		request = s.r.Client.Users.Suspend
	case Unsuspend:
		request = s.r.Client.Users.Unsuspend
	}
	err := request(ctx, id, key)
	unknown, isUnknown := errors.AsType[*api.UnknownOutcomeError](err)
	var o journal.Outcome
	switch {
	case err == nil && s.job.Action == SignOut:
		o = journal.Outcome{Status: journal.Accepted, Detail: "every connection of the member ends within 5 minutes"}
	case err == nil:
		o = memberDone(s.job.Action)
	case isUnknown && s.job.Action == SignOut:
		err = fmt.Errorf("the server can't be asked about sign-outs; another one does no harm: %w", unknown)
	case isUnknown:
		o, err = s.settle(ctx, id, unknown)
	default:
		o, err = s.refusal(ctx, id, err)
	}
	if err != nil {
		return nil, err
	}
	return []journal.Outcome{o}, nil
}

// settle looks whether a request without a readable answer shows in the member.
func (s *memberSender) settle(ctx context.Context, id string, unknown *api.UnknownOutcomeError) (journal.Outcome, error) {
	ctx, cancel := asking(ctx)
	defer cancel()
	m, err := s.r.member(ctx, id)
	switch {
	case err != nil:
		return journal.Outcome{}, fmt.Errorf("the server can't be asked (%w): %w", err, unknown)
	case m == nil || !reached(s.job.Action, m):
		return journal.Outcome{}, fmt.Errorf("the server shows no change: %w", unknown)
	}
	return memberDone(s.job.Action), nil
}

// refusal is what an answer that concerns the member means; any other error
// ends the run. A state that doesn't allow the action may be the wanted one.
func (s *memberSender) refusal(ctx context.Context, id string, err error) (journal.Outcome, error) {
	e, ok := errors.AsType[*api.Error](err)
	if !ok {
		return journal.Outcome{}, err
	}
	switch {
	case errors.Is(e, api.ErrNotFound):
		return noMember(e.Code), nil
	case errors.Is(e, api.ErrForbidden):
		return journal.Outcome{}, &exit.Error{
			Exit: exit.SignIn, ID: cmp.Or(e.Code, "FORBIDDEN"), HTTPStatus: e.Status, RequestID: e.RequestID, Err: err,
			Hint: "sign in with a credential that has the scope user or directory, and the right of an administrator",
		}
	case e.Status != http.StatusBadRequest && e.Status != http.StatusConflict:
		return journal.Outcome{}, err
	}
	if m, reading := s.r.member(ctx, id); reading == nil && m != nil && s.job.Action != SignOut && reached(s.job.Action, m) {
		return alreadySo(s.job.Action), nil
	}
	return journal.Outcome{Status: journal.Failed, Code: e.Code, Detail: cmp.Or(e.Description, "the server refused it and gave no reason")}, nil
}

// member reads one member; nil if there is none.
func (r *Runner) member(ctx context.Context, id string) (*api.Member, error) {
	m, err := r.Client.Users.Get(ctx, id)
	switch {
	case err == nil && m.UserID != id:
		return nil, exit.Failedf("WRONG_MEMBER", "", "asked for member %q, the server answered with member %q", id, m.UserID)
	case errors.Is(err, api.ErrNotFound):
		return nil, nil
	}
	return m, err
}

// reached reports whether a member is what suspend or unsuspend is to bring
// about.
func reached(a fleet.Action, m *api.Member) bool { return m.IsSuspended == (a == Suspend) }

func memberDone(a fleet.Action) journal.Outcome {
	if a == Suspend {
		return journal.Outcome{Status: journal.Done, Detail: "the member is suspended"}
	}
	return journal.Outcome{Status: journal.Done, Detail: "the member is active again"}
}

func alreadySo(a fleet.Action) journal.Outcome {
	if a == Suspend {
		return journal.Outcome{Status: journal.Skipped, Code: "ALREADY_SUSPENDED", Detail: "the member is suspended already"}
	}
	return journal.Outcome{Status: journal.Skipped, Code: "NOT_SUSPENDED", Detail: "the member is not suspended"}
}

func noMember(code string) journal.Outcome {
	return journal.Outcome{Status: journal.Failed, Code: cmp.Or(code, "USER_NOT_EXIST"), Detail: "there is no such member"}
}

// JudgeMember says what an action would do to a member now: planned, with what
// it means; skipped where there is nothing to do; refused where it can't be
// done. An administrator is left to the service, which knows its super
// administrators.
func JudgeMember(a fleet.Action, m *api.Member) journal.Outcome {
	switch {
	case m.IsDeleted:
		return journal.Outcome{Status: journal.Refused, Code: "USER_DELETED", Detail: "the member is deleted"}
	case a == SignOut:
		return journal.Outcome{Status: journal.Planned, Detail: "ends every connection of the member within 5 minutes, on every device"}
	case reached(a, m):
		return alreadySo(a)
	case a == Suspend && (m.IsPending || m.IsAwaiting):
		return journal.Outcome{Status: journal.Refused, Code: "USER_NOT_ACTIVE", Detail: "only an active member can be suspended"}
	case a == Suspend:
		return journal.Outcome{Status: journal.Planned, Detail: "takes all access of the member until unsuspended; nothing is deleted"}
	}
	return journal.Outcome{Status: journal.Planned, Detail: "gives the member's access back"}
}
