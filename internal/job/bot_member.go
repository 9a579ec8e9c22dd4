package job

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// MemberNames are the user id and the login e-mail by which u names a member, as
// they are compared and sent; either may be missing. An external key is neither.
func MemberNames(u api.User) (id, email string) {
	if !strings.HasPrefix(u.UserID, "externalKey:") {
		id = sentName(u.UserID)
	}
	return id, sentName(u.Email)
}

// MemberKey names the member who gets one message for all of their devices: what
// the message is addressed to. It is empty for a user whom none can be addressed
// to. An id that may be a bare login, which no message reaches, stands back for
// the e-mail.
func MemberKey(u api.User) string {
	id, email := MemberNames(u)
	if email != "" && !fleet.IsResourceID(id) {
		return email
	}
	return cmp.Or(id, email)
}

// MemberFault says why no request can name the member of u; it is empty for one
// that can. Some names mean somebody else, as me does, or another endpoint.
func MemberFault(u api.User) string {
	name := MemberKey(u)
	strange := func(r rune) bool {
		return !unicode.IsGraphic(r) || unicode.IsSpace(r) || strings.ContainsRune(`/\?#%`+"\ufffd", r)
	}
	switch {
	case name == "":
		return "names no member: a user id or an e-mail is needed"
	case name == ".", name == "..", strings.EqualFold(name, "me"), strings.ContainsFunc(name, strange):
		return fmt.Sprintf("names the member %q, which is no user id or e-mail", name)
	}
	return ""
}

// MemberMarks are the names under which the record of notices knows a member: by
// id and by e-mail, since a file may have only one of them.
func MemberMarks(u api.User) []string {
	const mark = "member:"
	id, email := MemberNames(u)
	switch {
	case id == "" && email == "":
		return nil
	case id == "" || email == "" || id == email:
		return []string{mark + cmp.Or(id, email)}
	}
	return []string{mark + id, mark + email}
}

// sentName is the form in which the service knows a name: its e-mails are in
// lower case, ids are what they are.
func sentName(name string) string {
	if strings.Contains(name, "@") {
		return strings.ToLower(norm.NFC.String(name))
	}
	return name
}
