package devicefile_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
)

// What a spreadsheet makes of versions, ids and models is told by its looks, and
// nothing that a server may say is taken for it.
func TestLooksOfDamage(t *testing.T) {
	for _, cell := range []string{
		"May 01", "Feb 01", "Apr 10", "10-Apr", "Mar-10", "Apr-26", "10-Apr-26", "10. Apr", "April 10, 2026", "2026-04-10", "2004-10-26", "2026/4/10", "1/2", "04/10/26",
		"04.02.01", "10.04.26", "04.02.2001", "4월 10일", "04월 10일", "2026년 4월 10일", "4月10日", "2026年4月10日", "26. 4. 10", "2026. 4. 10.",
		"10:15", "10:15:30", "04:01.10", "19:15:00.64", "01:02:00 AM", "26:10:00", "오후 3:10:00", "2026-04-10 10:15", "2026. 4. 10 오전 10:15:00",
		"3.50E+04", "1.23457E+12", "1.23456789012346E+019", "1.79769313486232E+308", "1,23457E+12", "3.50E-02",
		"TRUE", "FALSE", "WAHR", "#N/A", "#NAME?", "########",
	} {
		if devicefile.Damage(fleet.KeyOSVersion, cell) == "" {
			t.Errorf("%q passes", cell)
		}
	}
	for _, cell := range []string{
		"", "17", "17.10", "4.2.1", "10.0.19045", "13.2.1", "12.10.11", "24.4.1", "2024.10.1", "10.4.2030", "10.14.2026", "1.0.2016", "32.1.2001", "1.2.3.4", "20.04.6", "4.2.1 (beta)", "4.2.1-rc1", "26.1",
		"12E345", "1e5", "35E3", "5e0c2f8e-0001", "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "R3CX20ABCD", "0012345", "10-12", "2026-04", "4-10-26", "1-2-3",
		"iPhone 15 Pro", "Galaxy Note 10", "Mi 10", "Mark 2", "Marc 7", "May", "Mary 10", "June Park", "홍길동", "3월", "gildong.hong@example.com", "12:34:56:78:9a:bc", "true", "False", "#1", "##",
	} {
		if why := devicefile.Damage(fleet.KeyOSVersion, cell); why != "" {
			t.Errorf("%q: %s", cell, why)
		}
	}
}

// Versions alone look strange where a spreadsheet speaks German or French, or shows
// a day as its number; elsewhere people write such things.
func TestLooksOfDamagedVersions(t *testing.T) {
	for _, cell := range []string{
		"04. Okt", "04. Mrz", "04. März", "10. Okt 2004", "10. Okt. 04", "2-Mai", "Mai 01", "Dez 04", "4. Dezember", "1-mars", "2 avr. 01", "avr-04", "1-févr", "10 août 2004", "3-déc.", "juil-10",
		"2.4.2001", "10.4.2026", "10.12.1999", "42%", "4,20%", "-1%", "10. Okt 2004 10:15",
	} {
		for _, key := range []string{fleet.KeyOSVersion, fleet.KeyAppVersion} {
			if devicefile.Damage(key, cell) == "" {
				t.Errorf("%s: %q passes", key, cell)
			}
		}
		if why := devicefile.Damage(fleet.KeyModel, cell); why != "" {
			t.Errorf("as a model %q: %s", cell, why)
		}
	}
	for cell, want := range map[string]bool{"38078": true, "30000": true, "60000": true, "29999": false, "60001": false, "038078": false, "38078.1": false, "+38078": false} {
		if got := devicefile.Damage(fleet.KeyAppVersion, cell) != ""; got != want {
			t.Errorf("%q: %v", cell, got)
		}
		if why := devicefile.Damage(fleet.KeyOSVersion, cell); why != "" {
			t.Errorf("of a system %q: %s", cell, why)
		}
	}
	for _, cell := range []string{"%", "1.2%beta", "Okt", "4.2.1 Mai", "Maison 1", "4-rc1", "22631", "26100", "4.2.1", "4.10", "4 beta"} {
		if why := devicefile.Damage(fleet.KeyAppVersion, cell); why != "" {
			t.Errorf("%q: %s", cell, why)
		}
	}
}

// Months are a spreadsheet's where they are written as it writes them; people call
// phones and members so too.
func TestNamesThatHoldAMonth(t *testing.T) {
	for cell, want := range map[string]bool{
		"May-01": true, "1-May": true, "Sep 04": true, "April 3, 2026": true, "MAY-01": false, "June 10": false, "April 3": false, "OCT 4": false, "SEP-26": false, "1-may": false,
	} {
		for _, key := range []string{fleet.KeyModel, fleet.KeyUserName} {
			if why := devicefile.Damage(key, cell); (why != "") != want {
				t.Errorf("%s %q: %q", key, cell, why)
			}
		}
		if devicefile.Damage(fleet.KeyAppVersion, cell) == "" {
			t.Errorf("as a version %q passes", cell)
		}
	}
}

// A column that was declared to be right is read as it stands; nothing else can be
// said of the columns of an own export.
func TestAnOwnColumnIsRight(t *testing.T) {
	const table = "device_id,model,user_name\nd-1,1-May,TRUE\n"
	read := func(typed ...string) (models, problems []string, err error) {
		var o devicefile.Options
		for _, text := range typed {
			m, err := consolefile.ParseMapping(text)
			if err != nil {
				t.Fatal(err)
			}
			o.Map = append(o.Map, m)
		}
		f, err := devicefile.New("devices.csv", strings.NewReader(table), o)
		if err != nil {
			return nil, nil, err
		}
		for row, err := range f.Rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			models = append(models, row.Device.Model+row.Device.User.UserName)
			for _, p := range row.Problems {
				problems = append(problems, p.Error())
			}
		}
		return models, problems, nil
	}
	_, problems, err := read()
	if err != nil || len(problems) != 2 || !strings.HasSuffix(problems[0], "(if right: --map model=model:exact)") || !strings.HasSuffix(problems[1], "(if right: --map user_name=user_name:exact)") {
		t.Errorf("%q, %v", problems, err)
	}
	models, problems, err := read("model=model:exact", "user_name=user_name:exact")
	if err != nil || len(problems) > 0 || !slices.Equal(models, []string{"1-MayTRUE"}) {
		t.Errorf("%q %q, %v", models, problems, err)
	}
	for _, typed := range []string{"model=user_name:exact", "model=model", "Model=model:exact", "app=app:exact", "model=-"} {
		if _, _, err := read(typed); exit.CodeOf(err) != exit.Usage {
			t.Errorf("%s: %v", typed, err)
		}
	}
}

// The default export has no keys: what a spreadsheet did to it is named by the
// looks of each cell, for listing and for acting.
func TestDamageToACSVWithoutKeysIsNamed(t *testing.T) {
	const table = "device_id,vendor_id,serial_number,os_version,app_version,last_access\n" +
		"1.23457E+12,a,b,17,4.2.1,\nd-2,3.50E+04,b,17,4.2.1,\nd-3,a,1.23457E+12,17,4.2.1,\nd-4,a,b,May 01,4.2.1,\nd-5,a,b,10-Apr,2026-04-10,\nd-6,a,b,17,4.2.1,2026/11/20 10:15\nd-7,a,b,17.10,4.2.1,\n"
	f, err := devicefile.New("devices.x", strings.NewReader(table), devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for row, err := range f.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range row.Problems {
			got = append(got, p.Error())
		}
	}
	want := []string{
		`row 2, column device_id: "1.23457E+12" is a number in scientific notation: a spreadsheet changed it`,
		`row 3, column vendor_id: "3.50E+04" is a number in scientific notation: a spreadsheet changed it`,
		`row 4, column serial_number: "1.23457E+12" is a number in scientific notation: a spreadsheet changed it`,
		`row 5, column os_version: "May 01" is a date or a time: a spreadsheet changed it`,
		`row 6, column os_version: "10-Apr" is a date or a time: a spreadsheet changed it`,
		`row 6, column app_version: "2026-04-10" is a date or a time: a spreadsheet changed it`,
		`row 7, column last_access: "2026/11/20 10:15" is no time such as 2026-11-20T09:12:00+09:00`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	all, err := identities([]byte(table))
	briefly := []string{"2 | " + want[0], "3 | " + want[1], "4 | " + want[2], "5 d-4", "6 d-5", "7 d-6", "8 d-7"}
	if diff := cmp.Diff(briefly, brief(all)); diff != "" || err != nil {
		t.Error(err, diff)
	}
	all, err = identities([]byte("d-1\n1.23457E+12\n"))
	lines := []string{"1 d-1", `2 | row 2: "1.23457E+12" is a number in scientific notation: a spreadsheet changed it`}
	if diff := cmp.Diff(lines, brief(all)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// Nor has a workbook that a spreadsheet made of such a CSV: what it took for a
// number is no more what was exported.
func TestNumbersInAWorkbookWithoutKeysAreNamed(t *testing.T) {
	book := excelize.NewFile()
	var b bytes.Buffer
	err := errors.Join(
		book.SetSheetRow("Sheet1", "A1", &[]string{"device_id", "domain_id", "model", "os_version"}),
		book.SetSheetRow("Sheet1", "A2", &[]any{"a", 7, "x", "17.10"}),
		book.SetSheetRow("Sheet1", "A3", &[]any{"b", "7", true, 17.1}),
		book.Write(&b), book.Close())
	if err != nil {
		t.Fatal(err)
	}
	f, err := devicefile.New("devices.x", &b, devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for row, err := range f.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, named(row))
	}
	if diff := cmp.Diff([][]string{nil, {"model", "os_version"}}, got); diff != "" {
		t.Error(diff)
	}
}

// An export of devices without ids, as a console's download has them, holds none.
// One id among others that is empty was emptied by someone.
func TestAnEmptiedIdIsNamed(t *testing.T) {
	for name, tt := range map[string]struct{ content, want string }{
		"none":         {"device_id,model\n,x\n,y\n", ""},
		"first":        {"device_id,model\n,x\n,y\nc,z\n", "row 2, column device_id: is empty, and that of other rows isn't"},
		"last":         {"device_id,model\na,x\n,y\n", "row 3, column device_id: is empty, and that of other rows isn't"},
		"after damage": {"device_id,model\n10:15,x\nb,y\n,z\n", "row 2, column device_id: \"10:15\" is a date or a time"},
	} {
		t.Run(name, func(t *testing.T) {
			devices, f, err := read(t, "devices.x", []byte(tt.content))
			if tt.want == "" {
				if len(devices) != 2 || err != nil {
					t.Error(devices, err)
				}
				return
			}
			if len(devices) > 1 {
				t.Error(devices)
			}
			wantFailed(t, err, tt.want)
			_ = f
		})
	}
	f, err := devicefile.New("devices.x", strings.NewReader("device_id,model\n,x\n,y\nc,z\n,w\nd,v\n"), devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var bad []int
	for row, err := range f.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if len(row.Problems) > 0 {
			bad = append(bad, row.Line)
		}
	}
	if diff := cmp.Diff([]int{2, 3, 5}, bad); diff != "" {
		t.Error(diff)
	}
}

func TestAnEncodingDoesNotMatterToJSON(t *testing.T) {
	for name, content := range map[string]string{"array": `[{"deviceId":"a"}]`, "lines": "{\"deviceId\":\"a\"}\n", "an empty array": "[]"} {
		f, err := devicefile.New("devices.x", strings.NewReader(content), devicefile.Options{Encoding: "utf-8"})
		if err != nil || f.Columns() != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, err := devicefile.New("devices.x", strings.NewReader("[Devices]\nDevice,User\niPhone,A\n"), devicefile.Options{Encoding: "utf-8"})
	if err != nil || f.Console() == nil {
		t.Error("a title in brackets:", err)
	}
}

// Above the header of a console's download may stand a title: that makes it no
// list of bare ids.
func TestATitleAboveTheHeaderMakesNoListOfIds(t *testing.T) {
	for name, content := range map[string]string{
		"commas": "Device list\n\nDevice,User\niPhone,A\n", "semicolons": "Geräte\nDevice;User\niPhone;A\n", "Korean": "기기 목록\n기기,사용자\n아이폰,홍길동\n",
		"no title, semicolons": "Device;User\niPhone;A\n", "CP949": "\xb1\xe2\xb1\xe2 \xb8\xf1\xb7\xcf\n\xb1\xe2\xb1\xe2,\xbb\xe7\xbf\xeb\xc0\xda\n\xbe\xc6\xc0\xcc\xc6\xf9,\xc8\xab\xb1\xe6\xb5\xbf\n",
	} {
		_, err := identities([]byte(content))
		if e := exit.As(err); e == nil || e.ID != "NO_DEVICE_IDS" || !strings.Contains(e.Hint, "--via bot") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
