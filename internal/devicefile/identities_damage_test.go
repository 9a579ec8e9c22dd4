package devicefile_test

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// The key tells what a spreadsheet did to a row. What a person knows the device
// by must be as exported, the rest does not matter here.
func TestDamagedIdentities(t *testing.T) {
	other := with(func(d *api.Device) {
		d.DeviceID, d.SerialNumber, d.VendorID, d.User = "5e0c2f8e-0002", "77", "other", api.User{UserID: "2", UserName: "Lee", Email: "lee@example.com"}
	})
	file := string(export(t, output.ExcelCSV, phone(), other))
	for _, tt := range []struct{ name, from, to, want string }{
		{"another time", phone().LastAccessTime, "20.11.2026", ""},
		{"a version rounded", "17.10", "17.1", ""},
		{"a domain rounded", "10000001", "1.0E+07", ""},
		{"an id", "5e0c2f8e-0001", "5e0c2f8e-0009", `row 2, column device_id: "5e0c2f8e-0009" is not what was exported`},
		{"an id lost", "5e0c2f8e-0001", "", "row 2, column device_id: is empty"},
		{"a Vendor ID", "3F2504E0", "3F2504", `row 2, column vendor_id: "3F2504" is not what was exported`},
		{"a serial number", "12E345", "1.2E+346", `row 2, column serial_number: "1.2E+346" is not what was exported`},
		{"another member", "홍길동", "Lee", `row 2, column user_name: "Lee" is not what was exported`},
		{"a key", "\r\nW", "\r\nV", "row 2, column key: the key of this row is damaged: export the list again"},
		{"cells shifted", "MOBILE,iPhone 15 Pro", "iPhone 15 Pro,", `row 2, column type: "iPhone 15 Pro" is not what was exported`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(file, tt.from) {
				t.Fatalf("no %q in %q", tt.from, file)
			}
			all, err := identities([]byte(strings.Replace(file, tt.from, tt.to, 1)))
			if err != nil || len(all) != 2 || len(all[1].Problems) > 0 || all[1].DeviceID != other.DeviceID {
				t.Fatal(all, err)
			}
			switch damaged := all[0]; {
			case tt.want == "" && (len(damaged.Problems) > 0 || damaged.DeviceID != phone().DeviceID):
				t.Error(damaged)
			case tt.want != "" && (len(damaged.Problems) == 0 || damaged.Problems[0].Error() != tt.want || damaged.DeviceID != ""):
				t.Error(damaged)
			}
		})
	}
}

// Rows whose ids were sorted apart from the rest of them name other devices
// than a person sees beside them.
func TestIdsSortedApartAreFound(t *testing.T) {
	var devices []api.Device
	for i := range 50 {
		devices = append(devices, with(func(d *api.Device) { d.DeviceID, d.User.UserName = "id-"+strconv.Itoa(i), "name "+strconv.Itoa(99-i) }))
	}
	lines := strings.SplitAfter(string(export(t, output.ExcelCSV, devices...)), "\r\n")
	for i := range devices {
		lines[i+1] = strings.Replace(lines[i+1], "id-"+strconv.Itoa(i)+",", "id-"+strconv.Itoa(49-i)+",", 1)
	}
	all, err := identities([]byte(strings.Join(lines, "")))
	if err != nil || len(all) != len(devices) {
		t.Fatal(len(all), err)
	}
	for _, id := range all {
		if len(id.Problems) == 0 {
			t.Errorf("%+v passes", id)
		}
	}
}

func TestAWorkbookWithHiddenRowsIsRefused(t *testing.T) {
	hide := func(rows ...int) []byte {
		return resave(t, func(f *excelize.File, sheet string) error {
			var errs []error
			for _, r := range rows {
				errs = append(errs, f.SetRowVisible(sheet, r, false))
			}
			return errors.Join(errs...)
		})
	}
	if all, err := identities(hide()); err != nil || len(all) != 2 {
		t.Error(all, err)
	}
	if all, err := identities(hide(4, 9)); err != nil || len(all) != 2 { // nothing is in them
		t.Error(all, err)
	}
	for _, row := range []int{1, 2, 3} {
		_, err := identities(hide(row))
		if e := exit.As(err); e == nil || e.Exit != exit.Refused || !strings.Contains(err.Error(), "row "+strconv.Itoa(row)+" is hidden") || e.Hint == "" {
			t.Errorf("row %d: %v", row, err)
		}
	}
	flat := resave(t, func(f *excelize.File, sheet string) error { return f.SetRowHeight(sheet, 3, 0) })
	if _, err := identities(flat); exit.CodeOf(err) != exit.Refused || !strings.Contains(err.Error(), "row 3 is hidden") {
		t.Error("a row without height:", err)
	}
	if devices, _, err := read(t, "devices.x", hide(3)); err != nil || len(devices) != 2 {
		t.Error("a listing shows hidden rows too:", devices, err)
	}
}

// Which of two lists is meant, the order of the sheets doesn't say.
func TestAWorkbookWithSeveralListsIsRefused(t *testing.T) {
	second := func(visible bool, header string) []byte {
		return resave(t, func(f *excelize.File, _ string) error {
			_, err := f.NewSheet("to wipe")
			return errors.Join(err, f.SetCellStr("to wipe", "B2", header), f.SetCellStr("to wipe", "B3", "x"), f.SetSheetVisible("to wipe", visible))
		})
	}
	for name, content := range map[string][]byte{"hidden": second(false, "device_id"), "another table": second(true, "notes")} {
		if all, err := identities(content); err != nil || len(all) != 2 {
			t.Error(name, all, err)
		}
	}
	_, err := identities(second(true, "device_id"))
	if e := exit.As(err); e == nil || e.Exit != exit.Refused || !strings.Contains(err.Error(), `"to wipe" all list devices`) || e.Hint == "" {
		t.Error(err)
	}
	if _, _, err := read(t, "devices.x", second(true, "device_id")); exit.CodeOf(err) != exit.Refused || !strings.Contains(err.Error(), `"to wipe" all list devices`) {
		t.Error("a listing, and what a bot sends to:", err)
	}
	below := resave(t, func(f *excelize.File, _ string) error {
		_, err := f.NewSheet("to wipe")
		return errors.Join(err, f.SetCellStr("to wipe", "A1", "기기 목록"), f.SetSheetRow("to wipe", "A3", &[]string{"기기", "사용자"}))
	})
	if _, err := identities(below); exit.CodeOf(err) != exit.Refused {
		t.Error("a header below a title:", err)
	}
}

// A spreadsheet rounds long numbers and drops zeros before them.
func TestIdsThatAreNumbersInAWorkbook(t *testing.T) {
	workbook := func(fill func(*excelize.File) error) []byte {
		f := excelize.NewFile()
		err := fill(f)
		var b bytes.Buffer
		if err := errors.Join(err, f.Write(&b), f.Close()); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	all, err := identities(workbook(func(f *excelize.File) error {
		return errors.Join(f.SetCellStr("Sheet1", "A1", "owner"), f.SetCellStr("Sheet1", "B1", "device_id"),
			f.SetCellInt("Sheet1", "A2", 7), f.SetCellStr("Sheet1", "B2", "007"), f.SetCellStr("Sheet1", "A3", "x"), f.SetCellInt("Sheet1", "B3", 7))
	}))
	want := []string{"2 007", `3 | row 3, column device_id: "7" is a number, not text: a spreadsheet may have changed it`}
	if diff := cmp.Diff(want, brief(all)); diff != "" || err != nil {
		t.Error(err, diff)
	}
	// With a key the number is known to be the one exported.
	book, err := excelize.OpenReader(bytes.NewReader(export(t, output.XLSX, with(func(d *api.Device) { d.DeviceID = "7" }))))
	if err != nil {
		t.Fatal(err)
	}
	all, err = identities(workbook(func(f *excelize.File) error {
		rows, err := book.GetRows(book.GetSheetName(0))
		at := slices.Index(rows[0], "device_id")
		return errors.Join(err, f.SetSheetRow("Sheet1", "A1", &rows[0]), f.SetSheetRow("Sheet1", "A2", &rows[1]),
			f.SetCellInt("Sheet1", string(rune('A'+at))+"2", 7), book.Close())
	}))
	if diff := cmp.Diff([]string{"2 7"}, brief(all)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}
