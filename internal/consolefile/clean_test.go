package consolefile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/pkg/api"
)

// count is numbers as cells of a column.
func count(from, n, step int, format string) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(format, from+i*step))
	}
	return all
}

// Cells that consoles write raise no alarm in their columns, beside those that
// all lists have.
func TestCellsThatAreRight(t *testing.T) {
	for header, cells := range map[string][]string{
		"Device": {"WORKS-PC", "LINEWORKS-PC01", "MAY-01", "DEC-2024", "OCT-15", "KIM@MacBook", "kim@pc01", "10.0.0.5", "192.168.0.7", "Nokia 3.4"},
		"User":   {"@KIM(kim)", "sm-kim1", "May-1", "May 1(may1)", "김서연(101)", "Android Kim (akim)", "", "-"},
		"Serial Number": {
			"해당 없음", "(없음)", "取得不可", "未登録", "none", "없음", "0", "MAY-12", "DRIVE123", "WORKS-001", "PCWORKS01", "1e-10",
		},
		"OS": {
			"Windows 11 Home 64비트", "Windows 11 Pro 64ビット", "Windows 11 Home 23H2 日本語", "Windows 10 家庭版", "Windows 11 ARM64", "Windows 11 Enterprise multi-session", "Windows 10 Team",
			"Windows 10 Pro K", "Windows NT 10.0; Win64; x64", "Android 14 One UI 6.1", "Android 12L", "Wear OS 4", "14", "18.1", "Darwin 23.1.0",
		},
		"Installed App": {
			"LINE WORKS Roger 1.2.0", "NAVER WORKS Admin 1.5.0", "Mail 1.2.0", "캘린더 2.0.1", "Web", "Messenger & Mail 4.2.1", "Chrome 119.0", "NAVER WORKS/4.2.1", "LINE WORKS PC版 3.9.2", "NAVER WORKS 4.2.1 (Android)", "미설치",
		},
		"Recent Access": {"never", "Unknown", "없음", "なし", "未アクセス", "미접속", "-"},
		"Domain":        {"example.com", "example.org"},
		"도메인":           {"example.com"},
		"Device Type":   {"Phone", "smart phone", "스마트폰", "태블릿", "Tablet", "タブレット"},
		"구분":            {"회사", "개인"},
		"MDM":           {"사용 안 함", "선택", "필수", "無効", "個別設定する", "必須", "Optional", "Required", "Not in use"},
		"App Version":   {"미설치", "확인 불가", "not installed", "未インストール", "unknown"},
		"OS Version":    {"확인 불가", "11 Home 64비트", "12L", "10.0; Win64; x64"},
	} {
		headers, good := []string{"Device", "User", "OS", "Installed App", "Recent Access"}, []string{"Galaxy S24", "Kim (kim@example.com)", "Android 14", "NAVER WORKS 4.2.1", "2026-11-20 10:15"}
		at := len(headers)
		for i, h := range headers {
			if h == header {
				at = i
			}
		}
		if at == len(headers) {
			headers, good = append(headers, header), append(good, "")
		}
		if header == "App Version" {
			good[3], good[at] = "NAVER WORKS", "4.2.1"
		}
		if header == "OS Version" {
			good[2], good[at] = "Windows", "11"
		}
		rows := [][]string{headers, good}
		if strings.HasPrefix(header, "Dom") || header == "도메인" || header == "구분" {
			rows = rows[:1]
		}
		for _, cell := range cells {
			row := append([]string{}, good...)
			row[at] = cell
			rows = append(rows, row)
		}
		_, f := read(t, file(t, rows, ",", "\n", true, codings()[0]), consolefile.Options{})
		for _, row := range f.Rows {
			if len(row.Problems) > 0 {
				t.Errorf("%q: %v", rows[row.Number-1][at], row.Problems)
			}
		}
		for _, c := range f.Unknown() {
			if c.Header != "구분" || c.Suggest != "구분=-" {
				t.Errorf("%+v", c)
			}
		}
	}
}

// What a word for nothing, a setting and another app leave.
func TestWhatWordsLeave(t *testing.T) {
	_, f := read(t, []byte("Device,User,Serial Number,Installed App,App Version,Recent Access,MDM,Device Type\n"+
		"a,A (a@example.com),해당 없음,NAVER WORKS,미설치,never,선택,태블릿\nb,B (b@example.com),X123,LINE WORKS Roger,1.2.0,2026-11-20 10:15,등록,PC\n"), consolefile.Options{})
	a, b := f.Rows[0].Device, f.Rows[1].Device
	if len(places(f)) > 0 || a.SerialNumber != "" || a.App.Version != "" || a.LastAccessTime != "" || a.MDM.Status != "" || a.Type != api.TypeMobile {
		t.Errorf("%v %+v", places(f), a)
	}
	if b.App.Type != "LINE WORKS Roger" || b.App.Version != "1.2.0" || b.MDM.Status != api.MDMRegistered {
		t.Errorf("%+v", b)
	}
	for _, app := range []string{"Galaxy S24", "iPhone 15", "Galaxy", "表示端末; 青", "그램 17"} {
		_, f := read(t, []byte("Device,User,Installed App\na,A,NAVER WORKS 4.2.1\nb,B,"+app+"\n"), consolefile.Options{})
		if found := strings.Join(places(f), " "); found != "row 3, column Installed App" {
			t.Errorf("%s: %q", app, found)
		}
	}
	_, f = read(t, []byte("Device,User,Device Type\na,A,Phone\nb,B,banana\n"), consolefile.Options{})
	if p := f.Rows[1].Problems; len(p) != 1 || !strings.Contains(p[0].Text, "--map 'Device Type=-'") {
		t.Errorf("%v", p)
	}
	_, f = read(t, []byte("Device,User,Domain\na,A,10000001\nb,B,example.com\n"), consolefile.Options{})
	if p := f.Rows[1].Problems; len(p) != 1 || !strings.Contains(p[0].Text, "--map Domain=-") {
		t.Errorf("%v", p)
	}
}

// Ids that no zero was lost from, and those that it was.
func TestIDsOfSeveralLengths(t *testing.T) {
	for _, tt := range []struct {
		ids  []string
		want int
	}{
		{count(1, 60, 1, "%d"), 0},
		{count(88, 60, 1, "%d"), 0},
		{count(995, 12, 1, "%d"), 0},
		{append(count(20240000, 30, 7, "%d"), count(990100, 5, 9, "%d")...), 0},
		{append(count(20240000, 30, 7, "%d"), count(990100, 4, 9, "%d")...), 4},
		{append(count(2024000, 30, 7, "%d"), count(990100, 5, 9, "%d")...), 5},                  // one zero each
		{append(count(20240000, 30, 7, "%d"), "990100", "990109", "990118", "990127", "99"), 5}, // of two lengths
		{append(count(12345678901, 3, 3, "%012d"), "1234567"), 0},
		{append(count(12345678901, 3, 3, "%012d"), "12345678907"), 1},
		{append(count(1234567, 3, 100000, "%d"), "12345"), 1},
	} {
		for _, header := range []string{"User ID", "Device ID"} {
			content := "Device,Name," + header + "\n"
			for _, id := range tt.ids {
				content += "a,Kim," + id + "\n"
			}
			if _, f := read(t, []byte(content), consolefile.Options{}); f.Bad != tt.want {
				t.Errorf("%s %v: %d: %v", header, tt.ids, f.Bad, places(f))
			}
		}
	}
}

// A team behind the names of several members is no id of theirs.
func TestTeamsInBrackets(t *testing.T) {
	const content = "Device,User\na,김서연(HR)\nb,박민수(hr)\nc,이민수(Sales)\nd,이민수(Sales)\n"
	_, f := read(t, []byte(content), consolefile.Options{})
	if found := strings.Join(places(f), " "); found != "row 2, column User row 3, column User" || !strings.Contains(f.Rows[0].Problems[0].Text, "--map User=user_name (if") {
		t.Errorf("%s: %v", found, f.Rows[0].Problems)
	}
	_, f = read(t, []byte(content), consolefile.Options{Map: maps(t, "User=user_name")})
	if u := f.Rows[0].Device.User; len(places(f)) > 0 || u.UserName != "김서연(HR)" || u.UserID != "" {
		t.Errorf("%v %+v", places(f), u)
	}
}

// The same login in two domains is of two members: their e-mails count.
func TestLoginsInTwoDomains(t *testing.T) {
	_, f := read(t, []byte("Name,User ID,Email\nA,kim,kim@a.com\nB,kim,Kim@b.com\nC,lee,lee@a.com\n"), consolefile.Options{})
	for i, want := range []api.User{{UserName: "A", Email: "kim@a.com"}, {UserName: "B", Email: "Kim@b.com"}, {UserName: "C", UserID: "lee", Email: "lee@a.com"}} {
		if u := f.Rows[i].Device.User; u != want || len(places(f)) > 0 {
			t.Errorf("%+v %v", u, f.Rows[i].Problems)
		}
	}
	if _, f = read(t, []byte("Name,User ID,Email\nA,kim,kim@a.com\nB,kim,lee@b.com\n"), consolefile.Options{}); f.Bad != 2 {
		t.Error(places(f))
	}
}

// What a problem says can be typed, and then the cell is right as it stands.
func TestExactColumns(t *testing.T) {
	for _, tt := range []struct{ content, mapping string }{
		{"Device,User ID\na,1234567\nb,2345678\nc,3456789\nd,12345\n", "User ID=user_id:exact"},
		{"Device,User ID\na,1-May\n", "User ID=user_id:exact"},
		{"Device,User ID\na,kim\nb,lee\nc,김민수\n", "User ID=user_id:exact"},
		{"Device,User\na,Kim (1.2)\n", "User=user_name,user_id:exact"},
		{"Device,User\na,WORKS\nb,Galaxy 1\nc,1-May\n", "User=user_name,user_id:exact"},
		{"Device,User\na,김서연(HR)\nb,박민수(HR)\n", "User=user_name,user_id:exact"},
		{"Device,User,Serial Number\na,A,123\nb,B,시리얼\nc,C,iOS\nd,D,123456789012345000\n", "Serial Number=serial_number:exact"},
		{"Device,User,App Version\na,A,4\nb,B,4.2.1\nc,C,4.2.2\nd,D,4.2.3\ne,E,4.1\nf,F,3.9.2001\n", "App Version=app_version:exact"},
		{"Device,User\n1-May,A\nAndroid,B\n1.2.3.4,C\n5E+10,D\nNAVER WORKS,E\n", "Device=model:exact"},
		{"Device,User,OS\na,A,iOS 18\nb,B,Foo\nc,C,1-May\nd,D,iOS 01.2\n", "OS=os,os_version:exact"},
		{"Device,User,OS,OS Version\na,A,iOS,18\nb,B,Foo,1\n", "OS=os,os_version:exact"},
		{"Device,User,App\na,A,WORKS 4.2.1\nb,B,Foo 15\nc,C,4.2.2\n", "App=app,app_version:exact"},
		{"Device,User,Recent Access\na,A,2026-11-20 10:15\nb,B,2026-11-20\n", "Recent Access=last_access:exact"},
		{"Device,User,OS,Vendor ID\na,A,iOS 18,3F2504E0-4F89-11D3-9A0C-0305E82C3301\nb,B,iOS 18,abcdef\n", "Vendor ID=vendor_id:exact"},
	} {
		_, f := read(t, []byte(tt.content), consolefile.Options{})
		if f.Bad == 0 {
			t.Errorf("%q: no problem", tt.content)
		}
		for _, row := range f.Rows {
			for _, p := range row.Problems {
				if !strings.Contains(p.Text, tt.mapping) {
					t.Errorf("%s: %s", tt.mapping, p.Text)
				}
			}
		}
		if _, f = read(t, []byte(tt.content), consolefile.Options{Map: maps(t, tt.mapping)}); len(places(f)) > 0 {
			t.Errorf("%s: %v", tt.mapping, f.Rows)
		}
	}
	maps(t, "User=user_name,user_email:example.com:exact", "ID=user_email:example.com:exact", "Recent Access=last_access:dmy:exact")
	for _, bad := range []string{"A=type:exact", "A=mdm_status:exact", "A=model:exac", "A=:exact", "A=-:exact"} {
		if _, err := consolefile.ParseMapping(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// What is certain stays a fault whatever was typed.
func TestExactColumnsKeepCertainFaults(t *testing.T) {
	all := maps(t, "Device=model:exact", "User ID=user_id:exact", "App Version=app_version:exact")
	for _, row := range []string{"=1+1,a,4.2.1", "#NAME?,a,4.2.1", "a,#REF!,4.2.1", "SM\ufffd,a,4.2.1", "a,b,4.2.1,x"} {
		if _, f := read(t, []byte("Device,User ID,App Version\n"+row+"\n"), consolefile.Options{Map: all}); f.Bad != 1 {
			t.Errorf("%s: %v", row, f.Rows)
		}
	}
	rows := [][]string{{"Device", "User ID", "App Version"}, {"a", "kim", "4.2.1"}}
	for _, at := range []string{"B2", "C2"} {
		_, f := read(t, workbook(t, rows, func(b *excelize.File, s string) {
			if err := b.SetCellValue(s, at, 4.1); err != nil {
				t.Fatal(err)
			}
		}), consolefile.Options{Map: all})
		if f.Bad != 1 {
			t.Errorf("%s: %v", at, f.Rows)
		}
	}
	// Damage that is sure by its looks doesn't invite to type it away.
	_, f := read(t, []byte("Device,User ID,App Version\na,1.23457E+12,10-Apr\n"), consolefile.Options{})
	for _, p := range f.Rows[0].Problems {
		if strings.Contains(p.Text, "--map") {
			t.Error(p.Text)
		}
	}
}

// A device of nobody is one if its row says more than one thing of it.
func TestDevicesWithoutMember(t *testing.T) {
	for content, bad := range map[string]int{
		"Galaxy,-,Android 14,,\n": 0, "Galaxy,,,,2026-11-20 10:15\n": 0, ",,Android 14,NAVER WORKS 4.2.1,\n": 0,
		"Galaxy,-,,,\n": 1, "Total,2,,,\n": 1, "합계,,,,25\n": 1, "* 2026-11-22,,,,\n": 1,
	} {
		_, f := read(t, []byte("Device,User,OS,App,Recent Access\niPhone 15,A (a@example.com),iOS 18.1,NAVER WORKS 4.2.1,2026-11-20 10:15\n"+content), consolefile.Options{})
		if f.Bad != bad {
			t.Errorf("%q: %v", content, f.Rows)
		}
	}
}

// Dates are no versions of systems with words behind them, in any language.
func TestDatesAreNoEditions(t *testing.T) {
	for _, text := range []string{
		"4 Okt", "1. Okt 2004", "4 févr. 2004", "4 avril", "4-avr", "4-abr", "4-Mrz", "11 20 2026", "4 月 10 日", "4 월 10 일", "11 AM", "10 오전", "2026 Apr 10", "14 kim@example.com", "10:15 KST", "42 %", "4월 10일 Pro",
	} {
		_, f := read(t, []byte("Device,User,OS,OS Version\na,A,Windows,11 Pro\nb,B,Windows,"+text+"\n"), consolefile.Options{})
		if found := strings.Join(places(f), " "); found != "row 3, column OS Version" {
			t.Errorf("%q: %q", text, found)
		}
	}
}

// Rows of blanks, whatever their width, or of the dashes of empty fields, are no
// devices and no faults.
func TestRowsThatSayNothing(t *testing.T) {
	for _, header := range []string{"Device,OS,User", "Device,OS,Recent Access"} {
		for _, row := range []string{" , , ", "-,-,-", "-,,－", "\u00a0,\u3000, \t", "  ", ",,,,", " ,-,N/A"} {
			_, f := read(t, []byte(header+"\niPhone 15,iOS,\n"+row+"\n"+row), consolefile.Options{})
			if len(f.Rows) != 1 || f.Bad > 0 {
				t.Errorf("%s, %q: %+v", header, row, f.Rows)
			}
		}
	}
	_, f := read(t, workbook(t, [][]string{{"Device", "User"}, {"iPhone", "A"}, {" ", " "}, {"\u00a0"}, {"-", "\u3000"}}, nil), consolefile.Options{})
	if len(f.Rows) != 1 || f.Bad > 0 {
		t.Errorf("%+v", f.Rows)
	}
}
