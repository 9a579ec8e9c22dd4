package consolefile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/consolefile"
)

// spoiled is what LibreOffice and Excel make of versions in Japanese, Korean,
// English and German settings.
func spoiled() []string {
	return []string{
		"Feb 01", "May 01", "Apr 04", "October 4, 2026", "4 October 2026", "2004. 2. 1", "2004. 2. 1.", "2004.2.1", "2001-Apr", "Apr-01", "4-Apr", "04-Apr", "04-02-01", "2004-02-01",
		"04.02.01", "04.02.2001", "4.2.2001", "1.4.02", "04/02/01", "4/2/2001", "4月-01", "4月1日", "4월 10일", "2004年2月1日", "2004년 2월 1일", "4:02:01 AM", "4:02:01", "04:02", "04:02 PM",
		"38082", "46159", "TRUE", "FALSE", "42%", "420.00%", "1E+02", "4.2E+05", "4,2", "01. Apr", "1. Apr. 2004", "4.2.1 AM", "4.01",
		"iPhone 15 Pro", "Hong (a@example.com)", "Galaxy 4.2.1", "4.2.1, 3.0.1", "2026-11-20 10:15:30", "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
	}
}

// A version is what looks like one; all else is named, in each column and
// language, in workbooks too.
func TestSpoiledVersions(t *testing.T) {
	for _, l := range lists() {
		for _, text := range spoiled() {
			for _, column := range []int{colOSVersion, colAppVersion} {
				rows := clone(l.rows)
				rows[2][column] = text
				want := []string{fmt.Sprintf("row 3, column %s", l.rows[0][column])}
				_, f := read(t, file(t, rows, ",", "\n", false, codings()[0]), consolefile.Options{})
				if found := places(f); !slices.Equal(found, want) {
					t.Errorf("%s: %q: found %v, want %v", l.language, text, found, want)
				}
				if d := f.Rows[1].Device; column == colAppVersion && d.App.Version != "" || column == colOSVersion && d.OS.Version != "" {
					t.Errorf("%q: %+v", text, d)
				}
				if _, f = read(t, workbook(t, rows, nil), consolefile.Options{}); !slices.Equal(places(f), want) {
					t.Errorf("%s: %q in a workbook: found %v, want %v", l.language, text, places(f), want)
				}
			}
		}
	}
}

func TestVersionsThatAreRight(t *testing.T) {
	for _, tt := range []struct{ app, os, wantApp, wantOS string }{
		{"4.2.1", "18.1", "4.2.1", "18.1"},
		{"v4.2", "22H2", "4.2", "22H2"},
		{"Ver.4.2.1", "11 Pro 23H2", "4.2.1", "11 Pro 23H2"},
		{"Version 4.2.1", "15.1.1 (24B91)", "4.2.1", "15.1.1 (24B91)"},
		{"4.2.1-beta", "11", "4.2.1-beta", "11"},
		{"4.2.1b12", "10.0.19045", "4.2.1b12", "10.0.19045"},
		{"4.2.1 (1234)", "10.0.22631 Build 22631", "4.2.1 (1234)", "10.0.22631 Build 22631"},
		{"4.2.0+build.77", "10 2004", "4.2.0+build.77", "10 2004"},
		{"4.1.0-rc.2", "19045", "4.1.0-rc.2", "19045"},
		{"4.1.0.1187", "Windows 11 Pro", "4.1.0.1187", "11 Pro"},
		{"4.10.0 build 12", "iOS 18.1.1", "4.10.0 build 12", "18.1.1"},
		{"NAVER WORKS 4.2.1", "14 (UP1A.231005.007)", "4.2.1", "14 (UP1A.231005.007)"},
		{"unknown", "8.1 Enterprise", "unknown", "8.1 Enterprise"},
		{"4.2.1-20261120", "7 Service Pack 1", "4.2.1-20261120", "7 Service Pack 1"},
		{"４.２.１", "Android(14)", "4.2.1", "14"},
	} {
		_, f := read(t, []byte(fmt.Sprintf("Device,User,OS Version,App Version\na,A (a@example.com),%s,%s\n", tt.os, tt.app)), consolefile.Options{})
		if d := f.Rows[0].Device; len(places(f)) > 0 || d.App.Version != tt.wantApp || d.OS.Version != tt.wantOS {
			t.Errorf("%q, %q: %+v %v", tt.app, tt.os, d, f.Rows[0].Problems)
		}
	}
	for _, tt := range []struct{ cell, version string }{
		{"iOS 15.1.1 (19B81)", "15.1.1 (19B81)"}, {"Windows 11 Pro 23H2", "11 Pro 23H2"}, {"Windows 10 (10.0.19045)", "10.0.19045"}, {"Microsoft Windows Server 2019", "2019"},
		{"macOS Sequoia 15.1", "15.1"}, {"Mac OS X 10.15.7", "10.15.7"}, {"Android 14", "14"}, {"HarmonyOS 4.2", "4.2"}, {"iPhone", ""}, {"Unknown", ""},
	} {
		_, f := read(t, []byte("Device,User,OS\na,A (a@example.com),"+tt.cell+"\nb,A (a@example.com),iOS 18.1\n"), consolefile.Options{})
		if d := f.Rows[0].Device; len(places(f)) > 0 || d.OS.Version != tt.version {
			t.Errorf("%q: %+v %v", tt.cell, d.OS, f.Rows[0].Problems)
		}
	}
}

// Excel keeps a bare 14 as a number, and 14 it was; 4.1 may have been 4.10.
func TestVersionsAsNumbers(t *testing.T) {
	l := lists()[0]
	for _, tt := range []struct {
		at   string
		v    any
		want string
	}{
		{"F3", 14, ""}, {"F5", 11, ""}, {"F2", 18.1, "row 2, column OS Version"}, {"F2", 46159, "row 2, column OS Version"},
		{"H2", 4.1, "row 2, column App Version"}, {"H2", 4, "row 2, column App Version"}, {"H2", true, "row 2, column App Version"},
	} {
		_, f := read(t, workbook(t, l.rows, func(b *excelize.File, s string) {
			if err := b.SetCellValue(s, tt.at, tt.v); err != nil {
				t.Fatal(err)
			}
		}), consolefile.Options{})
		if found := strings.Join(places(f), " "); found != tt.want {
			t.Errorf("%s = %v: %q, want %q", tt.at, tt.v, found, tt.want)
		}
	}
}

// What a spreadsheet dropped behind a version shows by the whole column, or not
// at all.
func TestZerosBehindVersions(t *testing.T) {
	for _, tt := range []struct {
		versions, want string
	}{
		{"4.2.1 4.2.0 4.1.3 4.1", "row 5"},
		{"4.2.1 4.2.0 4.1.3 4.2 4.1", ""},  // two: as many lists have
		{"4.2.1 4.2.0 4.1.3 4.1 4.10", ""}, // 4.10 is there: no spreadsheet was
		{"4.2.1 4.2.0 4.1", ""},            // too few to tell
		{"4.1 4.2 4.3 4.4", ""},            // can't be told
		{"4.2.1 4.2.0 4.1.3 v4.1", ""},     // written so that no spreadsheet changes it
		{"4.2.1 4", "row 3"},               // 4.0
		{"4 4.1", "row 2"}, {"4 5", ""}, {"v4 4.1", ""}, {"4.0 4", "row 3"},
		{strings.Repeat("4.2.1 ", 20) + "4.1 4.1", "row 22 row 23"},
	} {
		content := "Device,User,OS,App Version\n"
		for _, v := range strings.Fields(tt.versions) {
			content += "a,A (a@example.com),iOS 18.1," + v + "\n"
		}
		_, f := read(t, []byte(content), consolefile.Options{})
		if found := strings.ReplaceAll(strings.Join(places(f), " "), ", column App Version", ""); found != tt.want {
			t.Errorf("%s: %q, want %q", tt.versions, found, tt.want)
		}
	}
	// Apps count for themselves, and a cell with a name is no number.
	for _, content := range []string{
		"Device,User,App,App Version\na,A,NAVER WORKS,4.2.1\na,A,NAVER WORKS,4.2.2\na,A,NAVER WORKS,4.2.3\na,A,WORKS Drive,4.1\n",
		"Device,User,App\na,A,NAVER WORKS 4.2.1\na,A,NAVER WORKS 4.2.2\na,A,NAVER WORKS 4.2.3\na,A,NAVER WORKS 4.1\na,A,NAVER WORKS 4\n",
	} {
		if _, f := read(t, []byte(content), consolefile.Options{}); len(places(f)) > 0 {
			t.Errorf("%v", f.Rows)
		}
	}
}

// Where no cell of a column names a system, its cells are versions or damage.
func TestSystemsWithoutNames(t *testing.T) {
	for cell, version := range map[string]string{
		"18,1": "", "16.8%": "", "18:1": "", "4/10/2026": "", "45023": "", "1.81E+12": "", ".5": "", "#": "",
		"18.1": "18.1", "14": "14", "12L": "12L", "v18.1": "18.1", "Version 17.1": "17.1", "버전 14": "14", "11 Home 64비트": "11 Home 64비트", "10.0.22631.4460": "10.0.22631.4460",
	} {
		_, f := read(t, []byte("User,Device,OS\nA,a,\""+cell+"\"\nB,b,18.2\n"), consolefile.Options{})
		if d := f.Rows[0].Device; f.Bad > 0 != (version == "") || d.OS.Type != "" || d.OS.Version != version {
			t.Errorf("%q: %+v %v", cell, d.OS, f.Rows[0].Problems)
		}
	}
	_, f := read(t, []byte("User,Device,OS\nA,a,Tizen\nB,b,Sailfish 4.5\n"), consolefile.Options{})
	if f.Bad > 0 || f.Rows[1].Device.OS.Version != "4.5" {
		t.Errorf("%+v", f.Rows)
	}
}
