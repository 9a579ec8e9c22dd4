package api

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

const (
	pathUsers = "/users"
	pathUser  = "/users/{userId}"
	maxUsers  = 100 // a larger count was seen to give an empty page
)

// UsersService reads and acts on members, by endpoints that NAVER WORKS
// publishes. A user id is a resource id, a login e-mail, or externalKey:KEY.
type UsersService struct{ c *Client }

// Member is a member of the directory, as GET /users returns it.
type Member struct {
	DomainID        int32          `json:"domainId"`
	UserID          string         `json:"userId"`
	UserExternalKey Nullable       `json:"userExternalKey"`
	Email           string         `json:"email"`
	IsAdministrator bool           `json:"isAdministrator"`
	IsPending       bool           `json:"isPending"`
	IsSuspended     bool           `json:"isSuspended"`
	IsDeleted       bool           `json:"isDeleted"`
	IsAwaiting      bool           `json:"isAwaiting"`
	UserName        MemberName     `json:"userName"`
	NickName        Nullable       `json:"nickName"`
	AliasEmails     []string       `json:"aliasEmails"`
	Organizations   []Organization `json:"organizations"`
}

// MemberName is a member's name in its parts.
type MemberName struct {
	LastName          string   `json:"lastName"`
	FirstName         string   `json:"firstName"`
	PhoneticLastName  Nullable `json:"phoneticLastName"`
	PhoneticFirstName Nullable `json:"phoneticFirstName"`
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

// UserQuery selects members; the endpoint has no text search.
type UserQuery struct {
	DomainID  int32
	OrderBy   string // NAME or CREATED_TIME
	SortOrder string // ASCENDING or DESCENDING
	Count     int    // page size, 1 to 100; 0 is the back end's default, and 100 for All
	Want      int    // how many members are likely to be used, as in [DeviceQuery]
}

// List returns one page of GET /users (published; scope user.read or
// directory.read); cursor is empty for the first.
func (s *UsersService) List(ctx context.Context, q UserQuery, cursor string) (Page[Member], error) {
	l, err := s.listing(q)
	if err != nil {
		return Page[Member]{}, err
	}
	return l.one(ctx, cursor)
}

// All hands out every member, each once; see [DevicesService.All].
func (s *UsersService) All(ctx context.Context, q UserQuery, stats *ListStats) iter.Seq2[Member, error] {
	if q.Count == 0 {
		q.Count = maxUsers
	}
	return all(ctx, func() (*listing[Member], error) { return s.listing(q) }, stats)
}

func (s *UsersService) listing(q UserQuery) (*listing[Member], error) {
	const op = "list members"
	if err := checkCount(op, q.Count, maxUsers); err != nil {
		return nil, err
	}
	query := url.Values{}
	setDomain(query, q.DomainID)
	setText(query, "orderBy", q.OrderBy)
	setText(query, "sortOrder", q.SortOrder)
	return &listing[Member]{
		c: s.c, op: op, template: pathUsers, query: query, count: q.Count, want: q.Want,
		field: "users", row: jsonRow[Member],
		id: func(m *Member) *string { return &m.UserID }, idField: "userId",
		reader: newReader(),
	}, nil
}

// Get reads one member: GET /users/{userId} (published; scope user.read or
// directory.read). An unknown one is [ErrNotFound].
func (s *UsersService) Get(ctx context.Context, userID string) (*Member, error) {
	out := &Member{}
	err := s.c.decode(ctx, call{
		op: "show member", template: pathUser, params: map[string]string{"userId": userID},
		lacks: func() string { return lacking("userId", out.UserID == "") },
	}, out)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ForceLogout signs a member out everywhere: POST /users/{userId}/force-logout
// (published; scope directory or user). Within 5 minutes every connection of
// the member is cut and their tokens end, whatever the MDM state.
func (s *UsersService) ForceLogout(ctx context.Context, userID, key string) error {
	return s.act(ctx, "sign member out", "/force-logout", userID, key)
}

// Suspend takes a member's access: POST /users/{userId}/suspend (published;
// scope directory or user).
func (s *UsersService) Suspend(ctx context.Context, userID, key string) error {
	return s.act(ctx, "suspend member", "/suspend", userID, key)
}

// Unsuspend gives a member's access back: POST /users/{userId}/unsuspend
// (published; scope directory or user).
func (s *UsersService) Unsuspend(ctx context.Context, userID, key string) error {
	return s.act(ctx, "unsuspend member", "/unsuspend", userID, key)
}

func (s *UsersService) act(ctx context.Context, op, verb, userID, key string) error {
	return s.c.run(ctx, call{
		op: op, method: http.MethodPost, template: pathUser + verb,
		params: map[string]string{"userId": userID}, key: key,
	})
}
