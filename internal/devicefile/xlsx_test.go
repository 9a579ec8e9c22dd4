package devicefile_test

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// resave has another program change a workbook of two devices.
func resave(t *testing.T, change func(*excelize.File, string) error) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(export(t, output.XLSX, phone(), with(func(d *api.Device) { d.DeviceID = "2" }))))
	if err != nil {
		t.Fatal(err)
	}
	err = change(book, book.GetSheetName(0))
	var b bytes.Buffer
	if err := errors.Join(err, book.Write(&b), book.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRowsOfAWorkbookAreCountedAsItShowsThem(t *testing.T) {
	_, _, err := read(t, "devices.x", resave(t, func(f *excelize.File, sheet string) error {
		return errors.Join(f.InsertRows(sheet, 3, 4), f.SetCellValue(sheet, "L7", 17.1))
	}))
	wantFailed(t, err, `row 7, column os_version: "17.1" is not what was exported`)
}

func TestAHiddenSheetBeforeTheListIsPassedOver(t *testing.T) {
	devices, _, err := read(t, "devices.x", resave(t, func(f *excelize.File, sheet string) error {
		_, err := f.NewSheet("internal")
		return errors.Join(err, f.SetCellStr("internal", "A1", "not for you"), f.MoveSheet("internal", sheet), f.SetSheetVisible("internal", false))
	}))
	if len(devices) != 2 || err != nil {
		t.Errorf("%d devices, %v", len(devices), err)
	}
}

// The CSV for spreadsheets, opened as text and saved as a workbook, keeps its
// guards; the key tells them from a value's own.
func TestGuardsInAWorkbook(t *testing.T) {
	want := []api.Device{with(func(d *api.Device) { d.Model, d.User.UserName = "=1+1", "'=x" }), with(func(d *api.Device) { d.DeviceID = "-1" })}
	lines := strings.Split(strings.TrimPrefix(string(export(t, output.ExcelCSV, want...)), "\ufeff"), "\r\n")
	book := excelize.NewFile()
	var errs []error
	for i, line := range lines {
		cells := strings.Split(line, ",")
		errs = append(errs, book.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &cells))
	}
	var b bytes.Buffer
	if err := errors.Join(append(errs, book.Write(&b), book.Close())...); err != nil {
		t.Fatal(err)
	}
	devices, _, err := read(t, "devices.x", b.Bytes())
	if diff := cmp.Diff(want, devices); diff != "" || err != nil {
		t.Error(err, diff)
	}
}
