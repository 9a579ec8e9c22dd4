package devicefile_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func TestFilesThatCantBeRead(t *testing.T) {
	array := string(export(t, output.JSON, phone(), with(func(d *api.Device) { d.DeviceID = "2" })))
	line := string(export(t, output.NDJSON, phone()))
	sheet := string(export(t, output.XLSX, phone()))
	for _, tt := range []struct{ name, content, want string }{
		{"nothing", "", "empty"},
		{"blank", "\n \n", "empty"},
		{"only a mark", "\xef\xbb\xbf", "empty"},
		{"UTF-16", "\xff\xfed\x00e\x00", "row 1: there is no column device_id"},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file"},
		{"old Excel, what to do", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx or CSV"},
		{"with a password", encryptedBook(t), "save it as .xlsx without a password"},
		{"LibreOffice's own", openDocument(t), "is an OpenDocument spreadsheet"},
		{"LibreOffice's own, what to do", openDocument(t), "save it as .xlsx or CSV"},
		{"no device ids", "name,address\na,b\n", "row 1: there is no column device_id"},
		{"another file", "Hello, world\n", "there is no column device_id"},
		{"semicolons", "device_id;model\na;b\n", "save the file as .xlsx"},
		{"unknown column", "device_id,modell\na,b\n", `row 1: column 2, "modell", is unknown`},
		{"nameless column", "device_id,\na,b\n", "row 1: column 2 has no name"},
		{"column twice", "model,device_id,model\na,b,c\n", "row 1: column model is there twice"},
		{"key twice", "key,device_id,key\na,b,c\n", "row 1: column key is there twice"},
		{"header lower down", "\n\nmodel\n", "row 3: there is no column device_id"},
		{"open quote", "device_id,model\na,\"b\nc,d\n", "row 2: the file ends inside a quoted cell"},
		{"quote inside", "device_id,model\na,b\"c\n", "row 2: a quote in the middle of cell 2"},
		{"text after a quote", "device_id,model\na,\"b\"c\n", "row 2: a quote in the middle of cell 2"},
		{"endless row", "device_id,model\na,\"" + strings.Repeat("x", 2<<20), "row 2: longer than 1 MiB"},
		{"something after the array", array + "x", "not valid JSON"},
		{"array cut", array[:len(array)-30], "item 2: the file ends before it is complete"},
		{"array unclosed", strings.TrimRight(array, "]\n"), "the file ends before it is complete"},
		{"array only begun", "[", "the file ends before it is complete"},
		{"two arrays", array + array, "something follows"},
		{"line cut", line + line[:50], "item 2: the file ends before it is complete"},
		{"not JSON", line + "{deviceId}", "item 2: is not valid JSON"},
		{"an error text as last line", line + "Error: connection lost\n", "item 2: is not valid JSON"},
		{"a field twice", `{"deviceId":"a","deviceId":"b"}`, "item 1: is not valid JSON"},
		{"zip cut", sheet[:len(sheet)/2], "damaged"},
		{"another zip", otherZip(t), "damaged"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := read(t, "devices.x", []byte(tt.content))
			wantFailed(t, err, tt.want)
		})
	}
}

// openDocument begins as every file of that format must: with its type, as it is.
func openDocument(t *testing.T) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	if err == nil {
		_, err = io.WriteString(w, "application/vnd.oasis.opendocument.spreadsheet")
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func encryptedBook(t *testing.T) string {
	var b bytes.Buffer
	book := excelize.NewFile()
	if err := errors.Join(book.Write(&b, excelize.Options{Password: "password"}), book.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func otherZip(t *testing.T) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.Create("hello.txt"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestBadRows(t *testing.T) {
	row := func(domain, access string) string {
		return header + "\n" + "a," + domain + ",MOBILE,m,v,s,u,n,e,IOS,17,WORKS_MOBILE,4,PENDING,NONE," + access + "\n"
	}
	changed := func(from, to string) string {
		return strings.Replace(string(export(t, output.NDJSON, phone())), from, to, 1)
	}
	for _, tt := range []struct{ name, content, want string }{
		{"too few cells", "device_id,model\na,b\n\nc\n", "devices.x: row 4: has 1 cells, the header has 2"},
		{"too many cells", "device_id,model\na,b,c\n", "row 2: has 3 cells, the header has 2"},
		{"cut in the last cell", "model,device_id\na,5e0c2f8e\nb,5e0", "row 3: the file ends in the middle of a line"},
		{"cut behind a quote", "device_id,model\na,\"b\"", "row 2: the file ends in the middle of a line"},
		{"two files in one", "device_id,model\na,b\ndevice_id,model\nc,d\n", "row 3: is the header again"},
		{"line breaks in cells are no rows", "device_id,domain_id\na,7\n\"b\n2\n3\",x\n", "row 3, column domain_id"},
		{"domain as a spreadsheet leaves it", row("1.0E+07", ""), `row 2, column domain_id: "1.0E+07" is no domain id`},
		{"domain too large", row("99999999999", ""), "column domain_id"},
		{"domain with zeros", row("007", ""), "column domain_id"},
		{"time as a spreadsheet leaves it", row("7", "2026-11-20 10:15"), `row 2, column last_access: "2026-11-20 10:15" is no time`},
		{"not UTF-8", "device_id,model\na,\xb1\xe2\n", "row 2, column model: is not UTF-8"},
		{"JSON without a field", changed(`"os":{"type":"IOS","version":"17.10"},`, ""), "item 1, column os.type: is missing"},
		{"JSON of another kind", changed("10000001", `"x"`), "item 1, column domainId: has a value of the wrong kind"},
		{"JSON deep", changed(`"17.10"`, `17.10`), "item 1, column os.version: has a value of the wrong kind"},
		{"JSON time", changed("2026-11-20T", "2026-11-20 "), "item 1, column lastAccessTime"},
		{"JSON without domain", changed(`"domainId":10000001,`, ""), "item 1, column domainId: is missing"},
		{"JSON that is no device", "[1]", "item 1: is no device"},
		{"a manifest", `{"query":{},"rows":3}`, "item 1, column deviceId: is missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := read(t, "devices.x", []byte(tt.content))
			wantFailed(t, err, tt.want)
		})
	}
}

func TestRowsGoOnAfterAProblem(t *testing.T) {
	f, err := devicefile.New("devices.x", strings.NewReader("device_id,domain_id\na,x\nb,2\nc\nb,2\n"), devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []devicefile.Row
	for row, err := range f.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row)
	}
	want := []devicefile.Row{
		{Line: 2, Device: api.Device{DeviceID: "a"}, Problems: []devicefile.Problem{{"row 2", "domain_id", `"x" is no domain id`}}},
		{Line: 3, Device: api.Device{DeviceID: "b", DomainID: 2}},
		{Line: 4, Problems: []devicefile.Problem{{"row 4", "", "has 1 cells, the header has 2"}}},
		{Line: 5, Device: api.Device{DeviceID: "b", DomainID: 2}, Repeated: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"device_id", "domain_id"}, f.Columns()); diff != "" || f.Repeated() != 1 {
		t.Error(diff, f.Repeated())
	}
}

func TestARepeatedDeviceIsReportedOnceAndCounted(t *testing.T) {
	other := with(func(d *api.Device) { d.DeviceID = "2" })
	devices, f, err := read(t, "devices.x", export(t, output.CSV, phone(), other, phone(), other, phone()))
	if diff := cmp.Diff([]api.Device{phone(), other}, devices); diff != "" || err != nil || f.Repeated() != 3 {
		t.Error(diff, err, f.Repeated())
	}
}

func TestDamageInASpreadsheetIsFound(t *testing.T) {
	file := string(export(t, output.ExcelCSV, phone(), with(func(d *api.Device) { d.DeviceID = "5e0c2f8e-0002"; d.SerialNumber = "77" })))
	for _, tt := range []struct{ name, from, to, want string }{
		{"a version rounded", "17.10", "17.1", `row 2, column os_version: "17.1" is not what was exported`},
		{"a number for an id", "12E345", "1.2E+346", `row 2, column serial_number: "1.2E+346" is not what was exported`},
		{"another device's serial", ",77,", ",12E345,", `row 3, column serial_number: "12E345" is not what was exported`},
		{"a key damaged", "\r\nW", "\r\nV", "row 2, column key: the key of this row is damaged"},
		{"a bad time is named once", "2026-11-20T10:15:00+09:00", "20.11.2026", `row 2, column last_access: "20.11.2026" is no time`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(file, tt.from) {
				t.Fatalf("no %q in %q", tt.from, file)
			}
			_, _, err := read(t, "devices.x", []byte(strings.Replace(file, tt.from, tt.to, 1)))
			wantFailed(t, err, tt.want)
		})
	}
}

func TestWorkbookAsAPersonLeavesIt(t *testing.T) {
	edit := func(change func(*excelize.File, string)) []byte {
		book, err := excelize.OpenReader(bytes.NewReader(export(t, output.XLSX, phone(), with(func(d *api.Device) { d.DeviceID = "2" }))))
		if err != nil {
			t.Fatal(err)
		}
		change(book, book.GetSheetName(0))
		var b bytes.Buffer
		if err := errors.Join(book.Write(&b), book.Close()); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	cell := func(at string, v any) func(*excelize.File, string) {
		return func(f *excelize.File, sheet string) {
			if err := f.SetCellValue(sheet, at, v); err != nil {
				t.Error(err)
			}
		}
	}
	devices, _, err := read(t, "devices.x", edit(func(f *excelize.File, sheet string) {
		cell("R1", "notes")(f, sheet)
		cell("R3", "call him")(f, sheet)
		if err := f.InsertRows(sheet, 3, 2); err != nil {
			t.Error(err)
		}
	}))
	if len(devices) != 2 || err != nil {
		t.Errorf("notes and blank rows: %d devices, %v", len(devices), err)
	}
	_, _, err = read(t, "devices.x", edit(cell("L3", 17.1)))
	wantFailed(t, err, `row 3, column os_version: "17.1" is not what was exported`)
	_, _, err = read(t, "devices.x", edit(func(f *excelize.File, sheet string) {
		if err := f.RemoveRow(sheet, 1); err != nil {
			t.Error(err)
		}
	}))
	wantFailed(t, err, "row 1: there is no column device_id")
	_, _, err = read(t, "devices.x", edit(func(f *excelize.File, sheet string) {
		for range 3 {
			if err := f.RemoveRow(sheet, 1); err != nil {
				t.Error(err)
			}
		}
	}))
	wantFailed(t, err, "empty")
}

// Broken XML must not pass for the end of the rows: that would shorten a list.
func TestASheetThatBreaksOffIsNotAShortList(t *testing.T) {
	content := export(t, output.XLSX, phone(), with(func(d *api.Device) { d.DeviceID = "2" }))
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			last := bytes.LastIndex(data, []byte("<row"))
			data = append(data[:last:last], append([]byte("\x01"), data[last:]...)...)
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, err = read(t, "devices.x", b.Bytes())
	wantFailed(t, err, "damaged")
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "devices.x")
	if err := os.WriteFile(path, export(t, output.CSV, phone()), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, stdin := range map[string]io.Reader{path: nil, "-": bytes.NewReader(export(t, output.JSON, phone()))} {
		f, err := devicefile.Open(name, stdin, devicefile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for d, err := range f.Devices(t.Context()) {
			if d.DeviceID != phone().DeviceID || err != nil {
				t.Errorf("%s: %+v, %v", name, d, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err := devicefile.Open(path+".none/devices.x", nil, devicefile.Options{})
	wantFailed(t, err, "no such file")
	_, err = devicefile.Open(t.TempDir(), nil, devicefile.Options{})
	if err == nil || !strings.Contains(err.Error(), "it is a folder") {
		t.Errorf("a folder: %v", err)
	}
}

func TestAnEmptyExportIsNoEmptyFile(t *testing.T) {
	for _, f := range []output.Format{output.CSV, output.ExcelCSV, output.JSON, output.NDJSON, output.XLSX} {
		devices, _, err := read(t, "devices.ndjson", export(t, f))
		if len(devices) > 0 || err != nil {
			t.Errorf("%s: %v, %v", f, devices, err)
		}
	}
}

func TestAFailingReaderEndsTheSequence(t *testing.T) {
	broken := errors.New("disk on fire")
	content := export(t, output.CSV, phone())
	f, err := devicefile.New("devices.x", io.MultiReader(iotest.OneByteReader(bytes.NewReader(content)), iotest.ErrReader(broken)), devicefile.Options{})
	if err == nil {
		for range 2 { // the error stays
			for _, rowErr := range f.Rows(t.Context()) {
				err = rowErr
			}
		}
	}
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestReadingStopsWithItsContext(t *testing.T) {
	f, err := devicefile.New("devices.x", bytes.NewReader(export(t, output.CSV, phone())), devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range f.Devices(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}
