package job

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/pkg/api"
)

// botAddress is what a bot's message is addressed to: a resource id or a login
// e-mail. An external key is neither.
func botAddress(u api.User) string {
	if strings.HasPrefix(u.UserID, "externalKey:") {
		return u.Email
	}
	return cmp.Or(u.UserID, u.Email)
}

// MemberKey names the member who gets one message for all of their devices;
// empty for a user whom no message can be addressed to.
func MemberKey(u api.User) string { return canonicalMember(botAddress(u)) }

// MemberMarks are the names under which the record of notices knows a member: by
// id and by e-mail, since a file may have only one of them.
func MemberMarks(u api.User) []string {
	var marks []string
	for _, name := range []string{botAddress(u), u.Email} {
		if name == "" {
			continue
		}
		if mark := "member:" + canonicalMember(name); !slices.Contains(marks, mark) {
			marks = append(marks, mark)
		}
	}
	return marks
}

// canonicalMember compares e-mails by letter case and normal form, ids byte for
// byte.
func canonicalMember(name string) string {
	if strings.Contains(name, "@") {
		return strings.ToLower(norm.NFC.String(name))
	}
	return name
}
