package cmd

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

const externalKeyPrefix = "externalKey:"

// findMember finds the one member that name stands for, whole and never in
// part: by user id, login e-mail or external key and, at a terminal, by an alias
// e-mail.
func (app *App) findMember(ctx context.Context, name string) (*api.Member, error) {
	const ways = "name a member by user id, login e-mail or externalKey:KEY"
	if name == "me" {
		return nil, exit.Usagef("BAD_MEMBER", ways, "me is no MEMBER: a service account is nobody's account")
	}
	client, err := app.Client()
	if err != nil {
		return nil, err
	}
	m, err := client.Users.Get(ctx, cmp.Or(job.MemberKey(api.User{UserID: name}), name)) // e-mails in lower case
	switch {
	case err == nil && !answersTo(m, name) && hasAlias(m, name): // others may have it, too
		if !app.Term.Interactive() {
			return nil, exit.Refusedf("ALIAS_ONLY", "if that is the member meant, name them by the login e-mail: "+m.Email,
				"%q is only an alias e-mail of %s: nothing was done", name, memberText(memberUser(m)))
		}
		return app.memberByAlias(ctx, client, name)
	case err == nil && !answersTo(m, name):
		return nil, exit.Failedf("WRONG_MEMBER", "", "asked for member %q, the server answered with %s", name, memberText(memberUser(m)))
	case err == nil:
		return m, notSendable(m)
	case !errors.Is(err, api.ErrNotFound):
		return nil, noRight(err)
	}
	if app.Term.Interactive() && strings.Contains(name, "@") {
		return app.memberByAlias(ctx, client, name)
	}
	return nil, noSuchMember(name)
}

func noSuchMember(name string) error {
	return exit.Failedf("NOT_FOUND", "worksctl members search "+fleet.Argument(name), "no member %q", name)
}

// notSendable is the error for a member whose id, which the server has given,
// would mean somebody else in a request.
func notSendable(m *api.Member) error {
	if fault := job.MemberFault(api.User{UserID: m.UserID}); fault != "" {
		return exit.Failedf("WRONG_MEMBER", "", "the server's answer %s", fault)
	}
	return nil
}

// answersTo checks that the server has given the member who was asked for, by
// what names one member only.
func answersTo(m *api.Member, name string) bool {
	if key, ok := strings.CutPrefix(name, externalKeyPrefix); ok {
		return string(m.UserExternalKey) == key
	}
	return m.UserID == name || textmatch.Equal(m.Email, name)
}

func hasAlias(m *api.Member, name string) bool {
	return slices.ContainsFunc(m.AliasEmails, func(alias string) bool { return textmatch.Equal(alias, name) })
}

// memberByAlias reads every member. If several answer, their cards are shown;
// where stderr is to be JSON, the error names their ids.
func (app *App) memberByAlias(ctx context.Context, client *api.Client, name string) (*api.Member, error) {
	settings, err := app.Settings()
	if err != nil {
		return nil, err
	}
	var found []api.Member
	for m, err := range client.Users.All(ctx, api.UserQuery{DomainID: settings.DomainID}, nil) {
		if err != nil {
			return nil, unfinished(ctx, noRight(err), "")
		}
		if hasAlias(&m, name) || textmatch.Equal(m.Email, name) {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 0:
		return nil, noSuchMember(name)
	case 1:
		return &found[0], notSendable(&found[0])
	}
	hint := "name one of them by user id"
	if app.format == output.JSON || app.format == output.NDJSON {
		var ids []string
		for i := range found {
			ids = append(ids, found[i].UserID)
		}
		hint += ": " + strings.Join(ids, ", ")
	} else {
		for i := range found {
			app.showCard(memberFields(&found[i]))
		}
	}
	return nil, exit.Refusedf("AMBIGUOUS_MEMBER", hint, "%s answer to %q: nothing was done", membersCounted(len(found)), name)
}

// memberUser is a member as devices name their users.
func memberUser(m *api.Member) *api.User {
	return &api.User{UserID: m.UserID, Email: m.Email, UserName: memberName(m)}
}

// notOfDomain refuses to act on a member of another domain than the profile's.
func (a *acting) notOfDomain(m *api.Member) error {
	if a.settings.DomainID == 0 || m.DomainID == a.settings.DomainID {
		return nil
	}
	return exit.Refusedf("WRONG_DOMAIN", "use a profile of that domain",
		"%s belongs to domain %d, the profile to domain %d: nothing was sent", memberText(memberUser(m)), m.DomainID, a.settings.DomainID)
}
