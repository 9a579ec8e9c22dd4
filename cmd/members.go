package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

func newMembers(app *App) *cobra.Command {
	return group("members",
		"Find members, sign them out, suspend them",
		`Finds members and acts on their accounts, by endpoints that NAVER WORKS
publishes: they work on the real service, whatever the MDM state of a phone.
Reading needs the scope user.read or directory.read, acting user or directory
beside it.

A MEMBER is a user id, a login e-mail or externalKey:KEY, whole and never in
part; at a terminal also an alias e-mail.`,
		`  worksctl members search seoyeon --profile sandbox
  worksctl members show seoyeon.choi255@example.com --profile sandbox
  worksctl members sign-out seoyeon.choi255@example.com --profile sandbox --dry-run`,
		newMembersSearch(app),
		newMembersShow(app),
		newMembersSignOut(app),
		newMembersSuspend(app),
		newMembersUnsuspend(app),
	)
}

// memberName is a member's name as people write it: family name first and
// without a blank in Hangul, Han and kana, else last.
func memberName(m *api.Member) string { return fullName(m.UserName.LastName, m.UserName.FirstName) }

func fullName(last, first string) string {
	const eastAsian = 0x1100 // from Hangul on; Latin, Greek and Cyrillic letters come before
	if strings.ContainsFunc(last+first, func(r rune) bool { return r >= eastAsian }) {
		return last + first
	}
	return strings.TrimSpace(first + " " + last)
}

// memberState is one word for what a member may do now.
func memberState(m *api.Member) string {
	switch {
	case m.IsDeleted:
		return "deleted"
	case m.IsSuspended:
		return "suspended"
	case m.IsPending:
		return "pending"
	case m.IsAwaiting:
		return "awaiting"
	}
	return "active"
}

// noRight says which scope it takes to read members where the server refuses;
// other errors stay as they are.
func noRight(err error) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok || !errors.Is(e, api.ErrForbidden) {
		return err
	}
	return &exit.Error{
		Exit: exit.SignIn, ID: e.Code, HTTPStatus: e.Status, RequestID: e.RequestID, Err: err,
		Hint: "reading members needs the scope user.read or directory.read",
	}
}
