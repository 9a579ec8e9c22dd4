package consolefile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/pkg/api"
)

// Ids of members suffer what ids of devices do, in a column of their own and
// behind the name.
func TestDamagedMemberIDs(t *testing.T) {
	good := []string{"1234567", "2345678", "3456789", "hong.gildong", "kim@example.com", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"}
	for _, tt := range []struct {
		id, want string
	}{
		{"12345", "shorter than the other ids"},
		{"1.23457E+12", "scientific"},
		{"1,23E+12", "scientific"},
		{"123456789012345000", "rounded"},
		{"10-Apr", "date"},
		{"4월 10일", "date"},
		{"4.2.1", "version"},
		{"gildong", ""},
		{"hong-01", ""},
		{"4567890", ""},
	} {
		for header, write := range map[string]func(string) string{
			"User ID": func(id string) string { return "Hong," + id },
			"User":    func(id string) string { return "x,Hong (" + id + ")" },
			"Member":  func(id string) string { return "x," + id },
		} {
			if strings.HasPrefix(tt.id, "4월") && header != "User ID" || tt.want != "" && tt.id != "12345" && tt.id != "123456789012345000" && header == "Member" ||
				strings.Contains(tt.id, ",") && header == "User" {
				continue // no id behind a name is written so; a text alone may be a name
			}
			name := "Device"
			if header == "User ID" {
				name = "User Name"
			}
			content := name + "," + header + ",OS\n"
			for _, id := range append(slices.Clone(good), tt.id) {
				if header == "Member" && strings.Count(id, "-") == 4 {
					id = "lee" // alone it may be a Vendor ID
				}
				row := write(id)
				if at := strings.Index(row, ","); strings.Contains(tt.id, ",") && id == tt.id {
					row = row[:at+1] + `"` + row[at+1:] + `"`
				}
				content += row + ",iOS\n"
			}
			_, f := read(t, []byte(content), consolefile.Options{})
			found := ""
			for _, row := range f.Rows {
				for _, p := range row.Problems {
					found += p.Text
					if p.Row != 8 || p.Column != header || row.Device.User.UserID != "" {
						t.Errorf("%s %q: %+v", header, tt.id, row)
					}
				}
			}
			if tt.want == "" && found != "" || !strings.Contains(found, tt.want) {
				t.Errorf("%s %q: %q, want %q", header, tt.id, found, tt.want)
			}
		}
	}
	rows := [][]string{{"Device", "User Name", "User ID"}, {"a", "A", "hong"}, {"b", "B", "kim"}}
	for at, want := range map[string]string{"C2": "row 2, column User ID", "B2": ""} {
		_, f := read(t, workbook(t, rows, func(b *excelize.File, s string) {
			if err := b.SetCellValue(s, at, 12345); err != nil {
				t.Fatal(err)
			}
		}), consolefile.Options{})
		if found := strings.Join(places(f), " "); found != want {
			t.Errorf("%s: %q, want %q", at, found, want)
		}
	}
}

// Brackets behind a name are a team or a title, where e-mail or id have a column
// of their own that says otherwise.
func TestBracketsBesideAnEmail(t *testing.T) {
	for _, tt := range []struct {
		header, cells string
		want          api.User
	}{
		{"User,Email", "김서연 (HR),kim@example.com", api.User{UserName: "김서연 (HR)", Email: "kim@example.com"}},
		{"User,Email", "김서연 (kim),kim@example.com", api.User{UserName: "김서연", UserID: "kim", Email: "kim@example.com"}},
		{"User,Email", "김서연 (Kim@example.com),kim@example.com", api.User{UserName: "김서연", Email: "kim@example.com"}},
		{"User,User ID", "김서연 (HR),kim", api.User{UserName: "김서연 (HR)", UserID: "kim"}},
		{"User,User ID", "김서연 (kim),kim", api.User{UserName: "김서연", UserID: "kim"}},
		{"User,User ID", "김서연 (HR),kim@example.com", api.User{UserName: "김서연 (HR)", Email: "kim@example.com"}},
		{"Name,Email", "김서연 (HR),kim@example.com", api.User{UserName: "김서연 (HR)", Email: "kim@example.com"}},
		{"User,Vendor ID", "김서연 (kim),", api.User{UserName: "김서연", UserID: "kim"}},
	} {
		_, f := read(t, []byte(tt.header+"\n"+tt.cells+"\n"), consolefile.Options{})
		if f.Rows[0].Device.User != tt.want || len(places(f)) > 0 {
			t.Errorf("%s: %s: %+v %v", tt.header, tt.cells, f.Rows[0].Device.User, f.Rows[0].Problems)
		}
	}
}

// One id is of one member: what contradicts that names all rows concerned.
func TestIDsAndEmailsThatContradict(t *testing.T) {
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"one id, two e-mails", "User ID,Email\nhr,a@example.com\nhr,b@example.com\nc,c@example.com\n", []string{"row 2, column User ID", "row 3, column User ID"}},
		{"one e-mail, two ids", "User ID,Email\na1,a@example.com\na2,A@example.com\nc,c@example.com\n", []string{"row 2, column User ID", "row 3, column User ID"}},
		{"another member's e-mail", "User,Email\nA (a@example.com),b@example.com\nB (b@example.com),b@example.com\n", []string{"row 2, column User"}},
		{"one e-mail, two names", "Device,User\na,Kim (a@example.com)\nb,Lee (A@example.com)\nc,Kim Hana (a@example.com)\n", nil}, // who married, or was promoted
		{"the same member twice", "User ID,Email\na,a@example.com\na,A@example.com\na,\n", nil},
		{"no e-mail", "Name,Email\nA,a (a@example.com)\nB,Gildong\nC,c@example.com\n", []string{"row 2, column Email", "row 3, column Email"}},
		{"a name for an id", "Name,User ID\nhong,홍길동\n김민수,kim\n이영희,lee\n", []string{"row 2, column User ID"}},
		{"an id with its name", "Device,User ID\na,Hong (hong)\nb,kim\n", []string{"row 2, column User ID"}},
	} {
		_, f := read(t, []byte(tt.content), consolefile.Options{})
		if found := places(f); !slices.Equal(found, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, found, tt.want)
		}
	}
}

// Ids of digits compare with ids of digits alone.
func TestLostZerosOfSerials(t *testing.T) {
	for _, tt := range []struct{ serials, want string }{
		{"R3CN90ABCDE R3CN90ABCDF R3CN90ABCDG 21345678", ""},
		{"0012345678 1123456789 2123456789 12345678", "row 5"},
		{"1012345678 1123456789 2123456789 12345678", "row 5"},
		{"351234567890123 352234567890123 353234567890123 012345678901", ""}, // its zero is there
		{"1012345678 1123456789 2123456789 12345678 R3CN90ABCDE", ""},        // of several makers
		{"1012345678 1123456789 12345678", ""},
	} {
		content := "Device,User,Serial Number\n"
		for _, serial := range strings.Fields(tt.serials) {
			content += "a,A (a@example.com)," + serial + "\n"
		}
		_, f := read(t, []byte(content), consolefile.Options{})
		if found := strings.ReplaceAll(strings.Join(places(f), " "), ", column Serial Number", ""); found != tt.want {
			t.Errorf("%s: %q, want %q", tt.serials, found, tt.want)
		}
	}
}
