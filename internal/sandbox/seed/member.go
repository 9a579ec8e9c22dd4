package seed

import (
	"fmt"
	"strconv"

	"golang.org/x/text/unicode/norm"
)

// The languages of members.
const (
	korean   = "ko_KR"
	japanese = "ja_JP"
	english  = "en_US"
)

// people are the names of one language and where its members work.
type people struct {
	language         string
	mailDomain       string // reserved by RFC 2606, so that no notice can reach anybody
	families, givens []name
	units            []string
}

// members makes the members of a block.
func (f *fleet) members(b block) []Member {
	list := make([]Member, len(b.counts))
	for i, devices := range b.counts {
		list[i] = f.member(b.firstMember+i, devices)
	}
	return list
}

func (f *fleet) member(index, devices int) Member {
	f.draw(streamMember, index)
	p := &f.english
	switch n := f.IntN(100); {
	case n < 50:
		p = &f.korean
	case n < 83:
		p = &f.japanese
	}
	family, given := common(f, p.families), common(f, p.givens)
	unit := f.IntN(len(p.units))
	decomposed := f.chance(7)
	if index < 2 { // the best-known name of every form, once in each normal form
		p, family, given = &f.korean, name{text: "홍", latin: "hong"}, name{text: "길동", latin: "gildong"}
		decomposed = index == 1
	}
	m := Member{
		UserID:        f.uuid(),
		DomainID:      f.DomainID,
		Email:         mailAddress(given.latin+"."+family.latin, index, p.mailDomain),
		ExternalKey:   f.externalKey(index),
		UserName:      f.userName(p.language, family.text, given.text),
		LastName:      family.text,
		FirstName:     given.text,
		PhoneticLast:  family.reading,
		PhoneticFirst: given.reading,
		Language:      p.language,
		OrgUnitID:     "ou-" + p.language[:2] + "-" + strconv.Itoa(unit+1),
		OrgUnitName:   p.units[unit],
		Administrator: f.chance(1),
		Suspended:     index > 1 && f.chance(2),
		Pending:       devices == 0 && f.chance(25),
		Devices:       devices,
	}
	if f.chance(8) {
		m.NickName = given.latin
	}
	if decomposed { // as members type their name on a Mac
		for _, s := range []*string{&m.UserName, &m.LastName, &m.FirstName, &m.PhoneticLast, &m.PhoneticFirst} {
			*s = norm.NFD.String(*s)
		}
	}
	return m
}

// mailAddress is unique, because it ends in the member's position. The first
// member needs no number.
func mailAddress(local string, index int, domain string) string {
	if index > 0 {
		local += strconv.Itoa(index + 1)
	}
	return local + "@" + domain
}

func (f *fleet) userName(language, family, given string) string {
	switch {
	case language == english:
		return given + " " + family
	case language == japanese && f.chance(60):
		return family + " " + given
	default:
		return family + given
	}
}

// externalKey makes a personnel number, some with leading zeros, or none.
// Members are asked for by it, so it is unique.
func (f *fleet) externalKey(index int) string {
	switch n := f.IntN(10); {
	case n < 5:
		return "E" + strconv.Itoa(100_001+index)
	case n < 8:
		return fmt.Sprintf("%07d", index+1)
	default:
		return ""
	}
}
