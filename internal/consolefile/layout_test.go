package consolefile_test

import (
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/pkg/api"
)

// Two lists in one file would lose the first one, or have the second one's cells
// in the wrong columns.
func TestTwoListsInAFileAreRefused(t *testing.T) {
	const pcs = "Device,User,OS,Recent Access\nPC-1,A (a@example.com),Windows 11,2026-11-20 10:15\nPC-2,B (b@example.com),Windows 11,2026-11-20 10:15\n"
	const phone = "iPhone,X1,C (c@example.com),iOS 18.1,NAVER WORKS 4.2.1,2026-11-20 10:15\n"
	for _, tt := range []struct{ content, want string }{
		{pcs + "\nDevice,Vendor ID,User,OS,Installed App,Recent Access\n" + phone, "row 5: is a second header"},
		{pcs + strings.Repeat("PC-3,D (d@example.com),Windows 11,2026-11-20 10:15\n", 100) + "기기,Vendor ID,사용자,OS,설치된 앱,최근 접속\n" + phone, "row 104: is a second header"},
		{pcs + "User,Device,OS,Recent Access\nC (c@example.com),iPhone,iOS 18.1,2026-11-20 10:15\n", "row 4: is a second header"},
	} {
		if e := failure(t, tt.content, consolefile.Options{}); !strings.Contains(e.Error(), tt.want) || e.Hint == "" {
			t.Errorf("%s (%s), want %q", e, e.Hint, tt.want)
		}
	}
	// The same header again, a byte order mark before it, is a fault of its row.
	_, f := read(t, []byte("Device,User\niPhone,A (a@example.com)\n\ufeffDevice,User\nGalaxy,B (b@example.com)\n"), consolefile.Options{})
	if found := places(f); len(found) != 1 || found[0] != "row 3" {
		t.Errorf("%v", found)
	}
	// One cell that reads like a header makes no header.
	_, f = read(t, []byte(pcs+"Device,App (app@example.com),Windows 11,2026-11-20 10:15\n"), consolefile.Options{})
	if len(f.Rows) != 3 || len(places(f)) > 0 {
		t.Errorf("%+v", f.Rows)
	}
}

// A title and a date may stand above the header, a device must not.
func TestNoDeviceIsTakenForATitle(t *testing.T) {
	const header, rows = "Device,Vendor ID,User,OS\n", "Galaxy,,B (b@example.com),Android 14\n"
	for _, above := range []string{
		"", "\n\n", "Device list of Example Inc.\n", "Device list,,,\nExported,2026-11-20 10:15,,\n\n", "Total,120\n", "Exported by:,Kim (kim@example.com)\n", "2026-11-20\n", "sep=,\n", "기기 목록\n",
		"기기 목록 (25)\n", "Device list (example.com)\n", "Drive 2026\n", "Galaxy S24 users\n", "Tenant,Example Corp\n", "Exported by,admin\nTenant,Example Corp\n",
	} {
		if _, f := read(t, []byte(above+header+rows), consolefile.Options{}); len(f.Rows) != 1 || len(places(f)) > 0 {
			t.Errorf("%q: %+v", above, f.Rows)
		}
	}
	for _, device := range []string{
		"PC-1,,A (a@example.com),Windows 11", "PC-1,X,A,W", "iPhone 15,A (a@example.com)", "PC-1,Anna", "PC-1,2026-11-20,A",
	} {
		e := failure(t, "Apparat,Nutzer\n"+device+"\n"+header+rows, consolefile.Options{})
		if !strings.Contains(e.Error(), "stands above the header, which is row 3, and may be a device") || !strings.Contains(e.Hint, "--map") {
			t.Errorf("%q: %s (%s)", device, e, e.Hint)
		}
		if e := failure(t, "List\n"+device+"\n"+header+rows, consolefile.Options{}); !strings.Contains(e.Error(), "row 2: ") {
			t.Errorf("%q: %s", device, e)
		}
	}
	// The more columns the list has, the less a row of three cells is of it.
	_, f := read(t, []byte("Exported by,admin,2026-11-22\nDevice,User,OS,App,Recent Access,MDM\nGalaxy,B (b@example.com),Android 14,WORKS 4.2.1,2026-11-20 10:15,\n"), consolefile.Options{})
	if len(f.Rows) != 1 || len(places(f)) > 0 {
		t.Errorf("%+v", f.Rows)
	}
	// In a list of one column nothing tells a title from an id.
	one := consolefile.Options{Map: maps(t, "Nummer=device_id")}
	if e := failure(t, "abc-1\nNummer\nabc-2\n", one); !strings.Contains(e.Error(), `row 1: "abc-1"`) {
		t.Errorf("%s", e)
	}
	two := consolefile.Options{Map: maps(t, "Nummer=device_id", "Zuletzt=last_access")}
	if e := failure(t, "abc-1,2026-11-20\nNummer,Zuletzt\nabc-2,2026-11-20\n", two); !strings.Contains(e.Error(), `row 1: "abc-1"`) {
		t.Errorf("%s", e)
	}
}

// "Version" is of the system or of the app: the columns tell, or the person.
func TestWhoseVersionItIs(t *testing.T) {
	for _, tt := range []struct{ header, row, os, app string }{
		{"Device,Member,OS,Version,Installed App", "iPhone,A,iOS,18.1,NAVER WORKS 4.2.1", "18.1", "4.2.1"},
		{"デバイス,メンバー,デバイスOS,バージョン,アプリ", "iPhone,A,iOS,18.1,LINE WORKS 4.2.1", "18.1", "4.2.1"},
		{"기기,사용자,OS,설치된 앱,버전", "iPhone,A,iOS 18.1,네이버웍스,4.2.1", "18.1", "4.2.1"},
		{"Device,Member,OS,Version,App,Version", "iPhone,A,iOS,18.1,NAVER WORKS,4.2.1", "18.1", "4.2.1"},
		{"Device,Version,Member,OS,App", "iPhone,18.1,A,iOS,NAVER WORKS 4.2.1", "18.1", "4.2.1"},
		{"Device,Version,Member,OS,App", "iPhone,4.2.1,A,iOS 18.1,NAVER WORKS", "18.1", "4.2.1"},
		{"Device,Version,Member,OS,OS Version,App", "iPhone,4.2.1,A,iOS,18.1,NAVER WORKS", "18.1", "4.2.1"},
		{"Device,Member,OS,Version,App,App Version", "iPhone,A,iOS,18.1,NAVER WORKS,4.2.1", "18.1", "4.2.1"},
		{"Device,Member,OS,Version", "iPhone,A,iOS,18.1", "18.1", ""},
	} {
		_, f := read(t, []byte(tt.header+"\n"+tt.row+"\n"), consolefile.Options{})
		if d := f.Rows[0].Device; d.OS.Version != tt.os || d.App.Version != tt.app || d.OS.Type != api.OSIOS || len(places(f)) > 0 {
			t.Errorf("%s: %+v %+v %v", tt.header, d.OS, d.App, f.Rows[0].Problems)
		}
	}
	for _, content := range []string{
		"Device,User,Version\niPhone,A,4.2.1\n",
		"Device,Version,User,OS,App\niPhone,18.1,A,iOS,NAVER WORKS\n",
		"Device,User,OS,Version,App\nPC,A,Windows 11,10.0.22631,NAVER WORKS\n",
	} {
		e := failure(t, content, consolefile.Options{})
		if !strings.Contains(e.Error(), `the column "Version"`) || !strings.Contains(e.Hint, "--map Version=os_version") || !strings.Contains(e.Hint, "--map Version=app_version") {
			t.Errorf("%s (%s)", e, e.Hint)
		}
		_, f := read(t, []byte(content), consolefile.Options{Map: maps(t, "Version=os_version")})
		if f.Rows[0].Device.OS.Version == "" || len(places(f)) > 0 {
			t.Errorf("%+v", f.Rows[0])
		}
	}
}

// No `--map` tells two columns of one name apart.
func TestTwoVersionsThatCannotBeTold(t *testing.T) {
	for _, content := range []string{
		"Version,Device,User,OS,App,Version\n4.2.1,iPhone,A,iOS,NAVER WORKS,18.1\n",
		"Device,Version,User,OS,App,version\niPhone,18.1,A,iOS,NAVER WORKS,4.2.1\n",
		"Device,User,Version,Version\niPhone,A,18.1,4.2.1\n",
	} {
		e := failure(t, content, consolefile.Options{})
		if !strings.Contains(e.Error(), `are both called "`) || strings.Contains(e.Hint, "--map") {
			t.Errorf("%s (%s)", e, e.Hint)
		}
	}
}

// No version that stands behind a name is dropped.
func TestVersionsInTwoColumns(t *testing.T) {
	const header = "Device,User,OS,OS Version,App,App Version\n"
	for _, tt := range []struct{ row, os, app, problem string }{
		{"iPhone,A,iOS 18,18.1,NAVER WORKS 4.2.1,4.2.1", "18.1", "4.2.1", ""},
		{"iPhone,A,iOS 18.1,,NAVER WORKS 4.2.1,-", "18.1", "4.2.1", ""},
		{"PC,A,Windows 11,10.0.22631.4460,NAVER WORKS,4.2.1", "10.0.22631.4460", "4.2.1", ""},
		{"iPhone,A,iOS,18.1,NAVER WORKS 4.2.1,4.2", "18.1", "4.2", ""},
		{"iPhone,A,iOS 17.5,18.1,NAVER WORKS,4.2.1", "", "4.2.1", "row 2, column OS"},
		{"iPhone,A,iOS,18.1,NAVER WORKS 4.2.1,4.2.10", "18.1", "", "row 2, column App"},
	} {
		_, f := read(t, []byte(header+tt.row+"\n"), consolefile.Options{})
		if d := f.Rows[0].Device; d.OS.Version != tt.os || d.App.Version != tt.app || strings.Join(places(f), ";") != tt.problem {
			t.Errorf("%s: %+v %+v %v", tt.row, d.OS, d.App, f.Rows[0].Problems)
		}
	}
}

// What the hint says can be typed, and then the file is read.
func TestTwoColumnsForTheSame(t *testing.T) {
	for _, tt := range []struct {
		header, mapped, message string
		hints                   []string
	}{
		{"Device,Device Name,User", "", `"Device" and "Device Name" both hold model`, []string{"Device=-", "Device Name=-"}},
		{"Device,ID,User ID", "", `"ID" and "User ID" both hold user_id`, []string{"ID=-", "User ID=-"}},
		{"이름,사용자 이름,OS", "", `both hold user_name`, []string{"이름=-", "사용자 이름=-"}},
		{"Device,Name's Kind,User", "Name's Kind=model", `both hold model`, []string{"Device=-"}},
		{"User,Member,OS", "", `both hold user_name`, []string{"User=-", "Member=-"}},
	} {
		content := tt.header + "\na,b,c\n"
		var o consolefile.Options
		if tt.mapped != "" {
			o.Map = maps(t, tt.mapped)
		}
		e := failure(t, content, o)
		if !strings.Contains(e.Error(), tt.message) || strings.Count(e.Hint, "--map") != len(tt.hints) {
			t.Errorf("%s: %s (%s)", tt.header, e, e.Hint)
		}
		for _, hint := range tt.hints {
			if !strings.Contains(e.Hint, hint) {
				t.Errorf("%s: %s lacks %s", tt.header, e.Hint, hint)
			}
			more := o
			more.Map = append(maps(t, hint), o.Map...)
			read(t, []byte(content), more)
		}
	}
	if e := failure(t, "Device,device,User\na,b,c\n", consolefile.Options{}); !strings.Contains(e.Error(), `columns 1 and 2 are both called "device"`) || strings.Contains(e.Hint, "--map") {
		t.Errorf("%s (%s)", e, e.Hint)
	}
}
