package fleet_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestMatch(t *testing.T) {
	type in = fleet.FilterInput
	for _, tt := range []struct {
		name   string
		filter in
		want   bool
	}{
		{"no filter", in{}, true},
		{"domain", in{DomainID: 10000001}, true},
		{"other domain", in{DomainID: 10000002}, false},
		{"type", in{Type: "mobile"}, true},
		{"other type", in{Type: "pc"}, false},
		{"keyword in the name, decomposed", in{Keyword: norm.NFD.String("길동")}, true},
		{"keyword in the e-mail", in{Keyword: "HONG@"}, true},
		{"keyword in the model", in{Keyword: "iphone"}, true},
		{"keyword in the Vendor ID", in{Keyword: "3f2504e0-"}, true},
		{"keyword in the serial number", in{Keyword: "k0qz"}, true},
		{"keyword is not looked for in the device id", in{Keyword: "5e0c2f8e"}, false},
		{"keyword is not looked for in the user id", in{Keyword: "9b1d7c52"}, false},
		{"user by name", in{User: "홍"}, true},
		{"user by e-mail", in{User: "Gildong.Hong@"}, true},
		{"user by id", in{User: "9b1d7c52"}, true},
		{"user by part of an id", in{User: "9b1d"}, false},
		{"user by id in other case", in{User: "9B1D7C52"}, false},
		{"user is not looked for in the model", in{User: "iphone"}, false},
		{"model", in{Model: "15 PRO"}, true},
		{"other model", in{Model: "16"}, false},
		{"full-width digits are others", in{Model: "１５"}, false},
		{"os", in{OS: "ios"}, true},
		{"other os", in{OS: "android"}, false},
		{"os version prefix", in{OSVersion: "17"}, true},
		{"os version longer prefix", in{OSVersion: "17.5"}, true},
		{"os version digits are no prefix", in{OSVersion: "1"}, false},
		{"os version max itself", in{OSVersionMax: "17.5.1"}, true},
		{"os version max, older", in{OSVersionMax: "17.5"}, false},
		{"os version max as numbers", in{OSVersionMax: "17.10"}, true},
		{"app", in{App: "works"}, true},
		{"other app", in{App: "drive"}, false},
		{"app version", in{AppVersion: "4.2.1.0"}, true},
		{"app version is no prefix", in{AppVersion: "4.2"}, false},
		{"app version max", in{AppVersionMax: "4.10"}, true},
		{"app version max, older", in{AppVersionMax: "4.2"}, false},
		{"mdm", in{MDM: "registered"}, true},
		{"other mdm", in{MDM: "unregistered"}, false},
		{"accessed within", in{LastAccess: "1d"}, true},
		{"not inactive", in{Inactive: "1d"}, false},
		{"all together", in{Keyword: "hong", Type: "mobile", OS: "ios", OSVersion: "17", App: "works", AppVersionMax: "4.2.1", LastAccess: "2d"}, true},
		{"all but one", in{Keyword: "hong", Type: "mobile", OS: "ios", OSVersion: "18", App: "works"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := phone()
			if ok, unreadable := parse(t, tt.filter).Match(&d); ok != tt.want || unreadable {
				t.Errorf("got %v, unreadable %v", ok, unreadable)
			}
		})
	}
}

func TestASpanIncludesItsEarlierEndOnly(t *testing.T) {
	bound := time.Date(2026, 10, 22, 9, 0, 0, 0, now().Location())
	for _, tt := range []struct {
		in    fleet.FilterInput
		shift time.Duration
		want  bool
	}{
		{fleet.FilterInput{LastAccess: "30d"}, 0, true},
		{fleet.FilterInput{LastAccess: "30d"}, -time.Second, false},
		{fleet.FilterInput{Inactive: "30d"}, 0, false},
		{fleet.FilterInput{Inactive: "30d"}, -time.Second, true},
	} {
		d := with(func(d *api.Device) { d.LastAccessTime = bound.Add(tt.shift).UTC().Format(time.RFC3339) })
		if ok, _ := parse(t, tt.in).Match(&d); ok != tt.want {
			t.Errorf("%+v at %s: got %v", tt.in, d.LastAccessTime, ok)
		}
	}
}

func TestUnreadable(t *testing.T) {
	noVersion := with(func(d *api.Device) { d.App.Version, d.OS.Version = "unknown", "" })
	noTime := with(func(d *api.Device) { d.LastAccessTime = "yesterday" })
	latest := []api.AppVersion{{AppType: api.AppWorksMobile, OSType: api.OSIOS, LatestVersion: "9"}}
	for _, tt := range []struct {
		name           string
		device         api.Device
		in             fleet.FilterInput
		ok, unreadable bool
	}{
		{"no version filter", noVersion, fleet.FilterInput{OS: "ios"}, true, false},
		{"app version", noVersion, fleet.FilterInput{AppVersionMax: "99"}, false, true},
		{"os version", noVersion, fleet.FilterInput{OSVersion: "17"}, false, true},
		{"outdated", noVersion, fleet.FilterInput{Outdated: true}, false, true},
		{"left out by another filter", noVersion, fleet.FilterInput{Type: "pc", AppVersionMax: "99"}, false, false},
		{"no time filter", noTime, fleet.FilterInput{LastAccess: "all", OS: "ios"}, true, false},
		{"last access", noTime, fleet.FilterInput{LastAccess: "1y"}, false, true},
		{"inactive", noTime, fleet.FilterInput{Inactive: "1y"}, false, true},
		{"left out by a version", noTime, fleet.FilterInput{Inactive: "1y", AppVersion: "1"}, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ok, unreadable := parse(t, tt.in).WithLatest(latest).Match(&tt.device)
			if ok != tt.ok || unreadable != tt.unreadable {
				t.Errorf("got %v, unreadable %v", ok, unreadable)
			}
		})
	}
}

func TestOutdated(t *testing.T) {
	latest := []api.AppVersion{
		{AppType: api.AppWorksMobile, OSType: api.OSIOS, LatestVersion: "4.9"},
		{AppType: api.AppWorksMobile, OSType: api.OSIOS, LatestVersion: "4.10"},
		{AppType: api.AppWorksMobile, OSType: api.OSIOS, LatestVersion: "4.3"},
		{AppType: api.AppWorksPC, OSType: api.OSWindows, LatestVersion: "soon"},
	}
	f := parse(t, fleet.FilterInput{Outdated: true})
	for _, tt := range []struct {
		app     api.AppType
		os      api.OSType
		version string
		want    bool
	}{
		{api.AppWorksMobile, api.OSIOS, "4.9.9", true},
		{api.AppWorksMobile, api.OSIOS, "4.10", false},
		{api.AppWorksMobile, api.OSIOS, "4.10.0-beta", false},
		{api.AppWorksMobile, api.OSIOS, "4.11", false},
		{api.AppWorksMobile, api.OSAndroid, "0.1", false}, // not named
		{api.AppWorksPC, api.OSWindows, "0.1", false},     // named unreadably
		{api.AppWorksPC, api.OSWindows, "?", false},
	} {
		d := with(func(d *api.Device) { d.App, d.OS.Type = api.App{Type: tt.app, Version: tt.version}, tt.os })
		if ok, unreadable := f.WithLatest(latest).Match(&d); ok != tt.want || unreadable {
			t.Errorf("%s on %s %s: got %v, %v", tt.app, tt.os, tt.version, ok, unreadable)
		}
		if ok, _ := f.Match(&d); ok {
			t.Errorf("%s is outdated without a latest version", tt.version)
		}
	}
}

// The filter as contract.md words it, slowly.
func oracle(in fleet.FilterInput, q api.DeviceQuery, d api.Device) bool {
	contains := func(part string, texts ...string) bool {
		for _, s := range texts {
			if strings.Contains(textmatch.Fold(s), textmatch.Fold(part)) {
				return true
			}
		}
		return part == ""
	}
	version := func(text, limit string, ok func(v, l appversion.Version) bool) bool {
		if limit == "" {
			return true
		}
		v, readable := appversion.Parse(text)
		l, _ := appversion.Parse(limit)
		return readable && ok(v, l)
	}
	older := func(v, l appversion.Version) bool { return v.Compare(l) <= 0 }
	at, err := time.Parse(time.RFC3339, d.LastAccessTime)
	return (q.DomainID == 0 || q.DomainID == d.DomainID) &&
		(q.Type == "" || q.Type == d.Type) && (q.OSType == "" || q.OSType == d.OS.Type) &&
		(q.AppType == "" || q.AppType == d.App.Type) && (q.MDMStatus == "" || q.MDMStatus == d.MDM.Status) &&
		contains(in.Keyword, d.User.UserName, d.User.Email, d.Model, string(d.VendorID), string(d.SerialNumber)) &&
		(contains(in.User, d.User.UserName, d.User.Email) || in.User == d.User.UserID) &&
		contains(in.Model, d.Model) &&
		version(d.OS.Version, in.OSVersion, appversion.Version.HasPrefix) && version(d.OS.Version, in.OSVersionMax, older) &&
		version(d.App.Version, in.AppVersion, func(v, l appversion.Version) bool { return v.Compare(l) == 0 }) &&
		version(d.App.Version, in.AppVersionMax, older) &&
		(in.LastAccess == "" || err == nil && !at.Before(q.AccessedAfter)) &&
		(in.Inactive == "" || err == nil && at.Before(q.AccessedBefore))
}

func TestMatchAgreesWithTheContract(t *testing.T) {
	maybe := func(values ...string) *rapid.Generator[string] {
		return rapid.SampledFrom(append(values, "", "", ""))
	}
	rapid.Check(t, func(t *rapid.T) {
		in := fleet.FilterInput{
			DomainID: rapid.SampledFrom([]int32{0, 0, 1}).Draw(t, "domain"),
			Keyword:  maybe("길", "IPHONE", "b.c").Draw(t, "keyword"), Type: maybe("mobile", "pc").Draw(t, "type"),
			User: maybe("홍길동", "a@B", "x1").Draw(t, "user"), Model: maybe("é", "phone").Draw(t, "model"),
			OS: maybe("ios").Draw(t, "os"), OSVersion: maybe("17", "4").Draw(t, "osv"), OSVersionMax: maybe("17.4", "17.5").Draw(t, "osvm"),
			App: maybe("works").Draw(t, "app"), AppVersion: maybe("4.2", "4").Draw(t, "av"), AppVersionMax: maybe("4.9", "4.2.0").Draw(t, "avm"),
			LastAccess: maybe("6m", "10y").Draw(t, "la"), Inactive: maybe("1d", "6m").Draw(t, "in"), MDM: maybe("pending").Draw(t, "mdm"),
		}
		d := anyDevice().Draw(t, "device")
		f, err := fleet.ParseFilter(in, now())
		if err != nil {
			return // a contradiction
		}
		ok, unreadable := f.Match(&d)
		if want := oracle(in, f.Query(), d); ok != want || ok && unreadable {
			t.Fatalf("%+v on %+v: got %v, %v, want %v", in, d, ok, unreadable, want)
		}
	})
}

func TestMatchAllocatesNothing(t *testing.T) {
	d := phone()
	for _, in := range []fleet.FilterInput{
		{}, {Type: "mobile", OSVersion: "17", AppVersionMax: "4.3", LastAccess: "1y", MDM: "registered"}, {Model: "pro", User: "길동"},
	} {
		f := parse(t, in)
		if n := testing.AllocsPerRun(100, func() { f.Match(&d) }); n != 0 {
			t.Errorf("%+v: %v allocations a device", in, n)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	d := phone()
	for name, in := range map[string]fleet.FilterInput{
		"none":     {},
		"versions": {OSVersion: "17", AppVersionMax: "4.3"},
		"keyword":  {Keyword: "nowhere"},
	} {
		f := parse(b, in)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Match(&d)
			}
		})
	}
}
