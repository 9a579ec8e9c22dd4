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
	"golang.org/x/text/encoding/unicode"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// consoleBook is a console's download as a workbook, changed by a person.
func consoleBook(t *testing.T, change func(*excelize.File, string) error) []byte {
	t.Helper()
	book := excelize.NewFile()
	sheet := book.GetSheetName(0)
	err := errors.Join(
		book.SetSheetRow(sheet, "A1", &[]string{"기기", "기기 ID", "사용자"}),
		book.SetSheetRow(sheet, "A2", &[]string{"갤럭시", "a-1", "홍길동"}),
		book.SetSheetRow(sheet, "A3", &[]string{"아이폰", "a-2", "김민수"}),
	)
	if change != nil {
		err = errors.Join(err, change(book, sheet))
	}
	var b bytes.Buffer
	if err := errors.Join(err, book.Write(&b), book.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestConsoleWorkbook(t *testing.T) {
	devices, f, err := read(t, "devices.x", consoleBook(t, nil))
	want := []api.Device{
		{DeviceID: "a-1", Model: "갤럭시", User: api.User{UserName: "홍길동"}},
		{DeviceID: "a-2", Model: "아이폰", User: api.User{UserName: "김민수"}},
	}
	if diff := cmp.Diff(want, devices); diff != "" || err != nil || f.Format() != devicefile.XLSX || f.Console().Language != "ko" {
		t.Error(diff, err)
	}
	hide := func(b *excelize.File, s string) error { return b.SetRowVisible(s, 3, false) }
	if _, f, err = read(t, "devices.x", consoleBook(t, hide)); err != nil || !slices.Equal(f.Hidden(), []int{3}) {
		t.Errorf("%v, hidden %v", err, f.Hidden())
	}
	second := func(b *excelize.File, _ string) error {
		_, err := b.NewSheet("2")
		return errors.Join(err, b.SetSheetRow("2", "A1", &[]string{"Device", "User"}))
	}
	for want, change := range map[string]func(*excelize.File, string) error{"row 3 is hidden": hide, `"Sheet1", "2" all list devices`: second} {
		if _, err := identities(consoleBook(t, change)); exit.CodeOf(err) != exit.Refused || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	all, err := identities(consoleBook(t, nil))
	if err != nil || len(all) != 2 || all[1].DeviceID != "a-2" || all[1].Line != 3 {
		t.Errorf("%+v, %v", all, err)
	}
}

// What can't be trusted is never acted on, and without ids nothing is.
func TestIdentitiesOfAConsoleFile(t *testing.T) {
	_, err := identities([]byte("Device,User\niPhone,A\n"))
	if e := exit.As(err); e == nil || e.Exit != exit.Refused || e.ID != "NO_DEVICE_IDS" || !strings.Contains(e.Hint, "--via bot") {
		t.Errorf("%v", err)
	}
	all, err := identities([]byte("Device,Device ID,Recent Access\na,x-1,2026-11-20 10:15\nb,x-2,yesterday\nc,,2026-11-20 10:15\n"))
	want := []string{"2 x-1", `3 | row 3, column Recent Access: "yesterday" is no time such as 2026-11-20 10:15`, "4 | row 4, column Device ID: is empty"}
	if diff := cmp.Diff(want, brief(all)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// An own export with keys may have been saved in any encoding and with any
// separator: the keys tell what is left of it.
func TestOwnExportsInOtherEncodings(t *testing.T) {
	own := string(export(t, output.ExcelCSV, phone()))
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.TrimPrefix(own, "\ufeff"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"UTF-16": wide, "semicolons": strings.ReplaceAll(own, ",", ";"), "tabs": strings.ReplaceAll(own, ",", "\t")} {
		devices, f, err := read(t, "devices.x", []byte(content))
		if diff := cmp.Diff([]api.Device{phone()}, devices); diff != "" || err != nil || f.Console() != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		_, _, err = read(t, "devices.x", []byte(strings.ReplaceAll(content, "17.10", "17.1")))
		if name != "UTF-16" {
			wantFailed(t, err, `row 2, column os_version: "17.1" is not what was exported`)
		}
	}
}

func TestSavedMappings(t *testing.T) {
	m, err := consolefile.ParseMapping("Gerät=model")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	o := devicefile.Options{Saved: func() ([]consolefile.Mapping, error) { asked++; return []consolefile.Mapping{m}, nil }}
	for _, content := range []string{"Gerät;User\niPhone;A\n", string(export(t, output.CSV, phone()))} {
		f, err := devicefile.New("devices.x", strings.NewReader(content), o)
		if err != nil || !slices.Contains(f.Columns(), "model") {
			t.Error(err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times: an own export needs none", asked)
	}
}

// sheets is a workbook of these sheets of rows.
func sheets(t *testing.T, all ...[][]string) []byte {
	t.Helper()
	book := excelize.NewFile()
	var errs []error
	for i, rows := range all {
		name := "Sheet" + strconv.Itoa(i+1)
		_, err := book.NewSheet(name)
		errs = append(errs, err)
		for j, row := range rows {
			errs = append(errs, book.SetSheetRow(name, "A"+strconv.Itoa(j+1), &row))
		}
	}
	var b bytes.Buffer
	if err := errors.Join(append(errs, book.Write(&b), book.Close())...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The list is where its header is known, by what was mapped too; what stands
// beside it is named.
func TestTheListOfAWorkbook(t *testing.T) {
	var (
		cover  = [][]string{{"기기 현황 보고"}, {"작성", "홍"}}
		list   = [][]string{{"Device", "User"}, {"iPhone", "A (a@example.com)"}}
		pivot  = [][]string{{"OS", "앱 버전", "개수"}, {"iOS", "4.2.1", "1"}}
		german = [][]string{{"GeräteNr", "Nutzer"}, {"0037a4aa", "A (a@example.com)"}}
	)
	number, err := consolefile.ParseMapping("GeräteNr=device_id")
	if err != nil {
		t.Fatal(err)
	}
	flags := devicefile.Options{Map: []consolefile.Mapping{number}}
	person, err := consolefile.ParseMapping("Nutzer=user_name,user_id")
	if err != nil {
		t.Fatal(err)
	}
	right, err := consolefile.ParseMapping("Device=model:exact")
	if err != nil {
		t.Fatal(err)
	}
	saved := devicefile.Options{Saved: func() ([]consolefile.Mapping, error) { return []consolefile.Mapping{number, person}, nil }}
	for _, tt := range []struct {
		name   string
		o      devicefile.Options
		sheets [][][]string
		unread []string
		want   string // of the error
	}{
		{name: "cover first", sheets: [][][]string{cover, list}, unread: []string{"Sheet1"}},
		{name: "cover and nothing", sheets: [][][]string{nil, cover, list, nil}, unread: []string{"Sheet2"}},
		{name: "count behind", sheets: [][][]string{list, pivot}, unread: []string{"Sheet2"}},
		{name: "count of a mapped column", o: devicefile.Options{Map: []consolefile.Mapping{right}}, sheets: [][][]string{list, {{"Device", "개수"}, {"iPhone", "1"}}}, unread: []string{"Sheet2"}},
		{name: "count before", sheets: [][][]string{pivot, list}, unread: []string{"Sheet1"}},
		{name: "own export behind", sheets: [][][]string{cover, {{"device_id", "model"}, {"1", "x"}}}, unread: []string{"Sheet1"}},
		{name: "mapped", o: flags, sheets: [][][]string{cover, german}, unread: []string{"Sheet1"}},
		{name: "saved", o: saved, sheets: [][][]string{nil, german}},
		{name: "two", sheets: [][][]string{cover, list, list}, want: `"Sheet2", "Sheet3" all list devices`},
		{name: "two, one lower down", sheets: [][][]string{list, append(make([][]string, 30), list...)}, want: `"Sheet1", "Sheet2" all list devices`},
		{name: "two mapped", o: flags, sheets: [][][]string{german, german}, want: `"Sheet1", "Sheet2" all list devices`},
		{name: "two saved", o: saved, sheets: [][][]string{german, german}, want: `"Sheet1", "Sheet2" all list devices`},
		{name: "known and mapped", o: flags, sheets: [][][]string{list, german}, want: `"Sheet1", "Sheet2" all list devices`},
		{name: "none", sheets: [][][]string{nil, german, cover}, want: `row 1: there is no column device_id, and no header of a device list is known here: "GeräteNr", "Nutzer"`},
		{name: "nothing", sheets: [][][]string{nil, nil}, want: "the file is empty"},
	} {
		f, err := devicefile.New("devices.x", bytes.NewReader(sheets(t, tt.sheets...)), tt.o)
		if tt.want != "" {
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		n := 0
		for _, err := range f.Devices(t.Context()) {
			if n++; err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		if n != 1 || !slices.Equal(f.Unread(), tt.unread) {
			t.Errorf("%s: %d devices, not read %q", tt.name, n, f.Unread())
		}
	}
}
