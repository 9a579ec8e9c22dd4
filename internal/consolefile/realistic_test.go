package consolefile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/sheet"
)

// kind is a system with its versions, models and apps.
type kind struct {
	system                      []string
	versions, models, apps, ids []string
}

func kinds() []kind {
	const mobile, pc = "NAVER WORKS|LINE WORKS|WORKS|WORKS Drive|NAVER WORKS Drive|네이버웍스|ドライブ|모바일 앱", "NAVER WORKS|LINE WORKS|PC|Drive Explorer|WORKS Drive Explorer|드라이브 탐색기|PC App|PCアプリ"
	list := func(text string) []string { return strings.Split(text, "|") }
	return []kind{
		{list("iOS|iPadOS|IOS|iPhone OS"), list("18.1|18.10|26.1|17.0.3|18|15.1.1 (19B81)|18.2 beta 3"), list("iPhone 15 Pro|iPhone|iPad Pro 11-inch (4th generation)|아이폰 15|アイフォン 15|iPhone SE (3rd generation)|iPhone14,2"), list(mobile), list("|F2LXK0QZ0D|G6TZ1234PQ")},
		{list("Android|ANDROID|안드로이드|アンドロイド"), list("14|8.1.0|7.1.2|10|16|14 (UP1A.231005.007)|15-beta2"), list("SM-S918N|Galaxy S24, Ultra|Pixel 8|갤럭시 A54|Xperia 10 V|AQUOS R9|2201117TG|moto g(7) power|Galaxy Z Flip5; 블루|表示端末"), list(mobile), list("|R5CT10ABCDE|R5CN90ABCDE")},
		{list("Windows|Windows 11 Pro|Microsoft Windows|윈도우"), list("11|10.0.22631.4460|22H2|11 Pro 23H2|10.0.19045|6.1.7601|10 2004|8.1"), list("ThinkPad X1|그램 17|レッツノート|DESKTOP-4F2K1L0|Windows PC|HP EliteBook 840 G9|VMware7,1|PC-김민수"), list(pc), list("|PF3ABCDE|To be filled by O.E.M.|5CG1234ABC")},
		{list("macOS|Mac OS X|macOS Sequoia|MACOS"), list("15.1.1 (24B91)|14.7.1|10.15.7|26|11.7.10"), list("MacBook Pro|MacBookPro18,3|iMac|Mac14,2|Mac"), list(pc), list("|C02XK0QZJG5J|FVFXK0QZ0D")},
	}
}

// The columns that only some lists have.
const columnID, columnEmail = 100, 101

// headers of each column in English, Korean and Japanese, apart and together.
func headers(language string) map[int][2]string {
	all := map[string]map[int][2]string{
		"en": {colModel: {"Device"}, colVendor: {"Vendor ID"}, colSerial: {"Serial Number"}, colUser: {"User Name", "User (name and ID)"}, colOS: {"OS"}, colOSVersion: {"OS Version"}, colApp: {"Installed App"}, colAppVersion: {"App Version"}, colAccess: {"Recent Access"}},
		"ko": {colModel: {"모델명"}, colVendor: {"Vendor ID"}, colSerial: {"일련번호"}, colUser: {"사용자 이름", "사용자"}, colOS: {"OS"}, colOSVersion: {"OS 버전"}, colApp: {"설치된 앱"}, colAppVersion: {"앱 버전"}, colAccess: {"최근 접속"}},
		"ja": {colModel: {"モデル"}, colVendor: {"Vendor ID"}, colSerial: {"シリアル番号"}, colUser: {"ユーザー名", "メンバー"}, colOS: {"デバイスOS"}, colOSVersion: {"OSバージョン"}, colApp: {"インストール済みアプリ"}, colAppVersion: {"アプリバージョン"}, colAccess: {"最近のアクセス"}},
	}
	return all[language]
}

// No clean file is refused, whatever its columns and their order, its language,
// its encoding and its separator. Left out is what can't be told from damage: a
// single version of two parts among longer ones, which may be 4.10, and ids of
// digits that differ in length.
func TestRealisticFilesAreClean(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.SampledFrom(codings()).Draw(rt, "coding")
		language := rapid.SampledFrom(strings.Fields(c.languages)).Draw(rt, "language")
		pick := func(from []string) string { return rapid.SampledFrom(from).Draw(rt, "cell") }
		appVersions := rapid.SampledFrom([][]string{
			{"4.2.1", "4.10.0", "4.2.1-beta", "4.2.0+build.77", "4.1.0.1187", "3.9.12", "v4.3", "4.1.0-rc.2", "4.2.1 (1234)", "unknown"},
			{"4.0", "4.1", "4.10", "3.9"}, {"4.1", "4.2", "4.3"}, {"4.2.1"},
		}).Draw(rt, "versions")
		together, apart := rapid.Bool().Draw(rt, "versions with names"), rapid.Bool().Draw(rt, "ids apart")
		columns := []int{colModel, colUser}
		optional := []int{colVendor, colSerial, colOS, colApp, colAccess}
		if !together {
			optional = append(optional, colOSVersion, colAppVersion)
		}
		if apart {
			columns = append(columns, columnEmail)
			optional = append(optional, columnID)
		}
		for _, column := range optional {
			if rapid.Bool().Draw(rt, "has") {
				columns = append(columns, column)
			}
		}
		columns = rapid.Permutation(columns).Draw(rt, "order")
		names := []string{"홍길동", "김민수", "이영희"}
		switch language {
		case "ja":
			names = []string{"山田太郎", "佐藤 花子", "鈴木"}
		case "en":
			names = []string{"Gildong Hong", "Android Kim", "Mac", "O'Neil, Jr.", "May Works"}
		}
		rows := [][]string{{}}
		for _, column := range columns {
			h := headers(language)[column]
			text := h[0]
			switch {
			case column == columnID:
				text = "User ID"
			case column == columnEmail:
				text = "E-mail"
			case column == colUser && !apart:
				text = h[1]
			}
			rows[0] = append(rows[0], text)
		}
		numeric := rapid.Bool().Draw(rt, "ids of digits")
		for n := range rapid.IntRange(1, 25).Draw(rt, "rows") {
			k := rapid.SampledFrom(kinds()).Draw(rt, "kind")
			member := rapid.IntRange(1, 40).Draw(rt, "member")
			id, email := fmt.Sprintf("member.%d", member), fmt.Sprintf("member.%d@example.com", member)
			if numeric {
				id = fmt.Sprintf("%07d", 1_000_000+member)
			}
			name := names[member%len(names)]
			system, app := pick(k.system), pick(k.apps)
			if together {
				app = strings.TrimSuffix(app+" "+pick(appVersions), " unknown")
				if !strings.ContainsAny(system, "0123456789") {
					system += " " + pick(k.versions)
				}
			}
			user := name
			switch {
			case apart && member%3 == 0:
				user += " (HR)"
			case !apart && member%2 == 0:
				user += " (" + email + ")"
			case !apart:
				user += "(" + id + ")"
			}
			vendor := rapid.SampledFrom([]string{"", "-", fmt.Sprintf("3F2504E0-4F89-11D3-9A0C-%012X", n)}).Draw(rt, "vendor")
			if strings.EqualFold(k.system[0], "Android") && vendor != "" {
				vendor = fmt.Sprintf("%08xa%07x", n, n)
			}
			values := map[int]string{
				colModel: pick(k.models), colVendor: vendor, colSerial: pick(k.ids), colUser: user, colOS: system, colOSVersion: pick(k.versions), colApp: app, colAppVersion: pick(appVersions),
				colAccess: "2026-11-20 10:15", columnID: id, columnEmail: email,
			}
			var row []string
			for _, column := range columns {
				row = append(row, values[column])
			}
			if _, err := c.encoding.NewEncoder().String(strings.Join(row, "")); err == nil {
				rows = append(rows, row)
			}
		}
		older := addOverlap(rt, &rows, columns)
		content := file(t, rows, rapid.SampledFrom([]string{",", ";", "\t"}).Draw(rt, "separator"), "\r\n", rapid.Bool().Draw(rt, "quotes"), c)
		s, err := sheet.Read(content, sheet.Options{Encoding: c.want, Known: consolefile.Options{}.Known()})
		if err != nil {
			rt.Fatal(err)
		}
		f, err := consolefile.Read(s, consolefile.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		for _, row := range f.Rows {
			if len(row.Problems) > 0 {
				rt.Fatalf("false alarm: %q: %+v", rows[row.Number-1], row.Problems)
			}
			if row.Older != older[row.Number] {
				rt.Fatalf("older %t: %q", row.Older, rows[row.Number-1])
			}
		}
		if len(f.Rows) != len(rows)-1 || len(f.Unknown()) > 0 {
			rt.Fatalf("%d rows of %d, unknown %v", len(f.Rows), len(rows)-1, f.Unknown())
		}
	})
}

// addOverlap puts rows of a second download below: the same again, rows of an
// earlier access, and rows of another app or member of the same device. It returns
// the numbers of those that a later one of the same device, member and app makes
// worthless.
func addOverlap(rt *rapid.T, rows *[][]string, columns []int) map[int]bool {
	older := map[int]bool{}
	at := func(column int) int { return slices.Index(columns, column) }
	for _, row := range slices.Clone((*rows)[1:]) {
		row = slices.Clone(row)
		change := rapid.SampledFrom([]string{"", "", "same", "older", "app", "member"}).Draw(rt, "overlap")
		switch {
		case change == "":
			continue
		case change == "older" && at(colAccess) >= 0:
			row[at(colAccess)] = "2026-05-20 09:00"
			if at(colOSVersion) >= 0 {
				row[at(colOSVersion)] = "8.1"
			}
			older[len(*rows)+1] = at(colVendor) >= 0 && len(row[at(colVendor)]) > 1
		case change == "app" && at(colApp) >= 0:
			row[at(colApp)] = "Roger"
		case change == "member":
			row[at(colUser)] = "May"
			if at(columnEmail) >= 0 {
				row[at(columnEmail)] = "other@example.com"
			}
			if at(columnID) >= 0 {
				row[at(columnID)] = "9000000"
			}
		}
		*rows = append(*rows, row)
	}
	return older
}
