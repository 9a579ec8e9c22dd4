package seed_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

// tally counts how many rows of a fleet have a property.
type tally map[string]int

func (t tally) add(property string, has bool) {
	if has {
		t[property]++
	}
}

func deviceTally(devices []seed.Device) tally {
	latest := map[string]appversion.Version{}
	for _, v := range seed.AppVersions() {
		latest[v.AppType+v.OSType], _ = appversion.Parse(v.LatestVersion)
	}
	n, serials := tally{}, tally{}
	for _, d := range devices {
		n[d.Type]++
		n[d.OSType]++
		n["app "+d.AppType]++
		n[d.MDMStatus+" "+d.MDMProvider]++
		n[string(d.Habit)]++
		v, readable := appversion.Parse(d.AppVersion)
		n.add("unreadable app version", !readable)
		n.add("outdated", readable && v.Compare(latest[d.AppType+d.OSType]) < 0)
		n.add("app version with suffix", readable && v.String() != d.AppVersion)
		ago := now().Sub(d.LastAccess)
		n.add("within 30 days", ago <= 30*24*time.Hour)
		n.add("over a year", ago > 365*24*time.Hour)
		n.add("over 2 years", ago > 2*365*24*time.Hour)
		n.add("exactly 30 days", ago == 30*24*time.Hour)
		n.add("Korean model", strings.ContainsAny(d.Model, "갤삼"))
		n.add("very long model", len(d.Model) > 100)
		n.add("system of 4 parts", strings.Count(d.OSVersion, ".") == 3)
		n.add("second account", d.OtherAccount != "")
		n.add("all-digit serial", strings.Trim(d.SerialNumber, "0123456789") == "")
		n.add("leading zero", strings.HasPrefix(d.SerialNumber, "0"))
		n.add("upper-case Vendor ID", len(d.VendorID) == 36 && strings.ToUpper(d.VendorID) == d.VendorID)
		n.add("hexadecimal Vendor ID", len(d.VendorID) == 16 && strings.ToLower(d.VendorID) == d.VendorID)
		serials[d.Model+d.SerialNumber]++
		n.add("phone listed twice", d.Type == "MOBILE" && serials[d.Model+d.SerialNumber] == 2)
	}
	return n
}

func memberTally(members []seed.Member) tally {
	n, names, spellings := tally{}, tally{}, map[string][]string{}
	for _, m := range members {
		n[m.Language]++
		n.add("no device", m.Devices == 0)
		n.add("3 devices or more", m.Devices >= 3)
		n.add("administrator", m.Administrator)
		n.add("suspended", m.Suspended)
		n.add("pending", m.Pending)
		n.add("reading", m.PhoneticLast != "")
		n.add("decomposed", !norm.NFC.IsNormalString(m.UserName))
		n.add("Japanese with space", m.Language == "ja_JP" && strings.Contains(m.UserName, " "))
		n.add("personnel number with zeros", strings.HasPrefix(m.ExternalKey, "00"))
		names[m.UserName]++
		composed := norm.NFC.String(m.UserName)
		if !slices.Contains(spellings[composed], m.UserName) {
			spellings[composed] = append(spellings[composed], m.UserName)
			n.add("name in two normal forms", len(spellings[composed]) == 2)
		}
		n.add("name of three members", names[m.UserName] == 3)
	}
	n["김민수"] = names["김민수"]
	return n
}

type bounds struct {
	property    string
	least, most float64 // percent
}

func checkShares(t *testing.T, n tally, rows int, want []bounds) {
	t.Helper()
	for _, b := range want {
		if got := 100 * float64(n[b.property]) / float64(rows); got < b.least || got > b.most {
			t.Errorf("%s: %.2f %%, want %v to %v %%", b.property, got, b.least, b.most)
		}
	}
}

func TestSharesOfDevices(t *testing.T) {
	devices := slices.Collect(seed.Generate(options(50_000, 5)))
	checkShares(t, deviceTally(devices), len(devices), []bounds{
		{"MOBILE", 62, 68}, {"PC", 27, 33}, {"DRIVE_MOBILE", 4, 6},
		{"IOS", 20, 45}, {"ANDROID", 25, 50}, {"WINDOWS", 18, 28}, {"MACOS", 3, 12},
		{"app WORKS_PC", 20, 28}, {"app DRIVE_EXPLORER", 4, 8},
		{"REGISTERED NAVER_WORKS", 25, 40}, {"PENDING NAVER_WORKS", 3, 8}, {"UNREGISTERED NONE", 45, 60}, {"UNREGISTERED EXTERNAL", 5, 12},
		{"DAILY", 50, 62}, {"WEEKLY", 12, 20}, {"MONTHLY", 6, 12}, {"GONE", 12, 22},
		{"outdated", 32, 38}, {"unreadable app version", 0.2, 1}, {"app version with suffix", 1, 6},
		{"within 30 days", 75, 90}, {"over a year", 2, 10}, {"over 2 years", 0.5, 5}, {"exactly 30 days", 0.01, 0.3},
		{"Korean model", 3, 20}, {"very long model", 0.2, 2}, {"system of 4 parts", 10, 30}, {"second account", 1, 3},
		{"phone listed twice", 0.5, 2.5}, {"all-digit serial", 0.5, 8}, {"leading zero", 1, 8},
		{"upper-case Vendor ID", 40, 75}, {"hexadecimal Vendor ID", 25, 50},
	})
}

func TestSharesOfMembers(t *testing.T) {
	members := slices.Collect(seed.Members(options(50_000, 5)))
	checkShares(t, memberTally(members), len(members), []bounds{
		{"ko_KR", 47, 53}, {"ja_JP", 30, 36}, {"en_US", 14, 20}, {"reading", 30, 36},
		{"no device", 10, 15}, {"3 devices or more", 10, 25}, {"pending", 2, 5}, {"suspended", 1, 3}, {"administrator", 0.5, 1.5},
		{"decomposed", 3, 7}, {"Japanese with space", 15, 25}, {"personnel number with zeros", 27, 33}, {"name of three members", 1, 10},
		{"name in two normal forms", 0.5, 10},
	})
}

// The fleet that everybody meets first has at least one of everything.
func TestDefaultFleetHasEverything(t *testing.T) {
	n := deviceTally(slices.Collect(seed.Generate(options(0, 0))))
	for property, count := range memberTally(slices.Collect(seed.Members(options(0, 0)))) {
		n[property] += count
	}
	for _, property := range []string{
		"MOBILE", "PC", "DRIVE_MOBILE", "IOS", "ANDROID", "WINDOWS", "MACOS", "app WORKS_MOBILE", "app WORKS_PC", "app DRIVE_EXPLORER", "app DRIVE_MOBILE",
		"REGISTERED NAVER_WORKS", "PENDING NAVER_WORKS", "UNREGISTERED NONE", "UNREGISTERED EXTERNAL",
		"DAILY", "WEEKLY", "MONTHLY", "GONE", "outdated", "unreadable app version", "app version with suffix", "over 2 years",
		"Korean model", "very long model", "system of 4 parts", "second account", "phone listed twice", "leading zero",
		"no device", "3 devices or more", "pending", "suspended", "administrator", "decomposed", "Japanese with space",
		"name in two normal forms", "name of three members", "김민수",
	} {
		if n[property] == 0 {
			t.Errorf("no row with: %s", property)
		}
	}
}

func TestShowcase(t *testing.T) {
	members, devices := take(seed.Members(options(0, 0)), 2), take(seed.Generate(options(0, 0)), 4)
	if a, b := members[0].UserName, members[1].UserName; a != "홍길동" || b != norm.NFD.String("홍길동") {
		t.Errorf("the first members are %+q and %+q", a, b)
	}
	if d := devices[0]; d.Model != "iPhone 15 Pro" || d.MDMStatus != "REGISTERED" || d.Habit != seed.Daily || d.UserEmail != "gildong.hong@example.com" {
		t.Errorf("the first device is %+v", d)
	}
	for _, d := range devices {
		if d.UserName != "홍길동" {
			t.Errorf("one of the first four devices is of %s", d.UserName)
		}
	}
}

func TestAppVersions(t *testing.T) {
	seen := map[seed.AppVersion]bool{}
	for _, v := range seed.AppVersions() {
		if _, ok := appversion.Parse(v.LatestVersion); !ok {
			t.Errorf("%+v is unreadable", v)
		}
		v.LatestVersion = ""
		if seen[v] {
			t.Errorf("%+v is named twice", v)
		}
		seen[v] = true
	}
	if len(seen) != 8 {
		t.Errorf("%d apps on systems, want 8", len(seen))
	}
}

func TestHabitIntervals(t *testing.T) {
	const day = 24 * time.Hour
	for habit, want := range map[seed.Habit]time.Duration{seed.Daily: day, seed.Weekly: 7 * day, seed.Monthly: 30 * day, seed.Gone: 0, "HOURLY": 0} {
		if got := habit.Interval(); got != want {
			t.Errorf("%s: %v, want %v", habit, got, want)
		}
	}
}
