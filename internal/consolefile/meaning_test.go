package consolefile_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, ok := consolefile.ParseZone(name, time.UTC)
	if !ok {
		t.Fatalf("%q is no zone", name)
	}
	return z
}

func TestDates(t *testing.T) {
	for _, tt := range []struct{ cell, want string }{
		{"2026-11-20 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026.11.20 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026/11/20 10:15:30", "2026-11-20T10:15:30+09:00"},
		{"2026. 11. 20. 오전 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026. 11. 20. 오후 12:15", "2026-11-20T12:15:00+09:00"},
		{"2026. 11. 20. 오전 12:15", "2026-11-20T00:15:00+09:00"},
		{"2026. 11. 20.(금) 오후 1:05", "2026-11-20T13:05:00+09:00"},
		{"2026년 11월 20일 오후 10시 15분", "2026-11-20T22:15:00+09:00"},
		{"2026年11月20日 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026年11月20日(金)10:15", "2026-11-20T10:15:00+09:00"},
		{"2026年11月20日 午後10時15分30秒", "2026-11-20T22:15:30+09:00"},
		{"２０２６／１１／２０　１０：１５", "2026-11-20T10:15:00+09:00"},
		{"Nov 20, 2026 10:15 AM", "2026-11-20T10:15:00+09:00"},
		{"November 20, 2026, 10:15 p.m.", "2026-11-20T22:15:00+09:00"},
		{"20 Nov 2026 10:15", "2026-11-20T10:15:00+09:00"},
		{"Fri, 20 Nov 2026 10:15", "2026-11-20T10:15:00+09:00"},
		{"20.11.2026 10:15", "2026-11-20T10:15:00+09:00"},
		{"11/20/2026 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026-11-20T10:15:00Z", "2026-11-20T10:15:00Z"},
		{"2026-11-20T10:15:00-05:00", "2026-11-20T10:15:00-05:00"},
		{"2026-11-20", "2026-11-20T00:00:00+09:00"},
		{"2026.11.20.금 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026-11-20 金 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026.11.20 금요일 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026年11月20日金曜日 10:15", "2026-11-20T10:15:00+09:00"},
		{"2026.11.20.금", "2026-11-20T00:00:00+09:00"},
		{"2026년 11 월 20 일 10:15", "2026-11-20T10:15:00+09:00"},
		{"20261120", "2026-11-20T00:00:00+09:00"},
		{"20261120 10:15", "2026-11-20T10:15:00+09:00"},
		{"20261120101530", "2026-11-20T10:15:30+09:00"},
		{"20.11.2026 10.15", "2026-11-20T10:15:00+09:00"},
		{"20.11.2026 9.15.30", "2026-11-20T09:15:30+09:00"},
		{"26. 1. 5. 오전 10:15", "2026-01-05T10:15:00+09:00"}, // no year has one digit
		{"26.11.20", "?"}, {"18.1.20", "?"}, {"2026112", "?"}, {"20261320", "?"}, {"202611201015", "?"}, {"20261120251530", "?"},
		{"2026-11-20 10.1", "?"}, {"2026-11-20 금토 10:15", "?"},
		{"-", ""},
		{"", ""},
		{"2026-13-20 10:15", "?"}, {"2026-02-30 10:15", "?"}, {"2026-11-20 24:15", "?"}, {"2026-11-20 13:15 PM", "?"},
		{"yesterday", "?"}, {"2026-11-20110:15", "?"}, {"10:15:30", "?"}, {"46346.4", "?"},
	} {
		_, f := read(t, []byte("Device,User,Recent Access\niPhone,A (a@example.com),\""+tt.cell+"\"\n"), consolefile.Options{Location: zone(t, "Asia/Seoul")})
		got := f.Rows[0].Device.LastAccessTime
		if len(f.Rows[0].Problems) > 0 {
			got = "?"
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s: %v", tt.cell, got, tt.want, f.Rows[0].Problems)
		}
	}
}

// Where clocks went back, the later of the two times counts; a time that was
// skipped is the sign of another zone.
func TestSummerTime(t *testing.T) {
	for _, tt := range []struct{ zone, cell, want string }{
		{"Europe/Berlin", "2026-10-25 02:30", "2026-10-25T02:30:00+01:00"},
		{"Europe/Berlin", "2026-10-25 01:30", "2026-10-25T01:30:00+02:00"},
		{"Europe/Berlin", "2026-03-29 02:30", "is a time that no clock in Europe/Berlin showed"},
		{"America/New_York", "2026-11-01 01:30", "2026-11-01T01:30:00-05:00"},
		{"America/New_York", "2026-03-08 02:30", "--tz"},
		{"Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05T01:45:00+10:30"},
		{"+09:00", "2026-10-25 02:30", "2026-10-25T02:30:00+09:00"},
	} {
		_, f := read(t, []byte("Device,User,Recent Access\niPhone,A,"+tt.cell+"\n"), consolefile.Options{Location: zone(t, tt.zone)})
		got := f.Rows[0].Device.LastAccessTime
		if len(f.Rows[0].Problems) > 0 {
			got = f.Rows[0].Problems[0].Text
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s in %s: %s", tt.cell, tt.zone, got)
		}
	}
	for _, bad := range []string{"", "Moon/Base", "9", "+9", "+25:00"} {
		if z, ok := consolefile.ParseZone(bad, time.UTC); ok {
			t.Errorf("%q is %s", bad, z)
		}
	}
}

// failure reads a file that must not be read.
func failure(t *testing.T, content string, o consolefile.Options) *exit.Error {
	t.Helper()
	s, err := sheet.Read([]byte(content), sheet.Options{Known: o.Known()})
	if err == nil {
		_, err = consolefile.Read(s, o)
	}
	if err == nil {
		t.Fatalf("%q was read", content)
	}
	return exit.As(err)
}

// maps reads mappings as `--map` takes them.
func maps(t *testing.T, texts ...string) []consolefile.Mapping {
	t.Helper()
	var all []consolefile.Mapping
	for _, text := range texts {
		m, err := consolefile.ParseMapping(text)
		if err != nil {
			t.Fatal(err)
		}
		if m.String() != text {
			t.Errorf("%q became %q", text, m)
		}
		all = append(all, m)
	}
	return all
}

// Whatever a header has that can't be typed, what a hint says can.
func TestHeadersThatCannotBeTyped(t *testing.T) {
	for _, header := range []string{"Recent\nAccess", "Recent \r\n Access", "Recent\tAccess", "\u202eRecent Access\u202c", "Recent\u00a0Access", "Recent\u2028Ac\u200bcess"} {
		content := "Device,User,\"" + header + "\",\"No\nte\"\niPhone,A (a@example.com),03/04/2026 10:15,x\n"
		e := failure(t, content, consolefile.Options{})
		if want := "--map 'Recent Access=last_access:dmy'"; !strings.Contains(e.Hint, want) {
			t.Errorf("%q: %q lacks %q", header, e.Hint, want)
		}
		_, f := read(t, []byte(content), consolefile.Options{Map: maps(t, "Recent Access=last_access:dmy")})
		if len(places(f)) > 0 || f.Rows[0].Device.LastAccessTime == "" || f.Unknown()[0].Suggest != "No te=-" {
			t.Errorf("%q: %+v", header, f)
		}
		read(t, []byte(content), consolefile.Options{Map: maps(t, "Recent Access=last_access:dmy", "No te=-")})
	}
	if e := failure(t, "\"Ge\nrät\",Nutzer\na,b\n", consolefile.Options{}); !strings.Contains(e.Hint, "--map 'Ge rät=COLUMN'") {
		t.Errorf("%q", e.Hint)
	}
	again := "\"De\nvice\",User\na,b\n"
	if _, f := read(t, []byte(again+again), consolefile.Options{}); len(f.Rows[1].Problems) != 1 || !strings.Contains(f.Rows[1].Problems[0].Text, "is the header again") {
		t.Errorf("%+v", f.Rows)
	}
}

func TestTheOrderOfDayAndMonth(t *testing.T) {
	const ambiguous = "Device,User,Recent Access\niPhone,A,03/04/2026 10:15\niPhone,A,05/06/2026 10:15\n"
	e := failure(t, ambiguous, consolefile.Options{})
	for _, want := range []string{"row 2, column Recent Access", "can't be told", "--map 'Recent Access=last_access:dmy'", "--map 'Recent Access=last_access:mdy'"} {
		if !strings.Contains(e.Error()+e.Hint, want) {
			t.Errorf("%s (%s) lacks %q", e, e.Hint, want)
		}
	}
	for want, content := range map[string]string{
		"2026-04-03T10:15:00Z": ambiguous + "iPhone,A,20/11/2026 10:15\n",
		"2026-03-04T10:15:00Z": ambiguous + "iPhone,A,11/20/2026 10:15\n",
	} {
		if _, f := read(t, []byte(content), consolefile.Options{Location: time.UTC}); f.Rows[0].Device.LastAccessTime != want {
			t.Errorf("%s, want %s", f.Rows[0].Device.LastAccessTime, want)
		}
	}
	_, f := read(t, []byte(ambiguous), consolefile.Options{Location: time.UTC, Map: maps(t, "Recent Access=last_access:dmy")})
	if got := f.Rows[0].Device.LastAccessTime; got != "2026-04-03T10:15:00Z" {
		t.Error(got)
	}
	_, f = read(t, []byte(ambiguous+"iPhone,A,11/20/2026 10:15\n"), consolefile.Options{Map: maps(t, "Recent Access=last_access:dmy")})
	if found := places(f); !slices.Equal(found, []string{"row 4, column Recent Access"}) {
		t.Error(found)
	}
}

func TestMapping(t *testing.T) {
	const content = "Gerät;Nutzer;System;Programm;Zuletzt;Notiz\niPhone 15;Gildong Hong <g@example.com>;iOS 18.1;NAVER WORKS 4.2.1;20.11.2026 10:15;x\n"
	all := maps(t, "Gerät=model", "Nutzer=user_name,user_id", "System=os,os_version", "Programm=app,app_version", "Zuletzt=last_access", "Notiz=-")
	for _, o := range []consolefile.Options{{Map: all}, {Saved: all}, {Map: all[:1], Saved: all}} {
		_, f := read(t, []byte(content), o)
		d := f.Rows[0].Device
		if d.Model != "iPhone 15" || d.User.Email != "g@example.com" || d.OS.Version != "18.1" || d.App.Version != "4.2.1" || d.LastAccessTime == "" {
			t.Errorf("%+v", d)
		}
		if unknown := f.Unknown(); len(unknown) > 0 {
			t.Errorf("%v", unknown)
		}
	}
	// One name is enough to see the rest, each with what to type.
	_, f := read(t, []byte(content), consolefile.Options{Map: all[:1]})
	var found []string
	for _, c := range f.Unknown() {
		found = append(found, c.Suggest)
	}
	want := []string{"Nutzer=user_name,user_id", "System=os,os_version", "Programm=app,app_version", "Zuletzt=last_access", "Notiz=-"}
	if !slices.Equal(found, want) {
		t.Errorf("%v", found)
	}
	if e := failure(t, content, consolefile.Options{}); !strings.Contains(e.Error(), `"Gerät", "Nutzer"`) || !strings.Contains(e.Hint, "--map Gerät=") {
		t.Errorf("%s (%s)", e, e.Hint)
	}
	if e := failure(t, content, consolefile.Options{Map: maps(t, "Gerät=model", "Apparat=os")}); e.Exit != exit.Usage || !strings.Contains(e.Error(), "no such header") {
		t.Errorf("%s", e)
	}
	if e := failure(t, "Device,Model,User\na,b,c\n", consolefile.Options{}); !strings.Contains(e.Error(), `"Device" and "Model" both hold model`) || !strings.Contains(e.Hint, "--map Model=-") {
		t.Errorf("%s (%s)", e, e.Hint)
	}
	for _, bad := range []string{"", "model", "=model", "A=", "A=modell", "A=model,os", "A=last_access:ydm", "A=last_access:", "A=model:x",
		"A=user_email:", "A=user_email:example", "A=user_id:a b.com", "A=user_email:@example.com", "A=user_name:example.com", "A=user_email:.com", "A=user_email:예.한국"} {
		if _, err := consolefile.ParseMapping(bad); exit.CodeOf(err) != exit.Usage {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if m := maps(t, "a=b=model")[0]; m.Header != "a=b" {
		t.Errorf("%+v", m)
	}
}

func TestHeadersAreFoldedAndMayStandLowerDown(t *testing.T) {
	content := "sep=,\nDevice list of Example Inc.\nExported,2026-11-20 10:15\n\n DEVICE ,vendor-id,ｕｓｅｒ,Device_OS\niPhone,,A (a@example.com),iOS 18\n"
	_, f := read(t, []byte(content), consolefile.Options{})
	if f.HeaderRow != 5 || len(f.Rows) != 1 || f.Rows[0].Number != 6 || f.Rows[0].Device.OS.Version != "18" || len(f.Unknown()) > 0 {
		t.Errorf("%+v", f)
	}
}

func TestTheList(t *testing.T) {
	const content = "Device,User,OS,App\niPhone,A,iOS 18,4.2\nPC,B,Windows 11,4.2\n"
	_, f := read(t, []byte(content), consolefile.Options{})
	if f.Untyped != 1 || f.Rows[0].Device.Type != "" || f.Rows[1].Device.Type != api.TypePC {
		t.Errorf("%+v", f)
	}
	_, f = read(t, []byte(content), consolefile.Options{Type: api.TypeDriveMobile})
	if d := f.Rows[0].Device; f.Untyped != 0 || d.Type != api.TypeDriveMobile || d.App.Type != api.AppDriveMobile || f.Rows[1].Device.Type != api.TypePC {
		t.Errorf("%+v", f)
	}
}

func TestSplitCells(t *testing.T) {
	for _, tt := range []struct {
		cell string
		want api.User
	}{
		{"홍길동 (gildong.hong@example.com)", api.User{UserName: "홍길동", Email: "gildong.hong@example.com"}},
		{"홍길동（gildong.hong）", api.User{UserName: "홍길동", UserID: "gildong.hong"}},
		{"홍길동(영업팀)(gildong.hong)", api.User{UserName: "홍길동(영업팀)", UserID: "gildong.hong"}},
		{"홍길동 (영업팀)", api.User{UserName: "홍길동 (영업팀)"}},
		{"gildong.hong@example.com", api.User{Email: "gildong.hong@example.com"}},
		{"'=SUM (a@example.com)", api.User{UserName: "=SUM", Email: "a@example.com"}},
		{"O'Neil (o.neil@example.com)", api.User{UserName: "O'Neil", Email: "o.neil@example.com"}},
		{"hong@example.com(홍길동)", api.User{UserName: "홍길동", Email: "hong@example.com"}},
		{"hong@example.com (Hong)", api.User{UserName: "Hong", Email: "hong@example.com"}},
		{"hong@example.com 홍길동(영업팀)", api.User{UserName: "홍길동(영업팀)", Email: "hong@example.com"}},
		{"홍길동\nhong@example.com", api.User{UserName: "홍길동", Email: "hong@example.com"}},
		{"홍길동(영업팀) / hong@example.com", api.User{UserName: "홍길동(영업팀)", Email: "hong@example.com"}},
		{"홍길동(hong@example.com)(외부)", api.User{UserName: "홍길동 (외부)", Email: "hong@example.com"}},
		{"홍길동（hong@example.com、外部）", api.User{UserName: "홍길동 外部", Email: "hong@example.com"}},
		{"a@example.com (b@example.com)", api.User{UserName: "a@example.com", Email: "b@example.com"}},
		{"KIM@MacBook 홍길동", api.User{UserName: "KIM@MacBook 홍길동"}},
	} {
		_, f := read(t, []byte("Device,User\niPhone,\""+tt.cell+"\"\n"), consolefile.Options{})
		if f.Rows[0].Device.User != tt.want || len(places(f)) > 0 {
			t.Errorf("%q: %+v %v", tt.cell, f.Rows[0].Device.User, places(f))
		}
	}
	for _, content := range []string{"Device,User\na,\"홍길동, a@example.com, b@example.com\"\n", "Device,User ID\na,hong@example.com(홍길동)\n"} {
		if _, f := read(t, []byte(content), consolefile.Options{}); f.Bad != 1 || f.Rows[0].Device.User != (api.User{}) {
			t.Errorf("%q: %+v", content, f.Rows)
		}
	}
	for _, tt := range []struct {
		cell, name, version string
	}{
		{"iOS 18.1", "IOS", "18.1"}, {"iOS18.1", "IOS", "18.1"}, {"iPadOS 17.5", "IOS", "17.5"}, {"Android(14)", "ANDROID", "14"}, {"Windows 11 (10.0.22631)", "WINDOWS", "10.0.22631"},
		{"Mac OS X 10.15", "MACOS", "10.15"}, {"ANDROID 14", "ANDROID", "14"}, {"Windows", "WINDOWS", ""}, {"Harmony 4.2", "Harmony", "4.2"},
	} {
		_, f := read(t, []byte("Device,User,OS\nphone,A,\""+tt.cell+"\"\n"), consolefile.Options{})
		if got := f.Rows[0].Device.OS; string(got.Type) != tt.name || got.Version != tt.version || len(places(f)) > 0 {
			t.Errorf("%q: %+v %v", tt.cell, got, places(f))
		}
	}
}

func TestWhatHasNoWidthIsTakenOffCells(t *testing.T) {
	const content = "\u200eDevice,User\u200b,OS,App Version,Recent Access\n\u200biPhone 15 \u200d,A (a@example.com)\ufeff,iOS 18.1\u200b,4.2.1\u200b,\u202a2026-11-20 10:15\u202c\n"
	_, f := read(t, []byte(content), consolefile.Options{Location: time.UTC})
	d := f.Rows[0].Device
	if found := places(f); len(found) > 0 || d.Model != "iPhone 15" || d.User.Email != "a@example.com" || d.OS.Version != "18.1" || d.App.Version != "4.2.1" || d.LastAccessTime != "2026-11-20T10:15:00Z" {
		t.Errorf("%+v %v", d, f.Rows[0].Problems)
	}
	if len(f.Unknown()) > 0 || f.Columns[0].Header != "Device" {
		t.Errorf("%+v", f.Columns)
	}
}

// Where no header is known, what to type is told by the cells: for each column that
// they tell, and for none of two that look the same.
func TestHeadersOfWhichNoneIsKnown(t *testing.T) {
	const rows = "iPhone 15,Kim (kim@example.com),iOS 18.1,2026-11-20 10:15,2026-01-01 10:15\nGalaxy S24,Lee (lee@example.com),Android 14,2026-11-19 10:15,2026-01-01 10:15\n"
	e := failure(t, "Geräte 2026\n\nGerät,Nutzer,System,Zuletzt,Zuerst\n"+rows, consolefile.Options{})
	if want := "by their looks: --map Gerät=model --map Nutzer=user_name,user_id --map System=os,os_version"; !strings.HasPrefix(e.Message, "row 3: ") || !strings.HasSuffix(e.Hint, want) {
		t.Errorf("%s (%s)", e, e.Hint)
	}
	if e := failure(t, rows, consolefile.Options{}); !strings.HasSuffix(e.Hint, "--map 'iPhone 15=COLUMN'") { // the first device is no header
		t.Errorf("%s (%s)", e, e.Hint)
	}
	if e := failure(t, "Name,Anschrift\na,b\n", consolefile.Options{}); !strings.HasSuffix(e.Hint, "--map Name=COLUMN") {
		t.Errorf("%s (%s)", e, e.Hint)
	}
}
