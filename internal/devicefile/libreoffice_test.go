package devicefile_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// office converts files with LibreOffice, in a profile of its own. `make
// libreoffice` requires it; elsewhere these tests have nothing to run on.
type office struct {
	t       *testing.T
	program string
	dir     string
}

func newOffice(t *testing.T) *office {
	if os.Getenv("WORKSCTL_TEST_LIBREOFFICE") != "required" {
		return nil
	}
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal("LibreOffice is required and not here: install libreoffice-calc")
	}
	return &office{t, program, t.TempDir()}
}

// convert returns what LibreOffice makes of a file: to is a format with its
// options, in one what follows --infilter.
func (o *office) convert(name string, content []byte, to, in string) []byte {
	o.t.Helper()
	return o.convertAll(map[string][]byte{name: content}, to, in)[name]
}

// convertAll is convert for several files, for which LibreOffice starts once.
func (o *office) convertAll(files map[string][]byte, to, in string) map[string][]byte {
	o.t.Helper()
	out := filepath.Join(o.dir, "out")
	args := []string{"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(o.dir, "profile")), "--headless", "--convert-to", to, "--outdir", out}
	if in != "" {
		args = append(args, "--infilter="+in)
	}
	for name, content := range files {
		path := filepath.Join(o.dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			o.t.Fatal(err)
		}
		args = append(args, path)
	}
	c := exec.CommandContext(context.Background(), o.program, args...)
	if text, err := c.CombinedOutput(); err != nil {
		o.t.Fatalf("%v: %s", err, text)
	}
	extension, _, _ := strings.Cut(to, ":")
	converted := map[string][]byte{}
	for name := range files {
		path := filepath.Join(out, strings.TrimSuffix(name, filepath.Ext(name))+"."+extension)
		content, err := os.ReadFile(path)
		if err := errors.Join(err, os.Remove(path)); err != nil {
			o.t.Fatal(err)
		}
		converted[name] = content
	}
	return converted
}

const (
	asXLSX = "xlsx:Calc MS Excel 2007 XML"
	asCSV  = "csv:Text - txt - csv (StarCalc):44,34,76"     // commas, quotes, UTF-8
	semi   = "csv:Text - txt - csv (StarCalc):59,34,76"     // semicolons
	utf16  = "csv:Text - txt - csv (StarCalc):9,34,65535"   // tabs, UTF-16
	korean = "csv:Text - txt - csv (StarCalc):44,34,62"     // commas, CP949
	inCSV  = "Text - txt - csv (StarCalc):44,34,76,1,,1042" // opened in a Korean locale
)

// difficult are devices whose values spreadsheets change.
func difficult() []api.Device {
	values := []string{
		"17.10", "4.10", "10-12", "12E345", "0012345", "12345678901234567890", "1/2", "2026-04-10", "TRUE", "=1+1", "+82 10", "-1", "@x", "'=x", "''", "007", "1e5",
		"홍길동", "山田太郎", "ñandú", "a;b", "a,b", `a"b`, " x ", "1,234", "50%", "₩1,000", "Mar-10", "10:15", "#N/A", "_x0041", "😀", "＝x", "가나",
	}
	var devices []api.Device
	for i, v := range values {
		devices = append(devices, with(func(d *api.Device) {
			d.DeviceID = fmt.Sprintf("id-%03d", i)
			d.Model, d.SerialNumber, d.OS.Version, d.User.UserName = v, api.Nullable(v), v, v
		}))
	}
	return devices
}

// An own workbook comes back unchanged from LibreOffice, as a workbook and as
// CSV in any encoding and with any separator.
func TestOwnExportsThroughLibreOffice(t *testing.T) {
	o := newOffice(t)
	if o == nil {
		return
	}
	want := difficult()
	book := export(t, output.XLSX, want...)
	again := o.convert("own.xlsx", book, asXLSX, "")
	for name, content := range map[string][]byte{
		"workbook":            again,
		"workbook, once more": o.convert("again.xlsx", again, asXLSX, ""),
		"CSV":                 o.convert("commas.xlsx", book, asCSV, ""),
		"CSV, semicolons":     o.convert("semi.xlsx", book, semi, ""),
		"CSV, UTF-16 tabs":    o.convert("wide.xlsx", book, utf16, ""),
		"workbook, CSV, workbook": o.convert("back.csv", o.convert("there.xlsx", book, asCSV, ""), asXLSX,
			"Text - txt - csv (StarCalc):44,34,76,1,"+allText(17)),
	} {
		devices, _, err := read(t, "devices.x", content)
		if diff := cmp.Diff(want, devices); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

// allText has LibreOffice take the columns for text.
func allText(columns int) string {
	var all []string
	for i := range columns {
		all = append(all, fmt.Sprintf("%d/2", i+1))
	}
	return strings.Join(all, "/")
}

// Opened as a person does, the CSV for spreadsheets is damaged in places. Each of
// these is named, and no other.
func TestWhatLibreOfficeDamagesIsNamed(t *testing.T) {
	o := newOffice(t)
	if o == nil {
		return
	}
	want := difficult()
	for name, content := range map[string][]byte{
		"workbook": o.convert("excel.csv", export(t, output.ExcelCSV, want...), asXLSX, inCSV),
		"CSV":      o.convert("excel2.csv", export(t, output.ExcelCSV, want...), asCSV, inCSV),
	} {
		f, err := devicefile.New("devices.x", strings.NewReader(string(content)), devicefile.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		i, damaged := 0, 0
		for row, err := range f.Rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			changed := !cmp.Equal(row.Device, want[i])
			if changed != (len(row.Problems) > 0) {
				t.Errorf("%s: row %d is changed: %t, problems %v: %s", name, row.Line, changed, row.Problems, cmp.Diff(want[i], row.Device))
			}
			if changed {
				damaged++
			}
			i++
		}
		if i != len(want) || damaged == 0 {
			t.Errorf("%s: %d rows of %d, %d damaged", name, i, len(want), damaged)
		}
	}
}

// A console's download that LibreOffice opened and saved has changed values: all
// that can be told by a kind are, and what was left alone raises no alarm.
func TestConsoleFilesThroughLibreOffice(t *testing.T) {
	o := newOffice(t)
	if o == nil {
		return
	}
	const list = "기기,Vendor ID,일련번호,사용자,OS,앱 버전,최근 접속\n" +
		"갤럭시 S24,3F2504E0-4F89-11D3-9A0C-0305E82C3301,R3CX20ABCD,홍길동(gildong.hong@example.com),Android 14,4.2.1,2026-11-20 10:15\n" +
		"갤럭시 S23,9C858901-8A57-4791-81FE-4C455B099BC9,0012345678,김민수(minsu.kim@example.com),Android 13,4.10,2026-11-19 23:59\n"
	for name, content := range map[string][]byte{
		"workbook": o.convert("list.csv", []byte(list), asXLSX, inCSV),
	} {
		f, err := devicefile.New("devices.x", strings.NewReader(string(content)), devicefile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for row, err := range f.Rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range row.Problems {
				found = append(found, p.Place+", "+p.Column)
			}
		}
		if want := []string{"row 3, 일련번호", "row 3, 앱 버전"}; !slices.Equal(found, want) {
			t.Errorf("%s: found %v, want %v", name, found, want)
		}
	}
	// Saved again in a Korean encoding, a file of text alone is what it was.
	text := o.convert("text.csv", []byte(list), asXLSX, "Text - txt - csv (StarCalc):44,34,76,1,"+allText(7))
	for name, to := range map[string]string{"CSV": asCSV, "semicolons": semi, "UTF-16": utf16, "CP949": korean} {
		devices, f, err := read(t, "devices.x", o.convert("text.xlsx", text, to, ""))
		if err != nil || len(devices) != 2 || devices[1].App.Version != "4.10" || devices[1].SerialNumber != "0012345678" {
			t.Errorf("%s: %v, %v", name, devices, err)
			continue
		}
		t.Logf("%s: %s %q", name, f.Sheet().Encoding, f.Sheet().Delimiter)
	}
}
