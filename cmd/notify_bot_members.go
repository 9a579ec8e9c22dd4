package cmd

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// roll knows which rows of a list are about the same member: those that share a
// user id or an e-mail, and so on from one to the next.
type roll struct {
	of    map[string]*listed // by id and by e-mail
	mails map[string]bool    // the names that some row has as e-mail
}

// listed is a member as the rows of a list name them.
type listed struct {
	names   []string // ids and e-mails
	called  string
	devices []string // their ids
	items   []journal.Item
}

func newRoll() *roll { return &roll{map[string]*listed{}, map[string]bool{}} }

// add notes a row, which must name a member.
func (r *roll) add(d *api.Device) {
	var m *listed
	id, mail := job.MemberNames(d.User)
	for _, name := range []string{id, mail} {
		if name != "" {
			m = r.join(m, name)
		}
	}
	if mail != "" {
		r.mails[mail] = true
	}
	m.called = cmp.Or(m.called, strings.TrimSpace(d.User.UserName))
	if d.DeviceID != "" {
		m.devices = append(m.devices, d.DeviceID)
	}
}

// join makes name one of m, who may be nil, and of both the same member.
func (r *roll) join(m *listed, name string) *listed {
	other := r.of[name]
	switch {
	case other == nil && m == nil:
		m = &listed{}
		fallthrough
	case other == nil:
		m.names = append(m.names, name)
		r.of[name] = m
		return m
	case m == nil || m == other:
		return other
	case len(other.names) > len(m.names): // the fewer names move
		m, other = other, m
	}
	for _, n := range other.names {
		r.of[n] = m
	}
	m.names, m.devices = append(m.names, other.names...), append(m.devices, other.devices...)
	m.called = cmp.Or(m.called, other.called)
	return m
}

func (r *roll) member(u api.User) *listed { return r.of[job.MemberKey(u)] }

// shared are the devices of several members: such a device tells of none of them
// that they were notified, unless a message named it.
func (r *roll) shared() map[string]bool {
	users, seen := map[string]*listed{}, map[*listed]bool{}
	shared := map[string]bool{}
	for _, m := range r.of {
		if seen[m] {
			continue
		}
		seen[m] = true
		for _, id := range m.devices {
			if other := users[id]; other != nil && other != m {
				shared[id] = true
			}
			users[id] = m
		}
	}
	return shared
}

// user is the member by all that the list says, and what is wrong with that: two
// ids or two e-mails are those of two members.
func (r *roll) user(m *listed) (u api.User, unclear string) {
	u.UserName = m.called
	for _, name := range m.names {
		field, what := &u.UserID, "user ids"
		if r.mails[name] {
			field, what = &u.Email, "e-mails"
		}
		if *field != "" {
			return u, fmt.Sprintf("the list gives the member two %s, %q and %q: nobody is written to", what, *field, name)
		}
		*field = name
	}
	return u, ""
}

// complete gives a row what other rows say of the member, so that all are known
// by the same names.
func complete(row *api.User, u api.User) {
	if id, _ := job.MemberNames(*row); u.UserID != "" && id != u.UserID {
		row.UserID = u.UserID
	}
	row.Email, row.UserName = cmp.Or(row.Email, u.Email), cmp.Or(strings.TrimSpace(row.UserName), u.UserName)
}

// marksOf are the names under which the record of notices knows a member and
// their devices.
func marksOf(u api.User, devices []string) []string {
	marks := append(job.MemberMarks(u), devices...)
	slices.Sort(marks)
	return slices.Compact(marks)
}

// strangers are the places of rows that name their member in another way than
// most rows do: by id and not by e-mail, or the other way round. Nothing tells
// whether a member of theirs is one of the others.
func (r *roll) strangers(devices []namedDevice) (places map[string]bool, by, others string) {
	ids, mails := map[string]bool{}, map[string]bool{}
	isMail := func(name string) bool { return strings.Contains(name, "@") }
	for _, d := range devices {
		switch m := r.member(d.device.User); {
		case !slices.ContainsFunc(m.names, isMail):
			ids[d.place] = true
		case !slices.ContainsFunc(m.names, func(name string) bool { return !isMail(name) }):
			mails[d.place] = true
		}
	}
	switch {
	case len(ids) == 0 || len(mails) == 0:
		return nil, "", ""
	case len(mails) < len(ids):
		return mails, "e-mail", "id"
	}
	return ids, "id", "e-mail"
}
