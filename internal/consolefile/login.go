package consolefile

import (
	"slices"
	"strings"
	"unicode"

	"github.com/worksctl/worksctl/internal/fleet"
)

// BareLogins counts the members who are named by nothing but a login without its
// domain: the API takes a resource id or a whole e-mail. With any, suggest is what `--map` of
// the column header takes; its domain is the one that all e-mails of the file are
// of, else the placeholder example.com. Rows with problems don't count.
func (f *File) BareLogins() (header, suggest string, members int) {
	logins, domains := map[string]bool{}, map[string]bool{}
	domain := "example.com"
	for _, row := range f.Rows {
		u := row.Device.User
		if len(row.Problems) > 0 {
			continue
		}
		if isBareLogin(u.UserID) && u.Email == "" {
			logins[strings.ToLower(u.UserID)] = true
		}
		if _, of, ok := strings.Cut(strings.ToLower(u.Email), "@"); ok {
			domains[of] = true
		}
	}
	if len(logins) == 0 {
		return "", "", 0
	}
	for of := range domains {
		if len(domains) == 1 && isDomain(of) {
			domain = of
		}
	}
	c, _ := f.column(fleet.KeyUserID)
	m := Mapping{Header: c.Header, Keys: []string{fleet.KeyUserID}, Domain: domain, Exact: c.exact}
	if slices.Contains(c.Keys, fleet.KeyUserName) {
		m.Keys = []string{fleet.KeyUserName, fleet.KeyUserID}
	}
	return c.Header, m.String(), len(logins)
}

// isBareLogin reports whether an id is the part of an e-mail before the @, and
// not a resource id.
func isBareLogin(id string) bool {
	return isLogin(id) && !strings.Contains(id, "@") && !fleet.IsResourceID(id)
}

func isDomain(text string) bool {
	labels := strings.Split(text, ".")
	return len(labels) > 1 && !slices.ContainsFunc(labels, func(label string) bool {
		return label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != ""
	})
}

// The brackets around an e-mail, and what separates it from a name.
const (
	opening   = "(（<＜[［【"
	closing   = ")）>＞]］】"
	separates = ",;:/|、，；："
)

// splitMember splits a member's cell as splitUser does, and also where the only
// e-mail stands before the name, behind a line break or before a team in brackets.
func splitMember(cell string) (name, id string) {
	if name, id = splitUser(cell); isEmail(id) || !strings.Contains(cell, "@") {
		return name, id
	}
	emails := emailsIn(cell)
	if len(emails) != 1 {
		return name, id
	}
	isOne := func(of string) func(rune) bool {
		return func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(of, r) }
	}
	before, after, _ := strings.Cut(strings.TrimSpace(cell), emails[0])
	before, after = strings.TrimRightFunc(before, isOne(opening+separates)), strings.TrimLeftFunc(after, isOne(closing+separates))
	if inner := strings.TrimFunc(after, isOne(opening+closing)); before == "" && !strings.ContainsAny(inner, opening+closing) {
		return inner, emails[0]
	}
	if !strings.ContainsAny(after, opening) {
		after = strings.TrimRight(after, closing)
	}
	return strings.TrimSpace(before + " " + after), emails[0]
}

// emailsIn returns the e-mails with a whole domain in a text, each once.
func emailsIn(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(opening+closing+separates, r) })
	return slices.Compact(slices.DeleteFunc(words, func(word string) bool {
		_, domain, _ := strings.Cut(word, "@")
		return !isEmail(word) || !isDomain(strings.ToLower(domain))
	}))
}
