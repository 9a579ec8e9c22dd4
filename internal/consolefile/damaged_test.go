package consolefile_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/consolefile"
)

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
			return []place{{3, colSerial}, {3, colOS}, {3, colOSVersion}, {3, colApp}, {3, colAppVersion}}
		}},
		{"a cell too many", func(rows [][]string) []place {
			rows[2] = slices.Insert(slices.Clone(rows[2]), 3, "x")
			return []place{{3, -1}}
		}},
		{"a cell too few", func(rows [][]string) []place {
			rows[3] = slices.Delete(slices.Clone(rows[3]), 2, 3)
			return []place{{4, -1}}
		}},
		{"a serial is a month", set(4, colSerial, "2001-Apr")},
		{"a member's id in scientific notation", set(4, colUser, "Kim (1.23E+12)")},
		{"a model in scientific notation", set(4, colModel, "2.10E+07")},
		{"a system is an error", set(4, colOS, "#VALUE!")},
		{"a total", func(rows [][]string) []place {
			rows[4] = append([]string{"合計: 4台"}, make([]string, len(rows[0])-1)...)
			return []place{{5, -1}}
		}},
		{"a row without member and id", func(rows [][]string) []place {
			clear(rows[3][colVendor:]) // the model alone is left
			rows[3][colUser] = "-"
			return []place{{4, -1}}
		}},
		{"two apps", set(2, colApp, "WORKS 4.2.1, WORKS Drive 3.0.1")},
		{"a whole number among versions", set(3, colAppVersion, "4")},
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
			slices.Sort(found)
			slices.Sort(want)
			if !slices.Equal(found, want) {
				t.Errorf("%s: found %v, want %v", d.name, found, want)
			}
		}
	})
}

// A workbook into which a damaged file was copied as text has the same faults.
func TestDamagedTextInWorkbooks(t *testing.T) {
	for _, l := range lists() {
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
			if d.name == "a cell too few" {
				continue // a workbook's rows end where their text does
			}
			_, f := read(t, workbook(t, rows, nil), consolefile.Options{})
			found := places(f)
			slices.Sort(found)
			slices.Sort(want)
			if !slices.Equal(found, want) {
				t.Errorf("%s: %s: found %v, want %v", l.language, d.name, found, want)
			}
		}
	}
}

func encodable(rows [][]string, c coding) bool {
	_, err := c.encoding.NewEncoder().Bytes([]byte(fmt.Sprint(rows)))
	return err == nil && (!strings.Contains(fmt.Sprint(rows), "\ufffd") || bytes.HasPrefix([]byte(c.want), []byte("UTF")))
}
