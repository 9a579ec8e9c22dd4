package fleet_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func seoul() fleet.View { return fleet.View{Location: now().Location(), Now: now()} }

func table(t *testing.T, cols []output.Column[*api.Device], width int, devices ...api.Device) string {
	t.Helper()
	var b bytes.Buffer
	sink := output.NewTable(&b, cols, width, false)
	for i := range devices {
		if err := sink.Write(&devices[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestColumnsAreThePromisedOnesAndUntouched(t *testing.T) {
	d := phone()
	var b bytes.Buffer
	sink := output.NewCSV(&b, fleet.Columns(seoul()), false)
	if err := sink.Write(&d); err != nil {
		t.Fatal(err)
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	want := "device_id,domain_id,type,model,vendor_id,serial_number,user_id,user_name,user_email,os,os_version,app,app_version,mdm_status,mdm_provider,last_access\n" +
		"5e0c2f8e-0000-4000-8000-000000000001,10000001,MOBILE,iPhone 15 Pro,3F2504E0-4F89-11D3-9A0C-0305E82C3301,F2LXK0QZ0D91,9b1d7c52,홍길동,gildong.hong@example.com," +
		"IOS,17.5.1,WORKS_MOBILE,4.2.1,REGISTERED,NAVER_WORKS,2026-11-20T10:15:00+09:00\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTableInEightyCells(t *testing.T) {
	got := table(t, fleet.TableColumns(seoul()), 80, phone(), with(func(d *api.Device) {
		d.User.UserName, d.Model = "Bartholomew Featherstonehaugh", "Samsung Galaxy Book4 Ultra"
		d.OS = api.OS{Type: api.OSWindows, Version: "10.0.22631.4460"}
		d.LastAccessTime = "2024-01-02T00:00:00Z"
	}))
	lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	for _, part := range []string{"USER", "OS", "AGO", "DEVICE ID"} {
		if !strings.Contains(lines[0], part) {
			t.Errorf("no column %s:\n%s", part, got)
		}
	}
	for _, line := range lines[1:] {
		if !strings.Contains(line, phone().DeviceID) {
			t.Errorf("the device id is not whole:\n%s", got)
		}
	}
	if !strings.Contains(got, "iOS 17.5") || !strings.Contains(got, "홍길동") {
		t.Errorf("not for people:\n%s", got)
	}
}

func TestTimesInTables(t *testing.T) {
	for _, tt := range []struct{ access, want string }{
		{"2026-11-20T10:15:00+09:00", "2026-11-20 10:15 (22h ago)"},
		{"2026-11-20T23:59:30Z", "2026-11-21 08:59 (0m ago)"},
		{"2026-11-20T23:30:00Z", "2026-11-21 08:30 (30m ago)"},
		{"2026-11-18T09:00:00+09:00", "2026-11-18 09:00 (3d ago)"},
		{"2026-06-21T09:00:00+09:00", "2026-06-21 09:00 (5mo ago)"},
		{"2023-11-21T09:00:00+09:00", "2023-11-21 09:00 (3y ago)"},
		{"2026-11-22T09:00:00+09:00", "2026-11-22 09:00 (0m ago)"},
		{"yesterday", "yesterday"},
	} {
		d := with(func(d *api.Device) { d.LastAccessTime = tt.access })
		if got := table(t, fleet.Columns(seoul()), 0, d); !strings.Contains(got, tt.want) {
			t.Errorf("%s: no %q in\n%s", tt.access, tt.want, got)
		}
		for _, cols := range [][]output.Column[*api.Device]{fleet.Columns(fleet.View{}), fleet.TableColumns(fleet.View{})} {
			if got := table(t, cols, 0, d); !strings.Contains(got, tt.access) || strings.Contains(got, "ago") {
				t.Errorf("%s is not as received:\n%s", tt.access, got)
			}
		}
	}
}

func TestUnknownValuesAreShownAsTheyCame(t *testing.T) {
	d := with(func(d *api.Device) {
		d.Type, d.OS.Type, d.App.Type, d.MDM = "TABLET", "TIZEN", "WORKS_TV", api.MDM{Status: "LOST", Provider: "OTHER"}
		d.User.UserName = ""
	})
	wide := table(t, fleet.Columns(seoul()), 0, d)
	for _, part := range []string{"TABLET", "TIZEN", "WORKS_TV", "LOST", "OTHER"} {
		if !strings.Contains(wide, part) {
			t.Errorf("no %s in\n%s", part, wide)
		}
	}
	if got := table(t, fleet.TableColumns(seoul()), 0, d); !strings.Contains(got, "TIZEN 17.5.1") || !strings.Contains(got, "gildong.hong@") {
		t.Errorf("got\n%s", got)
	}
}

func TestNamesForPeople(t *testing.T) {
	for _, tt := range []struct {
		os   api.OS
		app  api.App
		want string
	}{
		{api.OS{Type: api.OSAndroid, Version: "14"}, api.App{Type: api.AppDriveMobile, Version: "2.1"}, "Android 14  Drive 2.1"},
		{api.OS{Type: api.OSWindows, Version: "10"}, api.App{Type: api.AppDriveExplorer, Version: "3.0"}, "Windows 10  Drive Explorer 3.0"},
		{api.OS{Type: api.OSMacOS}, api.App{Type: api.AppWorksPC, Version: "3.8"}, "macOS  WORKS PC 3.8"},
	} {
		d := with(func(d *api.Device) { d.OS, d.App = tt.os, tt.app })
		if got := table(t, fleet.TableColumns(seoul()), 0, d); !strings.Contains(got, tt.want) {
			t.Errorf("no %q in\n%s", tt.want, got)
		}
	}
}

func TestCard(t *testing.T) {
	d := with(func(d *api.Device) {
		d.Model, d.VendorID, d.LastAccessTime = "\x1b]0;owned\x07", "", "2026-11-18T00:00:00Z"
	})
	want := `Device ID:      5e0c2f8e-0000-4000-8000-000000000001
User:           홍길동
E-mail:         gildong.hong@example.com
User ID:        9b1d7c52
Model:          \x1b]0;owned\x07
Serial number:  F2LXK0QZ0D91
Vendor ID:      hidden (shown only under MDM)
List:           mobile
OS:             iOS 17.5.1
App:            WORKS 4.2.1
MDM:            registered (NAVER WORKS)
Last access:    2026-11-18 09:00 (3d ago)
Domain:         10000001
`
	if diff := cmp.Diff(want, fleet.FormatCard(fleet.Card(&d, seoul()), nil)); diff != "" {
		t.Error(diff)
	}
}

func TestCardOfAnExternalMDM(t *testing.T) {
	for _, tt := range []struct {
		mdm  api.MDM
		want string
	}{
		{api.MDM{Status: api.MDMUnregistered, Provider: api.ProviderExternal}, "third-party MDM (its state is not known)"},
		{api.MDM{Status: api.MDMUnregistered, Provider: api.ProviderNone}, "unregistered"},
		{api.MDM{Status: api.MDMPending, Provider: api.ProviderNaverWorks}, "pending (NAVER WORKS)"},
		{api.MDM{}, "unknown"},
	} {
		d := with(func(d *api.Device) { d.MDM = tt.mdm })
		card := fleet.FormatCard(fleet.Card(&d, fleet.View{Now: time.Time{}}), nil)
		if !strings.Contains(card, "MDM:            "+tt.want+"\n") {
			t.Errorf("%+v: got\n%s", tt.mdm, card)
		}
	}
}

// A file may lack columns: what it doesn't tell isn't said to be hidden.
func TestFileCard(t *testing.T) {
	d := api.Device{
		Model: "갤럭시 S24", User: api.User{UserName: "김민수", Email: "minsu.kim@example.com"},
		OS: api.OS{Type: api.OSAndroid, Version: "14"},
	}
	want := `User:    김민수
E-mail:  minsu.kim@example.com
Model:   갤럭시 S24
OS:      Android 14
`
	if diff := cmp.Diff(want, fleet.FormatCard(fleet.FileCard(&d, seoul()), nil)); diff != "" {
		t.Error(diff)
	}
	d.MDM = api.MDM{Status: api.MDMUnregistered, Provider: api.ProviderNone}
	want = `User:           김민수
E-mail:         minsu.kim@example.com
Model:          갤럭시 S24
Serial number:  hidden (shown only under MDM)
Vendor ID:      hidden (shown only under MDM)
OS:             Android 14
MDM:            unregistered
`
	if diff := cmp.Diff(want, fleet.FormatCard(fleet.FileCard(&d, seoul()), nil)); diff != "" {
		t.Error(diff)
	}
}
