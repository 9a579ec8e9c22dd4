package fleet_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestQueryHasWhatTheServerKnows(t *testing.T) {
	got := parse(t, fleet.FilterInput{
		DomainID: 7, Keyword: "Hong", Type: "drive", User: "길동", Model: "iPad", OS: "macOS", OSVersion: "17-beta", OSVersionMax: "18",
		App: "drive-explorer", AppVersion: "4.2", AppVersionMax: "4.3", Outdated: true, LastAccess: "1y", Inactive: "90d", MDM: "pending",
	}).Query()
	zone := now().Location()
	want := api.DeviceQuery{
		DomainID: 7, Keyword: "Hong", Type: api.TypeDriveMobile, User: "길동", Model: "iPad",
		OSType: api.OSMacOS, OSVersion: "17", OSVersionMax: "18",
		AppType: api.AppDriveExplorer, AppVersion: "4.2", AppVersionMax: "4.3", MDMStatus: api.MDMPending,
		AccessedAfter:  time.Date(2025, 11, 21, 9, 0, 0, 0, zone),
		AccessedBefore: time.Date(2026, 8, 23, 9, 0, 0, 0, zone),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryWord(t *testing.T) {
	type query = api.DeviceQuery
	for _, tt := range []struct {
		in   fleet.FilterInput
		want query
	}{
		{fleet.FilterInput{Type: "mobile"}, query{Type: "MOBILE"}},
		{fleet.FilterInput{Type: "pc"}, query{Type: "PC"}},
		{fleet.FilterInput{Type: "drive"}, query{Type: "DRIVE_MOBILE"}},
		{fleet.FilterInput{OS: "ios"}, query{OSType: "IOS"}},
		{fleet.FilterInput{OS: "android"}, query{OSType: "ANDROID"}},
		{fleet.FilterInput{OS: "windows"}, query{OSType: "WINDOWS"}},
		{fleet.FilterInput{OS: "macos"}, query{OSType: "MACOS"}},
		{fleet.FilterInput{App: "works"}, query{AppType: "WORKS_MOBILE"}},
		{fleet.FilterInput{App: "pc"}, query{AppType: "WORKS_PC"}},
		{fleet.FilterInput{App: "drive-explorer"}, query{AppType: "DRIVE_EXPLORER"}},
		{fleet.FilterInput{App: "drive"}, query{AppType: "DRIVE_MOBILE"}},
		{fleet.FilterInput{MDM: "registered"}, query{MDMStatus: "REGISTERED"}},
		{fleet.FilterInput{MDM: "pending"}, query{MDMStatus: "PENDING"}},
		{fleet.FilterInput{MDM: "unregistered"}, query{MDMStatus: "UNREGISTERED"}},
	} {
		if diff := cmp.Diff(tt.want, parse(t, tt.in).Query()); diff != "" {
			t.Errorf("%+v: %s", tt.in, diff)
		}
	}
}

func TestBadValues(t *testing.T) {
	for _, tt := range []struct {
		name  string
		in    fleet.FilterInput
		parts []string
	}{
		{"type", fleet.FilterInput{Type: "moble"}, []string{`--type "moble"`, "mobile, pc or drive", "--type mobile"}},
		{"os", fleet.FilterInput{OS: "adroid"}, []string{`--os "adroid"`, "ios, android, windows or macos", "--os android"}},
		{"app", fleet.FilterInput{App: "drive-explore"}, []string{"works, pc, drive-explorer or drive", "--app drive-explorer"}},
		{"mdm", fleet.FilterInput{MDM: "unregisterd"}, []string{"registered, pending or unregistered", "--mdm unregistered"}},
		{"far from every word", fleet.FilterInput{OS: "symbianos60"}, []string{`"symbianos60" is unknown`}},
		{"os version", fleet.FilterInput{OSVersion: "v17"}, []string{`--os-version "v17"`, "numbers joined by dots"}},
		{"os version max", fleet.FilterInput{OSVersionMax: "17.x"}, []string{`--os-version-max "17.x"`}},
		{"app version", fleet.FilterInput{AppVersion: "４.２"}, []string{`--app-version "４.２"`}},
		{"app version max", fleet.FilterInput{AppVersionMax: "latest"}, []string{`--app-version-max "latest"`}},
		{"spans", fleet.FilterInput{LastAccess: "30d", Inactive: "90d"}, []string{"--last-access 30d", "--inactive 90d"}},
		{"same spans", fleet.FilterInput{LastAccess: "1y", Inactive: "12m"}, []string{"--last-access 1y", "--inactive 12m"}},
		{"os versions", fleet.FilterInput{OSVersion: "17.5", OSVersionMax: "17.4"}, []string{"--os-version 17.5", "--os-version-max 17.4"}},
		{"app versions", fleet.FilterInput{AppVersion: "4.10", AppVersionMax: "4.9"}, []string{"--app-version 4.10", "--app-version-max 4.9"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := fleet.ParseFilter(tt.in, now())
			wantUsage(t, err, tt.parts...)
		})
	}
}

func TestPairsThatDevicesCanPass(t *testing.T) {
	for _, in := range []fleet.FilterInput{
		{LastAccess: "90d", Inactive: "30d"},
		{LastAccess: "all", Inactive: "3y"},
		{OSVersion: "17", OSVersionMax: "17.5"},
		{OSVersion: "17", OSVersionMax: "17.0.0"},
		{AppVersion: "4.9", AppVersionMax: "4.10"},
	} {
		parse(t, in)
	}
}

func TestSelects(t *testing.T) {
	for _, in := range []fleet.FilterInput{{}, {DomainID: 7}, {LastAccess: "all"}} {
		if f := parse(t, in); f.Selects() || len(f.Needs()) > 0 {
			t.Errorf("%+v selects by %v", in, f.Needs())
		}
	}
	for _, tt := range []struct {
		in   fleet.FilterInput
		want [][]string
	}{
		{fleet.FilterInput{Keyword: "x"}, [][]string{{"model", "vendor_id", "serial_number", "user_name", "user_email"}}},
		{fleet.FilterInput{User: "x"}, [][]string{{"user_name", "user_id", "user_email"}}},
		{fleet.FilterInput{Type: "pc", Model: "x"}, [][]string{{"type"}, {"model"}}},
		{fleet.FilterInput{OS: "ios"}, [][]string{{"os"}}},
		{fleet.FilterInput{OSVersion: "1"}, [][]string{{"os_version"}}},
		{fleet.FilterInput{OSVersionMax: "1"}, [][]string{{"os_version"}}},
		{fleet.FilterInput{App: "pc"}, [][]string{{"app"}}},
		{fleet.FilterInput{AppVersion: "1"}, [][]string{{"app_version"}}},
		{fleet.FilterInput{AppVersionMax: "1"}, [][]string{{"app_version"}}},
		{fleet.FilterInput{Outdated: true}, [][]string{{"os"}, {"app"}, {"app_version"}}},
		{fleet.FilterInput{MDM: "pending"}, [][]string{{"mdm_status"}}},
		{fleet.FilterInput{LastAccess: "1d"}, [][]string{{"last_access"}}},
		{fleet.FilterInput{Inactive: "1d"}, [][]string{{"last_access"}}},
	} {
		f := parse(t, tt.in)
		if diff := cmp.Diff(tt.want, f.Needs()); diff != "" || !f.Selects() {
			t.Errorf("%+v: selects %v, %s", tt.in, f.Selects(), diff)
		}
	}
	if !parse(t, fleet.FilterInput{Outdated: true}).NeedsLatest() || parse(t, fleet.FilterInput{}).NeedsLatest() {
		t.Error("only --outdated needs the latest versions")
	}
}

func TestSpans(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct{ now, span, want string }{
		{"2026-11-21 09:00", "30d", "2026-10-22 09:00"},
		{"2026-11-21 09:00", "2w", "2026-11-07 09:00"},
		{"2026-11-21 09:00", "6m", "2026-05-21 09:00"},
		{"2026-11-21 09:00", "1y", "2025-11-21 09:00"},
		{"2026-03-31 09:00", "1m", "2026-02-28 09:00"},
		{"2028-03-31 09:00", "1m", "2028-02-29 09:00"},
		{"2028-02-29 09:00", "1y", "2027-02-28 09:00"},
		{"2026-01-31 09:00", "2m", "2025-11-30 09:00"},
		{"2026-01-15 09:00", "1m", "2025-12-15 09:00"},
		{"2026-11-21 09:00", "100y", "1926-11-21 09:00"},
		{"2026-11-21 09:00", "007d", "2026-11-14 09:00"},
	} {
		f, err := fleet.ParseFilter(fleet.FilterInput{LastAccess: tt.span}, at(tt.now))
		if got := f.Query().AccessedAfter; err != nil || !got.Equal(at(tt.want)) {
			t.Errorf("%s before %s: got %v, %v, want %s", tt.span, tt.now, got, err, tt.want)
		}
	}
}

func TestBadSpans(t *testing.T) {
	for span, part := range map[string]string{
		"30":                    "add a unit: --inactive 30d",
		"0d":                    "at least 1d",
		"00y":                   "at least 1y",
		"-30d":                  "no sign",
		"+30d":                  "30d",
		"30min":                 "m means months",
		"12h":                   "smallest span is a day",
		"1.5y":                  "such as",
		"30D":                   "--inactive 30d",
		"1y6m":                  "such as",
		"dd":                    "such as",
		"d":                     "such as",
		"30dd":                  "such as",
		"30 d":                  "such as",
		"３０d":                   "such as",
		"101y":                  "at most 100y",
		"1201m":                 "at most 100y",
		"36501d":                "at most 100y",
		"5201w":                 "at most 100y",
		"99999999999":           "add a unit",
		"18446744073709551617d": "at most 100y",
		"all":                   "leave it out",
		"forever":               "such as",
	} {
		_, err := fleet.ParseFilter(fleet.FilterInput{Inactive: span}, now())
		wantUsage(t, err, "--inactive", span, part)
	}
	_, err := fleet.ParseFilter(fleet.FilterInput{LastAccess: "ALL"}, now())
	wantUsage(t, err, `--last-access "ALL"`, "--last-access all")
}

// A latest version that holds on every system makes the system of no matter.
func TestNeedsNoSystemForALatestVersionOfAll(t *testing.T) {
	everywhere := api.AppVersion{AppType: api.AppWorksMobile, LatestVersion: "4.3"}
	onIOS := api.AppVersion{AppType: api.AppWorksMobile, OSType: api.OSIOS, LatestVersion: "4.3"}
	outdated := parse(t, fleet.FilterInput{Outdated: true})
	for _, tt := range []struct {
		latest []api.AppVersion
		want   [][]string
	}{
		{nil, [][]string{{"os"}, {"app"}, {"app_version"}}},
		{[]api.AppVersion{onIOS}, [][]string{{"os"}, {"app"}, {"app_version"}}},
		{[]api.AppVersion{onIOS, everywhere}, [][]string{{"app"}, {"app_version"}}},
	} {
		if diff := cmp.Diff(tt.want, outdated.WithLatest(tt.latest).Needs()); diff != "" {
			t.Errorf("%v: %s", tt.latest, diff)
		}
	}
}
