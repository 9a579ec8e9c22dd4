package consolefile_test

import (
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/pkg/api"
)

const resourceID = "userf7da-f82c-4284-13e7-030f3b4c756x"

// With its domain a login is an e-mail; what is one already, and a resource id,
// stay what they are.
func TestLoginsOfADomain(t *testing.T) {
	const user, id = "User=user_name,user_email:example.com", "User ID=user_email:example.com"
	for _, tt := range []struct {
		header, cells, mapping string
		want                   api.User
	}{
		{"Device,User", "a,김10 (Member0010)", user, api.User{UserName: "김10", Email: "member0010@example.com"}},
		{"Device,User", "a,김10 (a@example.org)", user, api.User{UserName: "김10", Email: "a@example.org"}},
		{"Device,User", "a,(kim)", user, api.User{Email: "kim@example.com"}},
		{"Device,User", "a,김10", user, api.User{UserName: "김10"}},
		{"Device,User", "a,김10 (" + resourceID + ")", user, api.User{UserName: "김10", UserID: resourceID}},
		{"Device,User", "a,김10 (kim) ", "User=user_name,user_email:Example.COM", api.User{UserName: "김10", Email: "kim@example.com"}},
		{"Device,User", "a,김10 (kim) ", "User=user_name,user_id:example.com", api.User{UserName: "김10", Email: "kim@example.com"}},
		{"Device,User", "a,김10 (kim) ", "User=user_id,user_name,user_email:example.com", api.User{UserName: "김10", Email: "kim@example.com"}},
		{"Name,User ID", "김10,kim", id, api.User{UserName: "김10", Email: "kim@example.com"}},
		{"Name,User ID", "김10,a@example.org", id, api.User{UserName: "김10", Email: "a@example.org"}},
		{"Name,User ID", "김10,3f2504e0-4f89-11d3-9a0c-0305e82c3301", id, api.User{UserName: "김10", UserID: "3f2504e0-4f89-11d3-9a0c-0305e82c3301"}},
		{"Name,User ID,Email", "김10,kim,seoyeon@example.org", id, api.User{UserName: "김10", Email: "seoyeon@example.org"}},
		{"Name,User ID,Email", "김10,kim,", id, api.User{UserName: "김10", Email: "kim@example.com"}},
		{"User,Email", "김10 (HR),kim@example.org", user, api.User{UserName: "김10 (HR)", Email: "kim@example.org"}},
	} {
		m, err := consolefile.ParseMapping(tt.mapping)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []consolefile.Options{{Map: []consolefile.Mapping{m}}, {Saved: []consolefile.Mapping{m}}} {
			_, f := read(t, []byte(tt.header+"\n"+tt.cells+"\n"), o)
			if f.Rows[0].Device.User != tt.want || len(places(f)) > 0 {
				t.Errorf("%s: %s: %+v %v", tt.mapping, tt.cells, f.Rows[0].Device.User, f.Rows[0].Problems)
			}
			if _, suggest, n := f.BareLogins(); n > 0 {
				t.Errorf("%s: %s: still %d: %s", tt.mapping, tt.cells, n, suggest)
			}
		}
	}
	maps(t, user, id)
}

// Damage to a login would be the e-mail of somebody else.
func TestDamagedLoginsOfADomain(t *testing.T) {
	o := consolefile.Options{Map: maps(t, "User ID=user_email:example.com")}
	_, f := read(t, []byte("Name,User ID\nA,1234567\nB,2345678\nC,3456789\nD,45678\nE,10-Apr\n"), o)
	if found := places(f); len(found) != 2 || f.Rows[3].Device.User.Email+f.Rows[4].Device.User.Email != "" {
		t.Error(found)
	}
	_, f = read(t, workbook(t, [][]string{{"Name", "User ID"}, {"A", "kim"}}, func(b *excelize.File, s string) {
		if err := b.SetCellValue(s, "B2", 12345); err != nil {
			t.Fatal(err)
		}
	}), o)
	if found := places(f); len(found) != 1 {
		t.Error(found)
	}
}

// What to type is exact: the column, what it holds, and the domain where the file
// tells one.
func TestBareLogins(t *testing.T) {
	for _, tt := range []struct {
		content, header, suggest string
		members                  int
	}{
		{"Device,User\na,김10 (kim)\nb,김10 (KIM)\nc,이 (lee)\n", "User", "User=user_name,user_email:example.com", 2},
		{"Device,User\na,김10 (kim)\nb,이 (lee@Example.org)\n", "User", "User=user_name,user_email:example.org", 1},
		{"Device,User\na,김10 (kim)\nb,이 (lee@a.com)\nc,박 (park@b.com)\n", "User", "User=user_name,user_email:example.com", 1},
		{"Name,User ID,Email\nA,a,a@example.org\nB,b,\n", "User ID", "User ID=user_email:example.org", 1},
		{"아이디,모델\n12345,a\n", "아이디", "아이디=user_email:example.com", 1},
		{"Device,User\na,김10 (lee@example.com)\nb,이 (" + resourceID + ")\nc,박 (HR 팀)\n", "", "", 0},
		{"Name,User ID,Email\nA,a,member0030@example.org\n", "", "", 0},
		{"Device,User ID\na,externalKey:7\n", "", "", 0},
		{"Device,User\n10-Apr,김10 (kim)\n", "", "", 0},
		{"Device,OS\na,iOS 18\n", "", "", 0},
	} {
		_, f := read(t, []byte(tt.content), consolefile.Options{})
		header, suggest, n := f.BareLogins()
		if header != tt.header || suggest != tt.suggest || n != tt.members {
			t.Errorf("%q: %q, %q, %d", tt.content, header, suggest, n)
		}
		if n == 0 {
			continue
		}
		if _, f = read(t, []byte(tt.content), consolefile.Options{Map: maps(t, suggest)}); len(places(f)) > 0 {
			t.Errorf("%q: %v", tt.content, places(f))
		}
		if _, _, n = f.BareLogins(); n != 0 {
			t.Errorf("%q: still %d", tt.content, n)
		}
	}
}
