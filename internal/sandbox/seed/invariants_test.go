package seed_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := options(rapid.IntRange(1, 700).Draw(t, "devices"), rapid.Uint64Min(1).Draw(t, "number"))
		checkFleet(t, o, checkMembers(t, o))
	})
	o := options(100_000, 3)
	checkFleet(t, o, checkMembers(t, o))
}

func checkMembers(t rapid.TB, o seed.Options) map[string]seed.Member {
	members, mails, keys := map[string]seed.Member{}, map[string]bool{}, map[string]bool{}
	for m := range seed.Members(o) {
		if _, twice := members[m.UserID]; twice || mails[m.Email] || keys[m.ExternalKey] {
			t.Fatalf("two members are %s, %s or %s", m.UserID, m.Email, m.ExternalKey)
		}
		members[m.UserID], mails[m.Email], keys[m.ExternalKey] = m, true, m.ExternalKey != ""
		switch _, domain, _ := strings.Cut(m.Email, "@"); domain {
		case "example.com", "jp.example.com", "example.org":
		default:
			t.Fatalf("%s is not in a reserved domain", m.Email)
		}
		if m.Pending && m.Devices > 0 || m.Devices > 5 || m.UserName == "" || m.DomainID != seed.DefaultDomainID {
			t.Fatalf("impossible member %+v", m)
		}
	}
	return members
}

func checkFleet(t rapid.TB, o seed.Options, members map[string]seed.Member) {
	devices, vendors, owned := map[string]bool{}, map[string]bool{}, map[string]int{}
	for d := range seed.Generate(o) {
		checkDevice(t, o, &d)
		if devices[d.DeviceID] || vendors[d.VendorID] {
			t.Fatalf("two devices have the id %s or the Vendor ID %s", d.DeviceID, d.VendorID)
		}
		devices[d.DeviceID], vendors[d.VendorID] = true, true
		owned[d.UserID]++
		if m, ok := members[d.UserID]; !ok || m.UserName != d.UserName || m.Email != d.UserEmail {
			t.Fatalf("the device's member is %+v: %+v", m, d)
		}
		if _, ok := members[d.OtherAccount]; d.OtherAccount == d.UserID || d.OtherAccount != "" && !ok {
			t.Fatalf("second account of %+v", d)
		}
	}
	if len(devices) != o.Devices {
		t.Fatalf("%d devices, want %d", len(devices), o.Devices)
	}
	for id, m := range members {
		if owned[id] != m.Devices {
			t.Fatalf("%s has %d devices, the member says %d", m.Email, owned[id], m.Devices)
		}
	}
}

func checkDevice(t rapid.TB, o seed.Options, d *seed.Device) {
	if !d.LastAccess.Before(o.Now) || !d.LastAccess.After(o.Now.AddDate(-3, 0, 0)) {
		t.Fatalf("R2: last access not within 3 years: %+v", d)
	}
	switch d.MDMStatus + "/" + d.MDMProvider {
	case "REGISTERED/NAVER_WORKS", "PENDING/NAVER_WORKS":
		if d.Type == "PC" {
			t.Fatalf("a computer under MDM: %+v", d)
		}
	case "UNREGISTERED/NONE", "UNREGISTERED/EXTERNAL": // R4
	default:
		t.Fatalf("R4: impossible management state: %+v", d)
	}
	switch d.Type + "/" + d.AppType + "/" + d.OSType {
	case "MOBILE/WORKS_MOBILE/IOS", "MOBILE/WORKS_MOBILE/ANDROID",
		"DRIVE_MOBILE/DRIVE_MOBILE/IOS", "DRIVE_MOBILE/DRIVE_MOBILE/ANDROID",
		"PC/WORKS_PC/WINDOWS", "PC/WORKS_PC/MACOS", "PC/DRIVE_EXPLORER/WINDOWS", "PC/DRIVE_EXPLORER/MACOS":
	default:
		t.Fatalf("R1: impossible app: %+v", d)
	}
	if d.Model == "" || d.VendorID == "" || d.SerialNumber == "" || d.OSVersion == "" || d.AppVersion == "" || d.DomainID != seed.DefaultDomainID {
		t.Fatalf("incomplete: %+v", d)
	}
}
