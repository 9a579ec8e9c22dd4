package devicefile_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// openings are how a person opens a CSV: all columns as text, or as the locale
// takes them.
func openings(columns int) map[string]string {
	const csv = "Text - txt - csv (StarCalc):44,34,76,1,"
	return map[string]string{"as text": csv + allText(columns), "ko": csv + ",1042", "ja": csv + ",1041", "en-US": csv + ",1033", "de": csv + ",1031"}
}

// officeDevice draws devices with what spreadsheets take for numbers, dates,
// times and formulas, and with texts that they leave alone.
func officeDevice() *rapid.Generator[api.Device] {
	var known []string
	for _, d := range difficult() {
		known = append(known, d.Model)
	}
	text := rapid.OneOf(
		rapid.StringMatching(`[1-9]?[0-9](\.[1-9]?[0-9]){1,3}`),
		rapid.StringMatching(`[0-9]{1,20}`),
		rapid.StringMatching(`[0-9A-F]{6}|[0-9]{1,3}E[0-9]{1,3}|[0-9]{1,2}[-/.:][0-9]{1,2}([-/.:][0-9]{1,4})?`),
		rapid.SampledFrom(known),
	)
	access := rapid.SampledFrom([]string{"", "2026-11-20T10:15:00+09:00", "2026-01-02T00:00:00Z"})
	return rapid.Custom(func(t *rapid.T) api.Device {
		draw := func(name string) string { return text.Draw(t, name) }
		return api.Device{
			DeviceID: draw("id"), DomainID: 10000001, Type: api.TypeMobile, Model: draw("model"), VendorID: api.Nullable(draw("vendor")),
			SerialNumber: api.Nullable(draw("serial")), User: api.User{UserID: draw("uid"), UserName: draw("name"), Email: "gildong.hong@example.com"},
			OS: api.OS{Type: api.OSAndroid, Version: draw("osv")}, App: api.App{Type: api.AppWorksMobile, Version: draw("appv")},
			MDM: api.MDM{Status: api.MDMRegistered, Provider: api.ProviderNaverWorks}, LastAccessTime: access.Draw(t, "access"),
		}
	})
}

// What a trip through LibreOffice does to an own export of any devices is undone
// or named, whatever the locale: no row comes back silently changed. Only of the
// CSV without keys some can't be told: see untold.
func TestAnyOwnExportThroughLibreOffice(t *testing.T) {
	o := newOffice(t)
	if o == nil {
		return
	}
	const fleets, devices = 3, 120
	var written [fleets][]api.Device
	for i := range written {
		gen := rapid.SliceOfNDistinct(officeDevice(), devices, devices, func(d api.Device) string { return d.DeviceID })
		written[i] = gen.Example(i + 1)
	}
	for _, format := range []output.Format{output.XLSX, output.ExcelCSV, output.CSV} {
		files := map[string][]byte{}
		extension := ".csv"
		if format == output.XLSX {
			extension = ".xlsx"
		}
		for i := range written {
			files[fmt.Sprintf("fleet%d%s", i, extension)] = export(t, format, written[i]...)
		}
		ways := openings(17)
		if format == output.XLSX {
			ways = map[string]string{"as it is": ""}
		}
		for opened, in := range ways {
			for saved, to := range map[string]string{"xlsx": asXLSX, "csv": asCSV} {
				t.Run(fmt.Sprintf("%s, opened %s, saved as %s", format, opened, saved), func(t *testing.T) {
					o.t = t
					exact := format == output.XLSX || opened == "as text" && format == output.ExcelCSV
					back := o.convertAll(files, to, in)
					for i := range written {
						judgeTrip(t, written[i], back[fmt.Sprintf("fleet%d%s", i, extension)], format, exact)
					}
				})
			}
		}
	}
}

// judgeTrip compares devices with what came back of them.
func judgeTrip(t *testing.T, want []api.Device, content []byte, format output.Format, exact bool) {
	t.Helper()
	f, err := devicefile.New("devices.x", strings.NewReader(string(content)), devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for row, err := range f.Rows(t.Context()) {
		if err != nil || i == len(want) {
			t.Fatalf("row %d: %v", i, err)
		}
		changes := differences(want[i], row.Device)
		i++
		switch bad := len(row.Problems) > 0; {
		case exact && (bad || len(changes) > 0):
			t.Errorf("row %d: %v %v", row.Line, changes, row.Problems)
		case bad && format != output.CSV && len(changes) == 0:
			t.Errorf("row %d is as it was: %v", row.Line, row.Problems)
		case bad:
		case format == output.CSV:
			for _, c := range changes {
				if !untold(c[0], c[1]) {
					t.Errorf("row %d: %q is %q now, and is not named", row.Line, c[0], c[1])
				}
			}
		case len(changes) > 0:
			t.Errorf("row %d: %v, and nothing is named", row.Line, changes)
		}
	}
	if i != len(want) {
		t.Errorf("%d rows of %d", i, len(want))
	}
}

// differences are the values that changed, before and after.
func differences(before, after api.Device) (changed [][2]string) {
	values := func(d api.Device) []string {
		return []string{
			d.DeviceID, fmt.Sprint(d.DomainID), string(d.Type), d.Model, string(d.VendorID), string(d.SerialNumber), d.User.UserID, d.User.UserName, d.User.Email,
			string(d.OS.Type), d.OS.Version, string(d.App.Type), d.App.Version, string(d.MDM.Status), string(d.MDM.Provider), d.LastAccessTime,
		}
	}
	now := values(after)
	for i, v := range values(before) {
		if v != now[i] {
			changed = append(changed, [2]string{v, now[i]})
		}
	}
	return changed
}

// untold reports whether nothing tells a change in a CSV without keys: a number
// became another text of itself, as 4.1 of 4.10 and 7 of 007, with zeros, signs,
// separators and percents as the spreadsheet writes them; or a formula a number.
func untold(before, after string) bool {
	number := regexp.MustCompile(`^[-+]?[\d.,]*\d[\d.,]*%?$`)
	return number.MatchString(after) && (number.MatchString(before) || before == "=1+1")
}

// consoleList is a console's download with what spreadsheets change. Its first
// device is one that they leave alone.
func consoleList(titles, android, app, user string) string {
	rows := []string{
		titles,
		"Galaxy S24,3F2504E0-4F89-11D3-9A0C-0305E82C3301,R3CX20ABCD," + user + "," + android + " 14," + app + " 4.2.1.7,4.2.1.7,2026-11-20 10:15",
	}
	for i, version := range []string{"4.2.1", "17.6.1", "4.10", "10.4", "13.2.1", "3.14.15", "5.6.7", "12.5.2", "2.0", "9.9", "1.31"} {
		serial := []string{"0012345678", "12345678901234567", "12E345", "3-10-26", "350021E5", "R3CX20ABCE"}[i%6]
		rows = append(rows, fmt.Sprintf("Galaxy S2%d,3F2504E0-4F89-11D3-9A0C-0305E82C33%02d,%s,%s,%s 1%d,%s %s,%s,2026-11-%02d 10:15", i%4, i+10, serial, user, android, i%6, app, version, version, i+1))
	}
	return strings.Join(rows, "\n") + "\n"
}

// Of a console's download that LibreOffice opened in any locale and saved, every
// cell that changed its meaning is named. Only in CSV the zeros that a number lost
// can't be told.
func TestConsoleFilesInAnyLocaleThroughLibreOffice(t *testing.T) {
	o := newOffice(t)
	if o == nil {
		return
	}
	files := map[string][]byte{
		"en.csv": []byte(consoleList("Device,Vendor ID,Serial Number,User,OS,Installed App,App Version,Recent Access", "Android", "NAVER WORKS", "Hong (gildong.hong@example.com)")),
		"ko.csv": []byte(consoleList("기기,Vendor ID,일련번호,사용자,OS,앱,앱 버전,최근 접속", "Android", "네이버웍스", "홍길동(gildong.hong@example.com)")),
		"ja.csv": []byte(consoleList("デバイス,Vendor ID,Serial Number,ユーザー,OS,アプリ,アプリバージョン,最終アクセス", "Android", "LINE WORKS", "山田太郎(taro.yamada@example.com)")),
	}
	want := map[string][]api.Device{}
	for name, content := range files {
		devices, f, err := read(t, "devices.x", content)
		if err != nil || f.Console() == nil || len(f.Console().Unknown()) > 0 {
			t.Fatalf("%s: %v", name, err)
		}
		want[name] = devices
	}
	lost := map[[2]string]bool{{"4.10", "4.1"}: true, {"2.0", "2"}: true, {"0012345678", "12345678"}: true}
	for opened, in := range openings(8) {
		for saved, to := range map[string]string{"xlsx": asXLSX, "csv": asCSV} {
			back := o.convertAll(files, to, in)
			for name, content := range back {
				at := fmt.Sprintf("%s, opened %s, saved as %s", name, opened, saved)
				f, err := devicefile.New("devices.x", strings.NewReader(string(content)), devicefile.Options{})
				if err != nil {
					t.Fatalf("%s: %v", at, err)
				}
				i := 0
				for row, err := range f.Rows(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					bad := len(row.Problems) > 0
					if bad && (i == 0 || opened == "as text") {
						t.Errorf("%s: row %d is as it was: %v", at, row.Line, row.Problems)
					}
					for _, c := range differences(want[name][i], row.Device) {
						if !bad && (saved == "xlsx" || !lost[c]) {
							t.Errorf("%s: row %d: %q is %q now, and is not named", at, row.Line, c[0], c[1])
						}
					}
					i++
				}
				if i != len(want[name]) {
					t.Errorf("%s: %d rows of %d", at, i, len(want[name]))
				}
			}
		}
	}
}
