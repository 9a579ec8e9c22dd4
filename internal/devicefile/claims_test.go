package devicefile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// One device id beside two members, or two things, is a contradiction that
// makes both rows worthless for acting by id; the same row again is only a
// repetition. Of a row with problems the rest counts, too.
func TestContradictionsAreNamed(t *testing.T) {
	const console = "Device ID,Device,User Name,Email\nd1,iPhone,Kim,member0030@example.com\nd2,iPad,Park,park@example.com\nd1,iPhone,Lee,member0031@example.com\nd2,iPad,Park,park@example.com\n"
	const appCSV = "Device,Device ID,User,App Version\n"
	const badVersion = `row 2, column App Version: "2001-04-02" is a date: a spreadsheet changed the version`
	other := with(func(d *api.Device) { d.DeviceID, d.User.UserID = "2", "another" })
	for name, tt := range map[string]struct {
		content string
		want    []string
	}{
		"a console's download": {console, []string{
			`2 | row 2, column Device ID: "d1" is in row 4 too, with another member, Vendor ID or serial number`, "3 d2",
			`4 | row 4, column Device ID: "d1" is in row 2 too, with another member, Vendor ID or serial number`, "5 d2 again",
		}},
		"an own export": {"device_id,serial_number\na,1\nb,1\na,2\n", []string{
			`2 | row 2, column device_id: "a" is in row 4 too, with another member, Vendor ID or serial number`, "3 b",
			`4 | row 4, column device_id: "a" is in row 2 too, with another member, Vendor ID or serial number`,
		}},
		"a row with problems of another member": {appCSV + "iPad,D-1,A (a@example.com),2001-04-02\niPad,D-1,B (b@example.com),4.2.1\n", []string{
			"2 | " + badVersion + `| row 2, column Device ID: "D-1" is in row 3 too, with another member, Vendor ID or serial number`,
			`3 | row 3, column Device ID: "D-1" is in row 2 too, with another member, Vendor ID or serial number`,
		}},
		"the row with problems comes last, and the first again": {appCSV + "iPad,D-1,A (a@example.com),4.2.1\niPad,D-1,B (b@example.com),2001-04-02\niPad,D-1,A (a@example.com),4.2.1\n", []string{
			`2 | row 2, column Device ID: "D-1" is in row 3 too, with another member, Vendor ID or serial number`,
			"3 | " + strings.Replace(badVersion, "row 2", "row 3", 1) + `| row 3, column Device ID: "D-1" is in row 2 too, with another member, Vendor ID or serial number`,
			"4 D-1 again",
		}},
		"problems in two rows, of two members": {appCSV + "iPad,D-1,A (a@example.com),2001-04-02\niPad,D-1,B (b@example.com),2001-04-02\niPad,D-1,A (a@example.com),4.2.1\n", []string{
			"2 | " + badVersion + `| row 2, column Device ID: "D-1" is in row 3 too, with another member, Vendor ID or serial number`,
			"3 | " + strings.Replace(badVersion, "row 2", "row 3", 1) + `| row 3, column Device ID: "D-1" is in row 2 too, with another member, Vendor ID or serial number`,
			`4 | row 4, column Device ID: "D-1" is in row 3 too, with another member, Vendor ID or serial number`,
		}},
		"a row with problems of the same member": {appCSV + "iPad,D-1,A (a@example.com),2001-04-02\niPad,D-1,A (a@example.com),4.2.1\niPad,D-1,A (a@example.com),4.2.0\n", []string{
			"2 | " + badVersion, "3 D-1", "4 D-1 again",
		}},
		"an id that itself was changed": {strings.Replace(string(export(t, output.ExcelCSV, phone(), other)), "5e0c2f8e-0001", "2", 1), []string{
			`2 | row 2, column device_id: "2" is not what was exported`, "3 2",
		}},
		"JSON": {`[{"deviceId":"a","user":{"userId":"1"}},{"deviceId":"a","user":{"userId":"2"}}]`, []string{
			`1 | item 1, column deviceId: "a" is in item 2 too, with another member, Vendor ID or serial number`,
			`2 | item 2, column deviceId: "a" is in item 1 too, with another member, Vendor ID or serial number`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := identities([]byte(tt.content))
			if diff := cmp.Diff(tt.want, brief(all)); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
	devices, f, err := read(t, "devices.x", []byte(console))
	if err != nil || len(devices) != 3 || f.Repeated() != 1 {
		t.Error("reading shows both rows:", devices, err)
	}
}

// Rows of one device that differ are rows of their own: a device has one for each
// app, and two members may share it. Only for acting by id one of them is enough.
func TestRowsOfADeviceThatDifferAreKept(t *testing.T) {
	for name, change := range map[string]func(*api.Device){
		"app": func(d *api.Device) { d.App.Type = api.AppDriveMobile }, "version": func(d *api.Device) { d.App.Version = "4.2.0" },
		"time": func(d *api.Device) { d.LastAccessTime = "2026-01-20T10:15:00+09:00" }, "list": func(d *api.Device) { d.Type = api.TypePC },
		"domain": func(d *api.Device) { d.DomainID++ }, "member": func(d *api.Device) { d.User.UserID = "another" },
		"serial number": func(d *api.Device) { d.SerialNumber = "1" }, "MDM": func(d *api.Device) { d.MDM.Status = api.MDMPending },
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range []output.Format{output.CSV, output.ExcelCSV, output.JSON, output.NDJSON, output.XLSX} {
				content := export(t, format, phone(), with(change), phone(), with(change))
				devices, f, err := read(t, "devices.x", content)
				if diff := cmp.Diff([]api.Device{phone(), with(change)}, devices); diff != "" || err != nil || f.Repeated() != 2 {
					t.Fatal(format, diff, err, f.Repeated())
				}
				all, err := identities(content)
				if err != nil || len(all) != 4 {
					t.Fatal(format, all, err)
				}
				for i, id := range all {
					contradicts := name == "member" || name == "serial number"
					switch {
					case contradicts && i < 2 && len(id.Problems) == 0, !contradicts && (len(id.Problems) > 0 || id.Repeated != (i > 0)):
						t.Error(format, id)
					}
				}
			}
		})
	}
}

// Two phones of one model and member that the console lists without ids are two.
func TestRowsWithoutIdsAreNoRepetitions(t *testing.T) {
	devices, f, err := read(t, "devices.x", []byte("Device,User\niPhone,A\niPhone,A\n"))
	if len(devices) != 2 || err != nil || f.Repeated() != 0 {
		t.Error(devices, err)
	}
}

// Of a console's download the row of the latest access counts, and an equal row
// counts once, also where only the Vendor ID names the device.
func TestOlderRowsAreLeftOut(t *testing.T) {
	const old, newer = "iPhone,V-0001,A,NAVER WORKS 4.1.0,2026-05-20 10:15\n", "iPhone,V-0001,A,NAVER WORKS 4.2.1,2026-11-20 10:15\n"
	devices, f, err := read(t, "devices.x", []byte("Device,Vendor ID,User,App,Recent Access\n"+old+newer+newer+old))
	if err != nil || len(devices) != 1 || devices[0].App.Version != "4.2.1" || f.Repeated() != 1 || !slices.Equal(f.Older(), []int{2, 5}) {
		t.Error(devices, err, f.Repeated(), f.Older())
	}
	all, err := identities([]byte("Device,Device ID,User,App,Recent Access\n" + old + newer))
	if diff := cmp.Diff([]string{"2 V-0001", "3 V-0001 again"}, brief(all)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}
