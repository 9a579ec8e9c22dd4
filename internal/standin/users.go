package standin

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const mostMembers = 100

// listUsers answers a count over 100 with an empty page, as was seen.
func (c *call) listUsers() error {
	count, err := c.count()
	if err != nil {
		return err
	}
	members, err := c.ordered()
	if err != nil {
		return err
	}
	from, err := readCursor(c.q.Get("cursor"))
	switch {
	case err != nil:
		return err
	case from > len(members):
		return invalid("cursor")
	case count > mostMembers:
		members = nil
		from = 0
	}
	page := members[from:min(from+count, len(members))]
	answer := map[string]any{"users": append([]Member{}, page...)}
	if end := from + len(page); end < len(members) {
		answer["responseMetaData"] = map[string]string{"nextCursor": writeCursor(end)}
	}
	writeJSON(c.w, http.StatusOK, answer)
	return nil
}

func (c *call) count() (int, error) {
	if !c.q.Has("count") {
		return mostMembers, nil
	}
	n, err := strconv.Atoi(c.q.Get("count"))
	if err != nil || n < 1 {
		return 0, invalid("count")
	}
	return n, nil
}

// ordered are the members of the domain asked for, in the order asked for.
func (c *call) ordered() ([]Member, error) {
	members := slices.Clone(c.members)
	if c.q.Has("domainId") {
		domain, err := strconv.ParseInt(c.q.Get("domainId"), 10, 32)
		if err != nil {
			return nil, invalid("domainId")
		}
		members = slices.DeleteFunc(members, func(m Member) bool { return int64(m.DomainID) != domain })
	}
	switch c.q.Get("orderBy") {
	case "NAME":
		slices.SortStableFunc(members, func(a, b Member) int {
			return cmp.Or(cmp.Compare(a.UserName.LastName, b.UserName.LastName), cmp.Compare(a.UserName.FirstName, b.UserName.FirstName))
		})
	case "CREATED_TIME", "": // the order of Options.Members
	default:
		return nil, invalid("orderBy")
	}
	switch c.q.Get("sortOrder") {
	case "DESCENDING":
		slices.Reverse(members)
	case "ASCENDING", "":
	default:
		return nil, invalid("sortOrder")
	}
	return members, nil
}

// cursorMark makes every cursor hold + and /, and its length makes it hold =.
func cursorMark() []byte { return []byte{0xfb, 0xef, 0xff} }

func writeCursor(at int) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(cursorMark(), uint32(at))) //nolint:gosec // an index
}

func readCursor(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	text, err := base64.StdEncoding.Strict().DecodeString(cursor)
	if err != nil || len(text) != 7 || string(text[:3]) != string(cursorMark()) {
		return 0, invalid("cursor")
	}
	return int(binary.BigEndian.Uint32(text[3:])), nil
}

func (c *call) getUser() error {
	m, err := c.member(true)
	if err == nil {
		writeJSON(c.w, http.StatusOK, m)
	}
	return err
}

// member finds the member of the path: by resource id, by login e-mail as it is
// written or, where the endpoint takes it, by externalKey:KEY.
func (c *call) member(externalKey bool) (*Member, error) {
	name := c.r.PathValue("userId")
	key, isKey := strings.CutPrefix(name, "externalKey:")
	switch {
	case name == "me":
		return nil, forbidden("me is not allowed for a service account")
	case isKey && !externalKey:
		return nil, invalid("userId")
	}
	for i := range c.members {
		m := &c.members[i]
		if m.UserID == name || m.Email == name || isKey && m.UserExternalKey != nil && *m.UserExternalKey == key || c.o.Aliases && slices.Contains(m.AliasEmails, name) {
			return m, nil
		}
	}
	return nil, notThere("USER_NOT_EXIST", "the user does not exist")
}

func (c *call) forceLogout() error {
	m, err := c.acted()
	if err == nil {
		c.done("force-logout", m)
		c.w.WriteHeader(http.StatusAccepted)
	}
	return err
}

func (c *call) suspend() error {
	m, err := c.acted()
	switch {
	case err != nil:
		return err
	case m.SuperAdmin:
		return notAllowed("a super administrator can't be suspended")
	case m.IsSuspended || m.IsPending || m.IsAwaiting || m.IsDeleted:
		return notAllowed("the member is not active")
	}
	m.IsSuspended = true
	c.done("suspend", m)
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (c *call) unsuspend() error {
	m, err := c.acted()
	switch {
	case err != nil:
		return err
	case !m.IsSuspended:
		return notAllowed("the member is not suspended")
	}
	m.IsSuspended = false
	c.done("unsuspend", m)
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// acted is the member of an endpoint that acts and takes no body.
func (c *call) acted() (*Member, error) {
	if c.r.ContentLength != 0 {
		return nil, notAllowed("no body is taken")
	}
	return c.member(true)
}
