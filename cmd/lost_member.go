package cmd

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// lostMember is a member who may be the one meant.
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
	found, err := l.membersWith(ctx, l.text, func(*api.User) bool { return true })
	if err == nil && len(found) == 0 {
		found, err = l.membersLike(ctx)
	}
	if e := exit.As(err); e != nil && e.ID == codeNoDeviceAPI {
		l.noDeviceAPI, err = true, nil
	}
	hint := "try a shorter part of the name or e-mail"
	if err == nil && len(found) == 0 && l.options.from == "" {
		found, err = l.membersOfDirectory(ctx)
		if !l.noDeviceAPI && errors.Is(err, api.ErrForbidden) {
			hint += "; members without any device don't show: " + explain(err).Hint
			err = nil
		}
	}
	if err != nil {
		return nil, err
	}
	var exact []lostMember
	for _, m := range found {
		if m.UserID == l.text || textmatch.Equal(m.Email, l.text) {
			exact = append(exact, m)
		}
	}
	if len(exact) == 1 {
		return exact, nil
	}
	if len(found) == 0 {
		return nil, exit.Failedf("NOT_FOUND", hint, "no member called %q, with or without blanks", l.text)
	}
	return found, nil
}

// membersLike finds members whose name has its blanks elsewhere than the text,
// among all whose name has the text's first letters.
func (l *lostCase) membersLike(ctx context.Context) ([]lostMember, error) {
	bare := withoutBlanks(l.text)
	first := []rune(bare)
	length := 1 // of a family name in Hangul or Han
	if first[0] < unicode.MaxLatin1 {
		length = min(3, len(first))
	}
	return l.membersWith(ctx, string(first[:length]), func(u *api.User) bool {
		return textmatch.Contains(withoutBlanks(u.UserName), bare)
	})
}

func withoutBlanks(text string) string {
	return strings.Join(strings.Fields(norm.NFC.String(text)), "")
}

// membersWith finds the members that a search for text lists, by name.
func (l *lostCase) membersWith(ctx context.Context, text string, meant func(*api.User) bool) ([]lostMember, error) {
	byID := map[string]*lostMember{}
	for d, err := range l.search(ctx, text) {
		if err != nil {
			return nil, unfinished(ctx, err, "")
		}
		if !meant(&d.User) {
			continue
		}
		m := byID[memberKey(&d.User)]
		if m == nil {
			m = &lostMember{UserID: d.User.UserID, Email: d.User.Email, UserName: d.User.UserName}
			byID[memberKey(&d.User)] = m
		}
		m.Devices++
	}
	var found []lostMember
	for _, m := range byID {
		found = append(found, *m)
	}
	return byName(found), nil
}

func byName(members []lostMember) []lostMember {
	slices.SortFunc(members, func(a, b lostMember) int {
		return cmp.Or(cmp.Compare(a.UserName, b.UserName), cmp.Compare(a.Email, b.Email), cmp.Compare(a.UserID, b.UserID))
	})
	return members
}

// search lists the devices of members whose name or e-mail contains text, or
// whose user id it is.
func (l *lostCase) search(ctx context.Context, text string) func(func(api.Device, error) bool) {
	return func(yield func(api.Device, error) bool) {
		input := fleet.FilterInput{DomainID: l.settings.DomainID, User: text}
		if l.options.from != "" {
			input.DomainID = 0 // which a file need not give
		}
		filter, err := fleet.ParseFilter(input, l.app.fleetNow())
		if err != nil {
			yield(api.Device{}, err)
			return
		}
		if l.options.from != "" {
			l.searchKnown(ctx, filter)(yield)
			return
		}
		var stats fleet.Stats
		fleet.Select(l.client.Devices.All(ctx, filter.Query(), nil), filter, fleet.Sort{}, 0, &stats)(yield)
	}
}
