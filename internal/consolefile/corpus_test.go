package consolefile_test

import (
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
