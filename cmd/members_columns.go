package cmd

import (
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// memberColumns are the columns of members in CSV.
func memberColumns() []output.Column[*api.Member] {
	return []output.Column[*api.Member]{
		{Key: "user_id", Title: "user id", Exact: true, Value: func(m *api.Member) string { return m.UserID }},
		{Key: "domain_id", Title: "domain", Value: func(m *api.Member) string { return strconv.Itoa(int(m.DomainID)) }},
		{Key: "user_name", Title: "name", Flex: 8, Value: memberName},
		{Key: "user_email", Title: "e-mail", Flex: 12, Value: func(m *api.Member) string { return m.Email }},
		{Key: "nick_name", Title: "nickname", Flex: 8, Value: func(m *api.Member) string { return string(m.NickName) }},
		{Key: "alias_emails", Title: "alias e-mails", Flex: 12, Value: func(m *api.Member) string { return strings.Join(m.AliasEmails, " ") }},
		{Key: "external_key", Title: "external key", Value: func(m *api.Member) string { return string(m.UserExternalKey) }},
		{Key: "state", Title: "state", Value: memberState},
		{Key: "administrator", Title: "administrator", Value: func(m *api.Member) string { return yesOrNo(m.IsAdministrator) }},
		{Key: "org_unit", Title: "unit", Flex: 8, Value: memberUnit},
	}
}

// memberTable are the columns for a person.
func memberTable() []output.Column[*api.Member] {
	all := memberColumns()
	name, email, state, administrator, unit, id := all[2], all[3], all[7], all[8], all[9], all[0]
	unit.Droppable, administrator.Droppable = 1, 2
	return []output.Column[*api.Member]{name, email, state, administrator, unit, id}
}

// encodeMember writes a member as the published endpoint does, every field
// present.
func encodeMember(dst []byte, m *api.Member) ([]byte, error) {
	whole := *m
	if whole.AliasEmails == nil {
		whole.AliasEmails = []string{}
	}
	organizations := make([]api.Organization, len(m.Organizations))
	for i, o := range m.Organizations {
		if organizations[i] = o; o.OrgUnits == nil {
			organizations[i].OrgUnits = []api.OrgUnit{}
		}
	}
	whole.Organizations = organizations
	return output.EncodeJSON(dst, whole)
}

// memberFields is the card of a member.
func memberFields(m *api.Member) []fleet.Field {
	fields := []fleet.Field{
		{Label: "Name", Value: memberName(m)},
		{Label: "E-mail", Value: m.Email},
		{Label: "User ID", Value: m.UserID},
		{Label: "State", Value: stateWords(m)},
		{Label: "Administrator", Value: yesOrNo(m.IsAdministrator)},
		{Label: "Phonetic", Value: fullName(string(m.UserName.PhoneticLastName), string(m.UserName.PhoneticFirstName))},
		{Label: "Nickname", Value: string(m.NickName)},
		{Label: "Alias e-mails", Value: strings.Join(m.AliasEmails, " ")},
		{Label: "External key", Value: string(m.UserExternalKey)},
		{Label: "Unit", Value: memberUnit(m)},
		{Label: "Domain", Value: strconv.Itoa(int(m.DomainID))},
	}
	const always = 5 // the first ones; of the rest those that the member has
	shown := fields[:always:always]
	for _, f := range fields[always:] {
		if f.Value != "" {
			shown = append(shown, f)
		}
	}
	return shown
}

func stateWords(m *api.Member) string {
	switch state := memberState(m); state {
	case "suspended":
		return "suspended: no access until unsuspended"
	case "pending", "awaiting":
		return state + ": not active yet"
	default:
		return state
	}
}

// memberUnit names the units of a member, the primary one first.
func memberUnit(m *api.Member) string {
	var names []string
	for _, primary := range []bool{true, false} {
		for _, o := range m.Organizations {
			for _, u := range o.OrgUnits {
				if (o.Primary && u.Primary) == primary && u.OrgUnitName != "" {
					names = append(names, u.OrgUnitName)
				}
			}
		}
	}
	return strings.Join(names, ", ")
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
