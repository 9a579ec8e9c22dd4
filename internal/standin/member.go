package standin

import (
	"crypto/sha256"
	"fmt"
	"strconv"
)

// Member is a member in the published form.
type Member struct {
	DomainID        int32          `json:"domainId"`
	UserID          string         `json:"userId"`
	UserExternalKey *string        `json:"userExternalKey"`
	Email           string         `json:"email"`
	IsAdministrator bool           `json:"isAdministrator"`
	IsPending       bool           `json:"isPending"`
	IsSuspended     bool           `json:"isSuspended"`
	IsDeleted       bool           `json:"isDeleted"`
	IsAwaiting      bool           `json:"isAwaiting"`
	UserName        Name           `json:"userName"`
	NickName        *string        `json:"nickName"`
	AliasEmails     []string       `json:"aliasEmails"`
	Organizations   []Organization `json:"organizations"`

	SuperAdmin bool `json:"-"` // can't be suspended
}

// Name is a member's name in its parts.
type Name struct {
	LastName          string  `json:"lastName"`
	FirstName         string  `json:"firstName"`
	PhoneticLastName  *string `json:"phoneticLastName"`
	PhoneticFirstName *string `json:"phoneticFirstName"`
}

// Organization is a member's place in a domain.
type Organization struct {
	DomainID int32     `json:"domainId"`
	Primary  bool      `json:"primary"`
	OrgUnits []OrgUnit `json:"orgUnits"`
}

// OrgUnit is a unit that a member belongs to.
type OrgUnit struct {
	OrgUnitID   string `json:"orgUnitId"`
	OrgUnitName string `json:"orgUnitName"`
	Primary     bool   `json:"primary"`
}

// Domain is the domain of all members of a [Directory].
const Domain int32 = 10000001

// Directory makes n members, the same every time. The first is a super
// administrator; of the next, one each is an administrator, suspended, pending,
// awaiting, deleted, and one has a nickname, two alias addresses and an external
// key with a slash in it.
func Directory(n int) []Member {
	family := [][2]string{{"김", "Kim"}, {"이", "Lee"}, {"박", "Park"}, {"佐藤", "サトウ"}, {"鈴木", "スズキ"}, {"Doe", ""}}
	given := [][2]string{{"민수", "Minsu"}, {"서연", "Seoyeon"}, {"지훈", "Jihun"}, {"花子", "ハナコ"}, {"太郎", "タロウ"}, {"Jane", ""}, {"José", ""}}
	members := make([]Member, n)
	for i := range members {
		last, first := family[i%len(family)], given[i/len(family)%len(given)]
		sum := sha256.Sum256([]byte(itoa(i)))
		members[i] = Member{
			DomainID: Domain, UserID: fmt.Sprintf("%x-%x-%x", sum[:4], sum[4:6], sum[6:12]), Email: fmt.Sprintf("member%04d@example.com", i),
			UserName:    Name{last[0], first[0], orNull(last[1]), orNull(first[1])},
			AliasEmails: []string{},
			Organizations: []Organization{{DomainID: Domain, Primary: true, OrgUnits: []OrgUnit{
				{OrgUnitID: fmt.Sprintf("unit-%d", i%9), OrgUnitName: []string{"영업팀", "総務部", "Support"}[i%3], Primary: true},
			}}},
		}
		m := &members[i]
		switch i {
		case 0:
			m.IsAdministrator, m.SuperAdmin = true, true
		case 1:
			m.IsAdministrator = true
		case 2:
			m.IsSuspended = true
		case 3:
			m.IsPending = true
		case 4:
			m.IsAwaiting = true
		case 5:
			m.IsDeleted = true
		case 6:
			m.NickName, m.UserExternalKey = orNull("Minnie"), orNull("emp/0006")
			m.AliasEmails = []string{"minsu.kim@example.com", "sales@example.com"}
		case 7:
			m.AliasEmails = []string{"sales@example.com"}
		}
	}
	return members
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func itoa(n int) string { return strconv.Itoa(n) }
