package consolefile_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// list is a download of the console in one language: a header and literal rows,
// the same devices in each.
type list struct {
	language string
	rows     [][]string
}

// The columns of every list, by position.
const (
	colModel = iota
	colVendor
	colSerial
	colUser
	colOS
	colOSVersion
	colApp
	colAppVersion
	colAccess
)

func lists() []list {
	all := literal()
	for i, l := range all {
		for _, more := range [][2]string{{"D1F0D5A2-0000-4000-8000-00805F9B34FB", "F2LXK0QZ0D"}, {"", "1234567890"}} {
			row := slices.Clone(l.rows[1])
			row[colVendor], row[colSerial] = more[0], more[1]
			all[i].rows = append(all[i].rows, row)
		}
	}
	return all
}

func literal() []list {
	return []list{
		{"en", [][]string{
			{"Device", "Vendor ID", "Serial Number", "User (name and ID)", "OS", "OS Version", "Installed App", "App Version", "Recent Access"},
			{"iPhone 15 Pro", "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "0012345678", "Gildong Hong (gildong.hong@example.com)", "iOS", "18.1", "NAVER WORKS", "4.10", "2026/11/20 10:15:30"},
			{"Galaxy S24, Ultra", "9C858901-8A57-4791-81FE-4C455B099BC9", "0099887766", "Minsu \"MK\" Kim (minsu.kim@example.com)", "Android", "14", "NAVER WORKS", "4.2.1-beta", "2026/11/19 23:59:00"},
			{"SM-S918N; blue", "", "", "-1 (minus.one@example.com)", "Android", "10", "WORKS Drive", "3.0", "2026/01/02 03:04:05"},
			{"ThinkPad X1", "", "0000000042", "Jiro Sato (jiro.sato@example.com)", "Windows", "10.0.22631.4460", "NAVER WORKS", "4.1.0", "2025/12/31 00:00:00"},
		}},
		{"ko", [][]string{
			{"모델명", "Vendor ID", "일련번호", "사용자", "OS", "OS 버전", "설치된 앱", "앱 버전", "최근 접속"},
			{"아이폰 15 프로", "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "0012345678", "홍길동(gildong.hong@example.com)", "iOS", "18.1", "네이버웍스", "4.10", "2026. 11. 20. 오전 10:15"},
			{"갤럭시 S24, 울트라", "9C858901-8A57-4791-81FE-4C455B099BC9", "0099887766", "김\"민\"수 (minsu.kim@example.com)", "Android", "14", "네이버웍스", "4.2.1-beta", "2026. 11. 19. 오후 11:59"},
			{"SM-S918N; 파랑", "", "", "-1 (minus.one@example.com)", "안드로이드", "10", "네이버웍스 드라이브", "3.0", "2026. 1. 2. 오전 3:04"},
			{"그램 17", "", "0000000042", "이영희(younghee.lee@example.com)", "Windows", "10.0.22631.4460", "네이버웍스", "4.1.0", "2025. 12. 31. 오전 12:00"},
		}},
		{"ja", [][]string{
			{"モデル（デバイス名）", "Vendor ID", "Serial Number", "メンバー", "デバイスOS（バージョン）", "OSバージョン", "インストール済みアプリ", "アプリバージョン", "最近のアクセス"},
			{"アイフォン 15 Pro", "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "0012345678", "山田太郎（gildong.hong@example.com）", "iOS", "18.1", "LINE WORKS", "4.10", "2026年11月20日 10:15"},
			{"ｱｸｵｽ R9, 白", "9C858901-8A57-4791-81FE-4C455B099BC9", "0099887766", "佐藤\"次\"郎 (minsu.kim@example.com)", "Android", "14", "LINE WORKS", "4.2.1-beta", "2026年11月19日 23:59"},
			{"表示端末; 青", "", "", "-1 (minus.one@example.com)", "Android", "10", "ドライブ", "3.0", "2026年1月2日 3:04"},
			{"レッツノート", "", "0000000042", "鈴木花子（hanako.suzuki@example.com）", "Windows", "10.0.22631.4460", "LINE WORKS", "4.1.0", "2025年12月31日 0:00"},
		}},
	}
}

// coding is how a list is turned into bytes.
type coding struct {
	name, mark string
	languages  string
	encoding   encoding.Encoding
	want       string
}

func codings() []coding {
	little, big := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	return []coding{
		{"UTF-8", "", "en ko ja", unicode.UTF8, sheet.UTF8},
		{"UTF-8 with mark", "\xef\xbb\xbf", "en ko ja", unicode.UTF8, sheet.UTF8},
		{"UTF-16LE with mark", "\xff\xfe", "en ko ja", little, sheet.UTF16LE},
		{"UTF-16BE with mark", "\xfe\xff", "en ko ja", big, sheet.UTF16BE},
		{"UTF-16LE", "", "en ko ja", little, sheet.UTF16LE},
		{"UTF-16BE", "", "en ko ja", big, sheet.UTF16BE},
		{"CP949", "", "ko", korean.EUCKR, sheet.CP949},
		{"Shift_JIS", "", "ja", japanese.ShiftJIS, sheet.ShiftJIS},
	}
}

// file writes rows as CSV; end ends a line, and all quotes every cell.
func file(t *testing.T, rows [][]string, delimiter, end string, all bool, c coding) []byte {
	t.Helper()
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(delimiter)
			}
			if all || strings.ContainsAny(cell, "\"\r\n"+delimiter) {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString(end)
	}
	content, err := c.encoding.NewEncoder().Bytes([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte(c.mark), content...)
}

func clone(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i := range rows {
		out[i] = slices.Clone(rows[i])
	}
	return out
}

// eachFile runs a test for every list, encoding and separator.
func eachFile(t *testing.T, test func(t *testing.T, l list, delimiter string, c coding)) {
	for _, l := range lists() {
		for _, c := range codings() {
			if !strings.Contains(c.languages, l.language) {
				continue
			}
			for _, delimiter := range []string{",", ";", "\t"} {
				t.Run(fmt.Sprintf("%s %s %q", l.language, c.name, delimiter), func(t *testing.T) { test(t, l, delimiter, c) })
			}
		}
	}
}

func read(t *testing.T, content []byte, o consolefile.Options) (*sheet.Sheet, *consolefile.File) {
	t.Helper()
	if o.Location == nil {
		o.Location = time.FixedZone("", 9*60*60)
	}
	s, err := sheet.Read(content, sheet.Options{Known: o.Known()})
	if err != nil {
		t.Fatal(err)
	}
	f, err := consolefile.Read(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

// places are the problems of a file as "row 3, column Vendor ID".
func places(f *consolefile.File) []string {
	var found []string
	for _, row := range f.Rows {
		for _, p := range row.Problems {
			place := fmt.Sprintf("row %d", p.Row)
			if p.Column != "" {
				place += ", column " + p.Column
			}
			found = append(found, place)
		}
	}
	return found
}

// Not one clean file raises an alarm, and the devices are what the rows say,
// whatever the language, the encoding and the separator.
func TestCleanFiles(t *testing.T) {
	eachFile(t, func(t *testing.T, l list, delimiter string, c coding) {
		for _, end := range []string{"\n", "\r\n", "\r"} {
			for _, all := range []bool{false, true} {
				s, f := read(t, file(t, l.rows, delimiter, end, all, c), consolefile.Options{})
				if found := places(f); len(found) > 0 {
					t.Fatalf("%q, quotes %t: false alarm: %v: %+v", end, all, found, f.Rows)
				}
				if s.Encoding != c.want || s.Delimiter != delimiter || f.Language != l.language {
					t.Errorf("taken for %s, %q, %s", s.Encoding, s.Delimiter, f.Language)
				}
				if unknown := f.Unknown(); len(unknown) > 0 || len(f.Rows) != 6 || f.Untyped > 0 {
					t.Errorf("unknown columns %v, %d rows, %d without a list", unknown, len(f.Rows), f.Untyped)
				}
				judgeDevices(t, l, f)
			}
		}
	})
}

func judgeDevices(t *testing.T, l list, f *consolefile.File) {
	t.Helper()
	emails := []string{"gildong.hong@example.com", "minsu.kim@example.com", "minus.one@example.com", ""}
	types := []api.DeviceType{api.TypeMobile, api.TypeMobile, api.TypeDriveMobile, api.TypePC}
	apps := []api.AppType{api.AppWorksMobile, api.AppWorksMobile, api.AppDriveMobile, api.AppWorksPC}
	systems := []api.OSType{api.OSIOS, api.OSAndroid, api.OSAndroid, api.OSWindows}
	times := []string{"2026-11-20T10:15", "2026-11-19T23:59", "2026-01-02T03:04", "2025-12-31T00:00"}
	for i, row := range f.Rows {
		d, in := row.Device, l.rows[i+1]
		as := i // the rows after the fourth are the first but for their ids
		if i > 3 {
			as = 0
		}
		if row.Number != i+2 || d.Model != in[colModel] || string(d.VendorID) != in[colVendor] || string(d.SerialNumber) != in[colSerial] {
			t.Errorf("row %d: %+v", row.Number, d)
		}
		if d.OS.Version != in[colOSVersion] || d.App.Version != in[colAppVersion] || d.OS.Type != systems[as] || d.App.Type != apps[as] || d.Type != types[as] {
			t.Errorf("row %d: %+v", row.Number, d)
		}
		if email := emails[as]; email != "" && d.User.Email != email || d.User.UserName == "" || !strings.HasPrefix(in[colUser], d.User.UserName) {
			t.Errorf("row %d: %+v", row.Number, d.User)
		}
		if !strings.HasPrefix(d.LastAccessTime, times[as]) || !strings.HasSuffix(d.LastAccessTime, "+09:00") {
			t.Errorf("row %d: %s", row.Number, d.LastAccessTime)
		}
	}
}

// damage is what a spreadsheet program does to a list. It returns the places
// that must be named: columns by position, -1 for the row as a whole.
type damage struct {
	name string
	do   func(rows [][]string) []place
}

type place struct{ row, column int }

func set(row, column int, text string) func([][]string) []place {
	return func(rows [][]string) []place {
		rows[row-1][column] = text
		return []place{{row, column}}
	}
}

func damages() []damage {
	all := func(column int, change func(string) string) func([][]string) []place {
		return func(rows [][]string) (found []place) {
			for i := range rows[1:] {
				before := rows[i+1][column]
				if rows[i+1][column] = change(before); rows[i+1][column] != before {
					found = append(found, place{i + 2, column})
				}
			}
			return found
		}
	}
	return []damage{
		{"vendor id in scientific notation", set(3, colVendor, "1.23457E+12")},
		{"serial in scientific notation, comma", set(3, colSerial, "1,23457E+12")},
		{"ids rounded", all(colSerial, func(s string) string {
			if s == "" || s[0] == 'F' {
				return s
			}
			return "35540209" + s[3:] + "000"
		})},
		{"one id rounded", set(2, colSerial, "123456789012345000")},
		{"zeros lost", set(2, colSerial, "12345678")},
		{"zeros lost of another", set(3, colSerial, "99887766")},
		{"version a Korean date", set(2, colAppVersion, "4월 10일")},
		{"version a Japanese date", set(2, colAppVersion, "4月10日")},
		{"version an English date", set(2, colAppVersion, "10-Apr")},
		{"version a date of this year", set(2, colAppVersion, "2026-04-10 0:00")},
		{"version a date with slashes", set(2, colOSVersion, "2026/4/10")},
		{"version a month", set(2, colOSVersion, "Apr-10")},
		{"version a time", set(2, colAppVersion, "4:02:01")},
		{"model a date", set(4, colModel, "10-Dec")},
		{"serial a date", set(4, colSerial, "10월 12일")},
		{"an error of a formula", set(4, colUser, "#NAME?")},
		{"a column too narrow", set(5, colAccess, "########")},
		{"a live formula", set(4, colUser, "=HYPERLINK(\"http://x.example\")")},
		{"a live formula after a sign", set(4, colModel, "+cmd|' /C calc'!A0")},
		{"a time without its date", set(4, colAccess, "15:30.0")},
		{"a serial number of a date", set(4, colAccess, "45981.427")},
		{"a time lost", set(4, colAccess, "2026-11-20")},
		{"a character lost", set(4, colModel, "SM\ufffd")},
		{"user and Vendor ID swapped", func(rows [][]string) []place {
			row := rows[1]
			row[colVendor], row[colUser] = row[colUser], row[colVendor]
			return []place{{2, colVendor}, {2, colUser}}
		}},
		{"cells shifted left", func(rows [][]string) []place {
			rows[2] = append(slices.Delete(slices.Clone(rows[2]), colVendor, colVendor+1), "")
			return []place{{3, colSerial}, {3, colApp}, {3, colAppVersion}, {3, colVendor}, {3, colOS}}
		}},
		{"a cell too many", func(rows [][]string) []place {
			rows[2] = slices.Insert(slices.Clone(rows[2]), 3, "x")
			return []place{{3, -1}}
		}},
		{"a cell too few", func(rows [][]string) []place {
			rows[3] = slices.Delete(slices.Clone(rows[3]), 2, 3)
			return []place{{4, -1}}
		}},
		{"the header again", func(rows [][]string) []place {
			rows[3] = slices.Clone(rows[0])
			return []place{{4, -1}}
		}},
	}
}

// Every damage is named at its exact row and column, and nothing else is.
func TestDamagedFiles(t *testing.T) {
	eachFile(t, func(t *testing.T, l list, delimiter string, c coding) {
		for _, d := range damages() {
			rows := clone(l.rows)
			var want []string
			for _, p := range d.do(rows) {
				text := fmt.Sprintf("row %d", p.row)
				if p.column >= 0 {
					text += ", column " + l.rows[0][p.column]
				}
				want = append(want, text)
			}
			if !encodable(rows, c) {
				continue // a Korean date in Shift_JIS
			}
			_, f := read(t, file(t, rows, delimiter, "\r\n", false, c), consolefile.Options{})
			found := places(f)
			if d.name == "cells shifted left" { // enough that the row is known to be shifted
				if len(found) < 3 || slices.ContainsFunc(found, func(p string) bool { return !slices.Contains(want, p) }) {
					t.Errorf("%s: found %v of %v", d.name, found, want)
				}
				continue
			}
			slices.Sort(found)
			slices.Sort(want)
			if !slices.Equal(found, want) {
				t.Errorf("%s: found %v, want %v", d.name, found, want)
			}
		}
	})
}

func encodable(rows [][]string, c coding) bool {
	_, err := c.encoding.NewEncoder().Bytes([]byte(fmt.Sprint(rows)))
	return err == nil && (!strings.Contains(fmt.Sprint(rows), "\ufffd") || bytes.HasPrefix([]byte(c.want), []byte("UTF")))
}
