package cmd

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// lostMember is a member with devices who may be the one meant.
type lostMember struct {
	UserID   string `json:"userId"`
	Email    string `json:"email"`
	UserName string `json:"userName"`
	Devices  int    `json:"devices"` // that were found with the member
}

func (m *lostMember) text() string {
	return memberText(&api.User{UserID: m.UserID, Email: m.Email, UserName: m.UserName})
}

// members finds the members whose name or e-mail contains the text, by name.
// A whole e-mail or user id names one even if it is a part of others.
func (l *lostCase) members(ctx context.Context) ([]lostMember, error) {
	byID := map[string]*lostMember{}
	for d, err := range l.search(ctx, l.text) {
		if err != nil {
			return nil, unfinished(ctx, err, "")
		}
		m := byID[d.User.UserID]
		if m == nil {
			m = &lostMember{UserID: d.User.UserID, Email: d.User.Email, UserName: d.User.UserName}
			byID[d.User.UserID] = m
		}
		m.Devices++
	}
	var found, exact []lostMember
	for _, m := range byID {
		found = append(found, *m)
		if m.UserID == l.text || textmatch.Equal(m.Email, l.text) {
			exact = append(exact, *m)
		}
	}
	if len(exact) == 1 {
		return exact, nil
	}
	if len(found) == 0 {
		return nil, exit.Failedf("NOT_FOUND", "try a shorter part of the name or e-mail",
			"no device of a member called %q; members without any device don't show", l.text)
	}
	slices.SortFunc(found, func(a, b lostMember) int {
		return cmp.Or(cmp.Compare(a.UserName, b.UserName), cmp.Compare(a.Email, b.Email), cmp.Compare(a.UserID, b.UserID))
	})
	return found, nil
}

// search lists the devices of members whose name or e-mail contains text, or
// whose user id it is.
func (l *lostCase) search(ctx context.Context, text string) func(func(api.Device, error) bool) {
	return func(yield func(api.Device, error) bool) {
		filter, err := fleet.ParseFilter(fleet.FilterInput{DomainID: l.settings.DomainID, User: text}, l.app.fleetNow())
		if err != nil {
			yield(api.Device{}, err)
			return
		}
		var stats fleet.Stats
		fleet.Select(l.client.Devices.All(ctx, filter.Query(), nil), filter, fleet.Sort{}, 0, &stats)(yield)
	}
}

// chooseMember returns the position of the member meant, or -1 for none.
func (l *lostCase) chooseMember(ctx context.Context, members []lostMember) (int, error) {
	const shown = 20
	if len(members) == 1 {
		return 0, nil
	}
	l.say("%d members are called so:", len(members))
	for i := range min(len(members), shown) {
		l.say("  %d  %s, %s", i+1, members[i].text(), countOf(members[i].Devices))
	}
	if more := len(members) - shown; more > 0 {
		l.say("  and %d more: type more of the name to see them", more)
	}
	return l.choose(ctx, "Which member?", min(len(members), shown))
}

// choose asks for a number from 1 to n and returns it less one; -1 for none.
func (l *lostCase) choose(ctx context.Context, question string, n int) (int, error) {
	span := "1"
	if n > 1 {
		span = fmt.Sprintf("1 to %d", n)
	}
	for {
		number, err := l.number(ctx, fmt.Sprintf("%s Type %s, or nothing to stop: ", question, span))
		switch {
		case err != nil:
			return -1, err
		case number == 0:
			l.app.Term.Infof("nothing was sent")
			return -1, nil
		case number > 0 && number <= n:
			return number - 1, nil
		}
		l.say("There is no such number.")
	}
}
