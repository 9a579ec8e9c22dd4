package sandbox_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func ids(devices []device) []string {
	all := make([]string, 0, len(devices))
	for _, d := range devices {
		all = append(all, d.DeviceID)
	}
	return all
}

func TestListingIsWholeInEveryPageSize(t *testing.T) {
	f := open(t)
	want := ids(f.list(""))
	if len(want) != 300 || !slices.IsSorted(want) {
		t.Fatalf("%d devices, sorted by id: %v", len(want), slices.IsSorted(want))
	}
	for _, count := range []string{"1", "7", "100", "150", "299", "300", "301"} {
		if d := cmp.Diff(want, ids(f.list("count="+count))); d != "" {
			t.Errorf("count %s (-want +got):\n%s", count, d)
		}
	}
	var p page
	f.get("/security/devices").want(200).into(&p)
	if len(p.Devices) != 100 {
		t.Errorf("the default page has %d devices, want 100", len(p.Devices))
	}
	if c := p.ResponseMetaData.NextCursor; !strings.Contains(c, "+") || !strings.Contains(c, "/") || !strings.Contains(c, "=") {
		t.Errorf("cursor %q lacks one of + / =", c)
	}
	f.get("/security/devices?type=PC&cursor="+url.QueryEscape(p.ResponseMetaData.NextCursor)).want(400, "INVALID_PARAMETER")
}

func TestLastPageInItsForms(t *testing.T) {
	for form, want := range map[string]string{
		"null":    `"responseMetaData":{"nextCursor":null}`,
		"empty":   `"responseMetaData":{"nextCursor":""}`,
		"absent":  `"responseMetaData":{}`,
		"missing": `}]}`,
	} {
		f := open(t, settings(func(s *sandbox.Settings) { s.LastPage, s.RateLimit = form, 0 }))
		if r := f.get("/security/devices?count=1000").want(200); !strings.Contains(string(r.body[len(r.body)-60:]), want) {
			t.Errorf("%s: the page ends with %s", form, r.body[len(r.body)-60:])
		}
	}
}

func TestCountLimits(t *testing.T) {
	f := open(t)
	f.get("/security/devices?count=0").want(400, "OUT_OF_RANGE")
	f.get("/security/devices?count=1001").want(400, "OUT_OF_RANGE")
	f.get("/security/devices?count=ten").want(400, "INVALID_PARAMETER")
	f.change(map[string]any{"maxCount": 100})
	f.get("/security/devices?count=101").want(400, "OUT_OF_RANGE")
	f.get("/security/devices?count=100").want(200)
	f.get("/security/device-commands?count=101").want(400, "OUT_OF_RANGE")
	f.change(map[string]any{"overCount": "empty"})
	var p page
	f.get("/security/devices?count=101").want(200).into(&p)
	if len(p.Devices) != 0 || p.ResponseMetaData.NextCursor != "" {
		t.Errorf("over the limit: %d devices, cursor %q", len(p.Devices), p.ResponseMetaData.NextCursor)
	}
}

// Every filter gives exactly what a slow and plain reading of the contract
// gives on the whole fleet.
func TestFilters(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 1000} })
	all := f.list("")
	some := all[500]
	managed := f.pick("mdmStatus=REGISTERED", func(d device) bool { return d.SerialNumber != nil })
	korean := f.pick("", func(d device) bool { return strings.ContainsAny(norm.NFC.String(d.User.UserName), "김이박") })
	month := "2026-10-21T09:00:00+09:00"
	monthAgo, _ := time.Parse(time.RFC3339, month)
	has := func(s, part string) bool {
		return strings.Contains(strings.ToLower(norm.NFC.String(s)), strings.ToLower(norm.NFC.String(part)))
	}
	version := func(s string) appversion.Version { v, _ := appversion.Parse(s); return v }
	readable := func(s string) bool { _, ok := appversion.Parse(s); return ok }
	cases := []struct {
		name, value string
		match       func(device) bool
	}{
		{"type", "PC", func(d device) bool { return d.Type == "PC" }},
		{"osType", "ANDROID", func(d device) bool { return d.OS.Type == "ANDROID" }},
		{"appType", "DRIVE_EXPLORER", func(d device) bool { return d.App.Type == "DRIVE_EXPLORER" }},
		{"mdmStatus", "PENDING", func(d device) bool { return d.MDM.Status == "PENDING" }},
		{"domainId", "10000001", func(d device) bool { return d.DomainID == 10000001 }},
		{"domainId", "7", func(device) bool { return false }},
		{"model", "iphone", func(d device) bool { return has(d.Model, "iphone") }},
		{"user", some.User.UserID, func(d device) bool { return d.User.UserID == some.User.UserID }},
		{"user", some.User.UserID[:8], func(d device) bool { return has(d.User.Email, some.User.UserID[:8]) }},
		{"user", norm.NFD.String(korean.User.UserName), func(d device) bool { return has(d.User.UserName, korean.User.UserName) }},
		{"keyword", strings.ToLower((*managed.SerialNumber)[2:]), func(d device) bool {
			s := (*managed.SerialNumber)[2:]
			return has(d.Model, s) || d.SerialNumber != nil && has(*d.SerialNumber, s) || d.VendorID != nil && has(*d.VendorID, s)
		}},
		{"keyword", strings.ToUpper(some.User.Email), func(d device) bool { return d.User.Email == some.User.Email }},
		{"osVersion", "17", func(d device) bool {
			return readable(d.OS.Version) && version(d.OS.Version).HasPrefix(version("17"))
		}},
		{"osVersionMax", "14.9", func(d device) bool {
			return readable(d.OS.Version) && version(d.OS.Version).Compare(version("14.9")) <= 0
		}},
		{"appVersion", "4.3", func(d device) bool {
			return readable(d.App.Version) && version(d.App.Version).Compare(version("4.3")) == 0
		}},
		{"appVersionMax", "4.2.1", func(d device) bool {
			return readable(d.App.Version) && version(d.App.Version).Compare(version("4.2.1")) <= 0
		}},
		{"accessedAfter", month, func(d device) bool { return !d.LastAccessTime.Before(monthAgo) }},
		{"accessedBefore", month, func(d device) bool { return d.LastAccessTime.Before(monthAgo) }},
		{"accessedAfter", some.LastAccessTime.Format(time.RFC3339), func(d device) bool { return !d.LastAccessTime.Before(some.LastAccessTime) }},
		{"accessedBefore", some.LastAccessTime.Format(time.RFC3339), func(d device) bool { return d.LastAccessTime.Before(some.LastAccessTime) }},
	}
	for _, c := range cases {
		var want []string
		for _, d := range all {
			if c.match(d) {
				want = append(want, d.DeviceID)
			}
		}
		got := ids(f.list(url.Values{c.name: {c.value}}.Encode()))
		if d := cmp.Diff(append([]string{}, want...), got); d != "" {
			t.Errorf("%s=%s (-want +got):\n%s", c.name, c.value, d)
		}
	}
	both := f.list("type=MOBILE&osType=IOS&appVersionMax=4.2.1&count=13")
	for _, d := range both {
		if d.Type != "MOBILE" || d.OS.Type != "IOS" {
			t.Errorf("filters together gave %+v", d)
		}
	}
	if len(both) == 0 {
		t.Error("filters together gave nothing")
	}
}

// What rule R5 hides can't be found out by searching for it either.
func TestKeywordDoesNotSeeHiddenFields(t *testing.T) {
	f := open(t)
	d := f.registered()
	query := "keyword=" + url.QueryEscape(*d.VendorID)
	if got := f.list(query); len(got) == 0 {
		t.Fatal("the Vendor ID of a registered device is not found")
	}
	f.trigger(d.DeviceID, "disable-mdm")
	for _, got := range f.list(query) {
		if got.DeviceID == d.DeviceID {
			t.Error("the hidden Vendor ID was found")
		}
	}
}

func TestBadParameters(t *testing.T) {
	f := open(t)
	for _, query := range []string{
		"type=PHONE", "type=", "osType=ios", "appType=WORKS", "mdmStatus=ON", "domainId=x", "domainId=99999999999",
		"osVersion=new", "osVersionMax=.1", "appVersion=v4", "appVersionMax=", "accessedAfter=yesterday",
		"accessedBefore=2026-11-20", "keyword=", "user=", "model=", "orderBy=SIZE", "orderBy=", "orderBy=MODEL&sortOrder=UP",
		"sortOrder=UP", "cursor=abc", "cursor=kBhF%2Bs%2F9aQ%3D%3D",
	} {
		f.get("/security/devices?"+query).want(400, "INVALID_PARAMETER")
	}
}

func TestOrder(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 400} })
	want := ids(f.list(""))
	keys := map[string]func(a, b device) bool{ // whether a may come before b
		"LAST_ACCESS_TIME": func(a, b device) bool { return !a.LastAccessTime.After(b.LastAccessTime) },
		"MODEL":            func(a, b device) bool { return strings.ToLower(a.Model) <= strings.ToLower(b.Model) },
		"APP_VERSION": func(a, b device) bool {
			x, ok1 := appversion.Parse(a.App.Version)
			y, ok2 := appversion.Parse(b.App.Version)
			return !ok1 || !ok2 || x.Compare(y) <= 0
		},
		"OS_VERSION": func(a, b device) bool {
			x, ok1 := appversion.Parse(a.OS.Version)
			y, ok2 := appversion.Parse(b.OS.Version)
			return !ok1 || !ok2 || x.Compare(y) <= 0
		},
		"USER_NAME": nil,
	}
	for by, before := range keys {
		for _, direction := range []string{"", "ASCENDING", "DESCENDING"} {
			query := url.Values{"orderBy": {by}, "count": {"37"}}
			if direction != "" {
				query.Set("sortOrder", direction)
			}
			got := f.list(query.Encode())
			for i := 1; before != nil && i < len(got); i++ {
				a, b := got[i-1], got[i]
				if direction == "DESCENDING" {
					a, b = b, a
				}
				if !before(a, b) {
					t.Errorf("%s %s: row %d is out of order", by, direction, i)
					break
				}
			}
			sorted := slices.Sorted(slices.Values(ids(got)))
			if d := cmp.Diff(want, sorted); d != "" {
				t.Errorf("%s %s is not whole (-want +got):\n%s", by, direction, d)
			}
		}
	}
}

func TestGetDeviceAndAppVersions(t *testing.T) {
	f := open(t)
	want := f.list("")[42]
	if d := cmp.Diff(want, f.device(want.DeviceID)); d != "" {
		t.Errorf("-listed +got:\n%s", d)
	}
	f.get("/security/devices/nobody").want(404, "DEVICE_NOT_EXIST")
	f.get("/security/devices/"+strings.ToUpper(want.DeviceID)).want(404, "DEVICE_NOT_EXIST")
	var versions struct {
		AppVersions []struct{ AppType, OSType, LatestVersion string }
	}
	f.get("/security/app-versions?domainId=10000001").want(200).into(&versions)
	if len(versions.AppVersions) == 0 {
		t.Error("no app versions")
	}
	f.get("/security/app-versions?domainId=5").want(400, "INVALID_PARAMETER")
}

func TestVisibilityFollowsMDM(t *testing.T) {
	f := open(t)
	for _, d := range f.list("") {
		shown := d.VendorID != nil
		if managed := d.MDM.Status == "REGISTERED" || d.MDM.Provider == "EXTERNAL"; shown != managed || (d.SerialNumber != nil) != managed {
			t.Errorf("%s is %s/%s, Vendor ID shown: %v", d.DeviceID, d.MDM.Status, d.MDM.Provider, shown)
		}
		if d.MDM.Provider == "EXTERNAL" && d.MDM.Status != "UNREGISTERED" {
			t.Errorf("%s breaks rule R4: %+v", d.DeviceID, d.MDM)
		}
	}
}

func TestDeviceLeavesTheListAfterThreeYears(t *testing.T) {
	f := open(t)
	all := f.list("")
	oldest := slices.MinFunc(all, func(a, b device) int { return a.LastAccessTime.Compare(b.LastAccessTime) })
	end := oldest.LastAccessTime.AddDate(3, 0, 0).Sub(f.clock.Now())
	f.advance(end.String())
	f.device(oldest.DeviceID)
	f.advance("25h")
	f.get("/security/devices/"+oldest.DeviceID).want(404, "DEVICE_NOT_EXIST")
	if slices.Contains(ids(f.list("")), oldest.DeviceID) {
		t.Error("it is still listed")
	}
	domain := oldest.DomainID
	var res struct {
		Results []struct{ Status, Code string }
	}
	f.post("/security/devices/update-notifications",
		map[string]any{"domainId": domain, "type": oldest.Type, "deviceIds": []string{oldest.DeviceID}}).want(200).into(&res)
	if fmt.Sprint(res.Results) != "[{FAILED DEVICE_NOT_EXIST}]" {
		t.Errorf("notice to it: %v", res.Results)
	}
}

// A filter that matches little in a large fleet answers in bounded pages, some
// of them empty, and still finds everything.
func TestRareMatchesInALargeFleet(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 60_000} })
	var p page
	f.get("/security/devices?count=1000&keyword=no+such+thing").want(200).into(&p)
	if len(p.Devices) != 0 || p.ResponseMetaData.NextCursor == "" {
		t.Errorf("%d devices, cursor %q", len(p.Devices), p.ResponseMetaData.NextCursor)
	}
	want := map[string]bool{}
	for d := range seed.Generate(seed.Options{Devices: 60_000, Now: f.clock.Now()}) {
		if d.Type == "DRIVE_MOBILE" && d.OSType == "IOS" && strings.HasPrefix(d.OSVersion, "18.") {
			want[d.DeviceID] = true
		}
	}
	got := f.list("type=DRIVE_MOBILE&osType=IOS&osVersion=18")
	for _, d := range got {
		delete(want, d.DeviceID)
	}
	if len(got) == 0 || len(want) > 0 {
		t.Errorf("%d found, %d missed", len(got), len(want))
	}
}
