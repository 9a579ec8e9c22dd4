package consolefile_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/consolefile"
)

// orders are columns as downloads may have them: the model first, or the access.
func orders() [][]int {
	return [][]int{
		{colModel, colVendor, colSerial, colUser, colOS, colOSVersion, colApp, colAppVersion, colAccess},
		{colAccess, colUser, colModel, colOS, colOSVersion, colApp, colAppVersion},
		{colAccess, colAppVersion, colApp, colOSVersion, colOS, colSerial, colVendor, colModel, colUser},
		{colUser, colApp, colAppVersion, colModel, colOS, colOSVersion, colVendor, colSerial, colAccess},
		{colOS, colModel, colApp, colUser, colSerial, colOSVersion, colVendor, colAccess, colAppVersion},
		{colModel, colOS, colUser, colApp, colAccess},
	}
}

func arrange(rows [][]string, order []int) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		for _, column := range order {
			out[i] = append(out[i], row[column])
		}
	}
	return out
}

// cantTell says which cells may change places without a sign: those of a kind, and
// free text in a column of free text.
func cantTell(a, b int, row []string) bool {
	if a > b {
		a, b = b, a
	}
	switch {
	case row[a] == "" && row[b] == "":
		return true
	case a == colOSVersion && b == colAppVersion: // both are versions; a lone 14 tells among versions with dots
		return strings.Contains(row[a], ".")
	case a == colModel && b == colSerial: // both are free text but for names such as Galaxy S24
		return !slices.Contains([]string{"iPhone 15 Pro", "Galaxy S24, Ultra", "아이폰 15 프로", "갤럭시 S24, 울트라", "アイフォン 15 Pro"}, row[a])
	case a == colModel && b == colVendor: // a name without blanks may be an id
		return row[b] == "" && !strings.Contains(row[a], " ")
	case a == colVendor && b == colSerial: // only Apple's Vendor IDs are all of one shape
		return row[a] == "" && row[colOS] != "iOS"
	}
	return false
}

// judge reads good rows and the moved ones below them, and returns what was named
// of each moved row.
func judge(t *testing.T, good, moved [][]string) [][]string {
	t.Helper()
	_, f := read(t, file(t, slices.Concat(good, moved), ",", "\n", false, codings()[0]), consolefile.Options{})
	found := make([][]string, len(moved))
	for i := range f.Rows { // that another row of the device says otherwise is a sign of its own
		row := &f.Rows[i]
		row.Problems = slices.DeleteFunc(row.Problems, func(p consolefile.Problem) bool { return strings.Contains(p.Text, "says otherwise") })
	}
	for _, place := range places(f) {
		text, column, _ := strings.Cut(strings.TrimPrefix(place, "row "), ", column ")
		row, err := strconv.Atoi(text)
		if err != nil || row <= len(good) {
			t.Fatalf("false alarm: %s", place)
		}
		found[row-len(good)-1] = append(found[row-len(good)-1], column)
	}
	return found
}

// Two cells that changed places are named, in every order of the columns, where
// it can be told at all.
func TestSwappedCells(t *testing.T) {
	for _, l := range lists() {
		for _, order := range orders() {
			good := arrange(l.rows, order)
			var moved [][]string
			var pairs [][2]int
			var from [][]string
			for at := 1; at < len(good); at++ {
				for i := range order {
					for j := range i {
						row := slices.Clone(good[at])
						row[i], row[j] = row[j], row[i]
						moved, pairs, from = append(moved, row), append(pairs, [2]int{i, j}), append(from, l.rows[at])
					}
				}
			}
			for n, found := range judge(t, good, moved) {
				i, j := pairs[n][0], pairs[n][1]
				if len(found) == 0 && !cantTell(order[i], order[j], from[n]) {
					t.Errorf("%q: the swap of %q and %q isn't told", moved[n], moved[n][i], moved[n][j])
				}
				for _, column := range found {
					if column != good[0][i] && column != good[0][j] {
						t.Errorf("%q: %s, and %q and %q were swapped", moved[n], column, moved[n][i], moved[n][j])
					}
				}
			}
		}
	}
}

// tells reports whether a shift put some text where it can't be. A last cell that
// fell off leaves no sign, nor does a model where a member's name stands, nor a
// serial number where a Vendor ID may.
func tells(order []int, row, moved []string) bool {
	for i, text := range moved {
		from := slices.Index(row, text)
		switch {
		case text == "" || text == row[i]:
		case order[i] == colUser && order[from] == colModel, order[i] == colVendor && order[from] == colSerial:
		default:
			return true
		}
	}
	return false
}

// A cell that is missing within a row, and those after it moved, is told wherever
// it was, and so is one too many, the last having fallen off.
func TestShiftedCells(t *testing.T) {
	for _, l := range lists() {
		for _, order := range orders() {
			good := arrange(l.rows, order)
			var moved [][]string
			for _, row := range good[1:] {
				for from := range len(order) - 1 {
					left := append(slices.Delete(slices.Clone(row), from, from+1), "")
					right := slices.Insert(slices.Clone(row), from, "")[:len(row)]
					for _, m := range [][]string{left, right} {
						if tells(order, row, m) {
							moved = append(moved, m)
						}
					}
				}
			}
			for n, found := range judge(t, good, moved) {
				if len(found) == 0 {
					t.Errorf("the shift of %q isn't told", moved[n])
				}
			}
		}
	}
}

// What reviewers found to pass.
func TestCellsOfOtherColumns(t *testing.T) {
	const header = "Recent Access,User,Device,OS,OS Version,Installed App,App Version\n2026-11-20 10:15,A (a@example.com),Galaxy,Android,14,NAVER WORKS,4.3.0\n"
	for cells, want := range map[string]string{
		"A (a@example.com),Galaxy,NAVER WORKS,4.3.0,Android,14":                           "OS Installed App App Version",
		"A (a@example.com),Android,Galaxy,14,NAVER WORKS,4.3.0":                           "Device OS",
		"A (a@example.com),홍길동 (h@example.com),Android,14,NAVER WORKS,4.3.0":              "Device",
		"A (a@example.com),h@example.com,Android,14,NAVER WORKS,4.3.0":                    "Device",
		"iPhone 15,A,Android,14,NAVER WORKS,4.3.0":                                        "User",
		"A (a@example.com),NAVER WORKS,Android,14,Galaxy,4.3.0":                           "Device Installed App",
		"A (a@example.com),iOS 18.1,Android,14,NAVER WORKS,4.3.0":                         "Device",
		"iOS 18.1,Galaxy,Android,14,NAVER WORKS,4.3.0":                                    "User",
		"Android (14),Galaxy,Android,14,NAVER WORKS,4.3.0":                                "User",
		"NAVER WORKS 4.3.0,Galaxy,Android,14,NAVER WORKS,4.3.0":                           "User",
		"A (a@example.com),Galaxy,NAVER WORKS,14,NAVER WORKS,4.3.0":                       "OS",
		"A (a@example.com),Galaxy,iPhone 15,14,NAVER WORKS,4.3.0":                         "OS",
		"A (a@example.com),Galaxy,Android,Hong (a@example.com),NAVER WORKS,4.3.0":         "OS Version",
		"A (a@example.com),Galaxy,Android,14,Hong (a@example.com),4.3.0":                  "Installed App",
		"A (a@example.com),Galaxy,Android,14,iOS,4.3.0":                                   "Installed App",
		`A (a@example.com),Galaxy,Android,14,"NAVER WORKS (4.0.1), WORKS Drive (5.0.1)",`: "Installed App",
		`A (a@example.com),Galaxy,Android,14,"WORKS 4.2.1, WORKS Drive 3.0.1",`:           "Installed App",
		"A (a@example.com),Galaxy,Android,14,\"WORKS 4.2.1\nWORKS Drive 3.0.1\",":         "Installed App",
		"A (a@example.com),Galaxy,Android,14,WORKS 4.2.1;WORKS Drive 3.0.1,":              "Installed App",
		"A (a@example.com),Galaxy,Android,14,WORKS 4.2.1/Drive 3.0.1,":                    "Installed App",
		`A (a@example.com),Galaxy,Android,14,"WORKS, Foo",`:                               "Installed App",
		`A (a@example.com),Galaxy,Android,14,NAVER WORKS,"4.2.1, 3.0.1"`:                  "App Version",
		// No false alarm: names that only sound like another column's.
		"Mac (mac@example.com),Windows PC,Windows,11,WORKS,4.3.0":                    "",
		"Android Kim,MacBook,macOS,15.1,NAVER WORKS Drive,4.3.0":                     "",
		"Android (android@example.com),iPhone,iOS,18.1,LINE WORKS,4.3.0":             "",
		"iPhone 15 (phone@example.com),iPhone 15,iPadOS,18.1,네이버웍스 모바일 앱,4.3.0":      "",
		"LINE WORKS (admin@example.com),Windows 11,Microsoft Windows,11,Drive,4.3.0": "",
		"김서연(영업/마케팅),Mac,Harmony,4.2,모바일 앱,4.3.0":                                    "",
		"O'Neil (HR) (o'neil@example.com),Mac14,macOS Sonoma,14.5,PC App,4.3.0":      "",
		"Works Kim,SM-S918N,Android,14,NAVER WORKS (Mobile/Tablet),4.3.0":            "",
		"山田・太郎（yamada）,iPhone SE (3rd generation),iOS,18.1,ドライブ エクスプローラー,4.3.0":      "",
		"A (a@example.com),Galaxy,Unknown,unknown,Unknown,unknown":                   "",
	} {
		_, f := read(t, []byte(header+"2026-11-20 10:15,"+cells+"\n"), consolefile.Options{})
		var found []string
		for _, p := range f.Rows[1].Problems {
			found = append(found, p.Column)
		}
		if len(f.Rows[0].Problems) > 0 || strings.Join(found, " ") != want {
			t.Errorf("%s: %q, want %q: %+v", cells, strings.Join(found, " "), want, f.Rows[1].Problems)
		}
	}
}

// Words of remote management are known or a fault, and a total is no device.
func TestWordsAndTotals(t *testing.T) {
	for _, tt := range []struct{ content, want string }{
		{"Device,User,MDM\na,A,Registered\nb,B,미등록\nc,C,3rd-party MDM\nd,D,登録待ち\n", ""},
		{"Device,User,MDM\na,A,banana\n", "row 2, column MDM"},
		{"Device,User,MDM\na,A,2026-04-10\n", "row 2, column MDM"},
		{"Device,User,mdm_provider\na,A,banana\nb,B,EXTERNAL\n", "row 2, column mdm_provider"},
		{"Device,User\niPhone,A\nTotal,1\n", "row 3"},
		{"Device,User,OS\niPhone,A,iOS\n합계: 1대\n", "row 3"},
		{"Device,User,OS\niPhone,A,iOS\n合計,,1\n", "row 3"},
		{"Device,User,OS\niPhone,A,iOS\n총 1대,,\n", "row 3"},
		{"Device,User,OS\niPhone,A,iOS\n,Grand Total,12 devices\n", "row 3"},
		{"Device,User,OS\niPhone,A,iOS\nGalaxy,-,\n", "row 3"},
		{"Device,User ID,OS\niPhone,a,iOS\n-,-,Android\n", "row 3"},
		{"Device,User,Serial Number\niPhone,A,\nGalaxy,,R5CT10ABCDE\nPC,B,없음\nPC,B,0\n", ""},
		{"Device,OS\niPhone,iOS\n", ""},
		{"Device,User\nTotal,Kim\n", ""},
	} {
		_, f := read(t, []byte(tt.content), consolefile.Options{})
		if found := strings.Join(places(f), " "); found != tt.want {
			t.Errorf("%q: %q, want %q", tt.content, found, tt.want)
		}
		for _, row := range f.Rows {
			if m := row.Device.MDM; len(row.Problems) > 0 && m.Status != "" {
				t.Errorf("%+v", row)
			}
		}
	}
}
