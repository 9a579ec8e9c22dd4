package consolefile

import (
	"slices"
	"strings"

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
