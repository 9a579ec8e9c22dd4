package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/internal/textmatch"
)

// member is a member of the tenant, stored and sent in the published form.
type member struct {
	DomainID        int32          `json:"domainId"`
	UserID          string         `json:"userId"`
	UserExternalKey *string        `json:"userExternalKey"`
	Email           string         `json:"email"`
	IsAdministrator bool           `json:"isAdministrator"`
	IsPending       bool           `json:"isPending"`
	IsSuspended     bool           `json:"isSuspended"`
	IsDeleted       bool           `json:"isDeleted"`
	IsAwaiting      bool           `json:"isAwaiting"`
	UserName        memberName     `json:"userName"`
	NickName        string         `json:"nickName"`
	AliasEmails     []string       `json:"aliasEmails"`
	Organizations   []organization `json:"organizations"`
}

type memberName struct {
	LastName          string `json:"lastName"`
	FirstName         string `json:"firstName"`
	PhoneticLastName  string `json:"phoneticLastName"`
	PhoneticFirstName string `json:"phoneticFirstName"`
}

type organization struct {
	DomainID int32     `json:"domainId"`
	Primary  bool      `json:"primary"`
	OrgUnits []orgUnit `json:"orgUnits"`
}

type orgUnit struct {
	OrgUnitID   string `json:"orgUnitId"`
	OrgUnitName string `json:"orgUnitName"`
	Primary     bool   `json:"primary"`
}

func newMember(m seed.Member) member {
	return member{
		DomainID: m.DomainID, UserID: m.UserID, UserExternalKey: orNull(m.ExternalKey), Email: m.Email,
		IsAdministrator: m.Administrator, IsPending: m.Pending, IsSuspended: m.Suspended,
		UserName: memberName{m.LastName, m.FirstName, m.PhoneticLast, m.PhoneticFirst},
		NickName: m.NickName, AliasEmails: []string{},
		Organizations: []organization{{DomainID: m.DomainID, Primary: true,
			OrgUnits: []orgUnit{{m.OrgUnitID, m.OrgUnitName, true}}}},
	}
}

// mostMembers is the largest page of members, as published.
const mostMembers = 100

func listUsers(c *call) (answer, error) {
	q := c.req.URL.Query()
	domain, err := c.queryDomain()
	if err != nil {
		return answer{}, err
	}
	p, err := c.page(mostMembers)
	switch {
	case err != nil:
		return answer{}, err
	case q.Has("orderBy") && q.Get("orderBy") != "NAME" && q.Get("orderBy") != "CREATED_TIME":
		return answer{}, errInvalid("orderBy %q: use NAME or CREATED_TIME", q.Get("orderBy"))
	case q.Has("sortOrder") && q.Get("sortOrder") != "ASCENDING" && q.Get("sortOrder") != "DESCENDING":
		return answer{}, errInvalid("sortOrder %q: use ASCENDING or DESCENDING", q.Get("sortOrder"))
	}
	rows := []member{}
	if p.empty {
		return c.respond("users", rows, "")
	}
	if q.Get("orderBy") == "NAME" {
		return c.listUsersByName(domain, p, q.Get("sortOrder") == "DESCENDING")
	}
	// By id, which also stands for the time of creation: it never changes.
	walk := c.tx.Ascend(bucketMembers, p.after)
	if q.Get("orderBy") == "CREATED_TIME" && q.Get("sortOrder") == "DESCENDING" {
		walk = c.tx.Descend(bucketMembers, p.after)
	}
	for id, data := range walk {
		if id == p.after {
			continue
		}
		if len(rows) == p.count {
			return c.respond("users", rows, rows[p.count-1].UserID)
		}
		var m member
		if err := json.Unmarshal(data, &m); err != nil {
			return answer{}, err
		}
		if !q.Has("domainId") || m.DomainID == domain {
			rows = append(rows, m)
		}
	}
	return c.respond("users", rows, "")
}

func (c *call) listUsersByName(domain int32, p pageRequest, descending bool) (answer, error) {
	var all []member
	for _, data := range c.tx.Ascend(bucketMembers, "") {
		var m member
		if err := json.Unmarshal(data, &m); err != nil {
			return answer{}, err
		}
		if !c.req.URL.Query().Has("domainId") || m.DomainID == domain {
			all = append(all, m)
		}
	}
	name := func(m *member) string { return textmatch.Fold(m.UserName.LastName + " " + m.UserName.FirstName) }
	slices.SortFunc(all, func(a, b member) int {
		return cmp.Or(strings.Compare(name(&a), name(&b)), strings.Compare(a.UserID, b.UserID))
	})
	if descending {
		slices.Reverse(all)
	}
	from := 1 + slices.IndexFunc(all, func(m member) bool { return m.UserID == p.after })
	rows := append([]member{}, all[from:min(from+p.count, len(all))]...)
	next := ""
	if from+p.count < len(all) {
		next = rows[p.count-1].UserID
	}
	return c.respond("users", rows, next)
}

func getUser(c *call) (answer, error) {
	m, err := c.findMember()
	if err != nil {
		return answer{}, err
	}
	return ok(m)
}

// personSubject is whoever signs in with a browser: the tenant's first
// administrator, or where it has none its first member.
const personSubject = "admin@sandbox.example"

// signedIn is the member who signed in. A service account is none.
func (c *call) signedIn() (first member, err error) {
	if c.claims.Subject != personSubject {
		return member{}, errForbidden("me is not allowed for a service account")
	}
	for _, data := range c.tx.Ascend(bucketMembers, "") {
		var m member
		if err := json.Unmarshal(data, &m); err != nil || m.IsAdministrator {
			return m, err
		}
		if first.UserID == "" {
			first = m
		}
	}
	if first.UserID == "" {
		err = refuse(http.StatusNotFound, "USER_NOT_EXIST", "the tenant has no member")
	}
	return first, err
}

// findMember resolves the path's resource id, login e-mail, externalKey:key, or
// me.
func (c *call) findMember() (m member, err error) {
	name := c.req.PathValue("userId")
	id := name
	switch {
	case name == "me":
		return c.signedIn()
	case strings.HasPrefix(name, externalPrefix):
		id = string(c.tx.Get(bucketEmails, name))
	case strings.Contains(name, "@"):
		id = string(c.tx.Get(bucketEmails, emailKey(name)))
	}
	found, err := getJSON(c.tx, bucketMembers, id, &m)
	if err == nil && !found {
		err = refuse(http.StatusNotFound, "USER_NOT_EXIST", "user %q does not exist", name)
	}
	return m, err
}

func forceLogout(c *call) (answer, error) {
	m, err := c.findMember()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusAccepted}, c.count("force-logout", m.UserID)
}

func suspend(c *call) (answer, error)   { return c.setSuspended(true, "suspend") }
func unsuspend(c *call) (answer, error) { return c.setSuspended(false, "unsuspend") }

func (c *call) setSuspended(suspended bool, stat string) (answer, error) {
	m, err := c.findMember()
	switch {
	case err != nil:
		return answer{}, err
	case suspended && m.IsAdministrator:
		return answer{}, errForbidden("an administrator can't be suspended")
	case m.IsPending || m.IsSuspended == suspended:
		return answer{}, refuse(http.StatusBadRequest, "BAD_REQUEST", "the member's state does not allow this")
	}
	m.IsSuspended = suspended
	if err := putJSON(c.tx, bucketMembers, m.UserID, m); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, c.count(stat, m.UserID)
}
