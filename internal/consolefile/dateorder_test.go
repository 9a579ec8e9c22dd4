package consolefile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sheet"
)

const accessHeader = "Device,User,Recent Access\n"

// A spreadsheet of another country takes 03/04 for March 4 and leaves 13/04 as
// it is: dates of two kinds in a column are the trace of it.
func TestSwappedDaysAndMonths(t *testing.T) {
	april := time.Date(2026, 3, 4, 10, 15, 0, 0, time.UTC)
	for name, first := range map[string]any{"date": april, "number": 46085.427} {
		for _, o := range []consolefile.Options{{}, {Map: maps(t, "Recent Access=last_access:dmy")}} {
			book := workbook(t, [][]string{{"Device", "User", "Recent Access"}, {"iPhone", "A", ""}, {"iPhone", "B", "13/04/2026 10:15"}}, func(b *excelize.File, s string) {
				if err := b.SetCellValue(s, "C2", first); err != nil {
					t.Fatal(err)
				}
			})
			s, err := sheet.Read(book, sheet.Options{Known: o.Known()})
			if err == nil {
				_, err = consolefile.Read(s, o)
			}
			if e := exit.As(err); e == nil || !strings.Contains(e.Error(), "row 2, column Recent Access") || !strings.Contains(e.Error(), "swapped day and month") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, rows := range []string{
		"a,A,2026-03-04 10:15\na,B,13/04/2026 10:15\n", "a,A,13/04/2026 10:15\na,B,\"Mar 4, 2026 10:15\"\n", "a,A,2026-03-04T10:15:00Z\na,B,3/4/26 10:15\n",
	} {
		if e := failure(t, accessHeader+rows, consolefile.Options{}); !strings.Contains(e.Error(), "swapped day and month") {
			t.Errorf("%q: %s", rows, e)
		}
	}
	clean := "a,A,03/04/2026 10:15\na,B,13/04/2026 10:15\na,C,\na,D,-\n"
	if _, f := read(t, []byte(accessHeader+clean), consolefile.Options{Location: time.UTC}); f.Rows[0].Device.LastAccessTime != "2026-04-03T10:15:00Z" || len(places(f)) > 0 {
		t.Errorf("%+v", f.Rows)
	}
}

func TestShortYearsAndZones(t *testing.T) {
	dmy := consolefile.Options{Map: maps(t, "Recent Access=last_access:dmy")}
	for _, tt := range []struct {
		o    consolefile.Options
		cell string
		want string
	}{
		{consolefile.Options{}, "11/20/26 10:15", "2026-11-20T10:15:00Z"},
		{dmy, "20/11/26 10:15", "2026-11-20T10:15:00Z"},
		{dmy, "03/04/26 10:15", "2026-04-03T10:15:00Z"},
		{consolefile.Options{}, "20/11/26 10:15", "--map"}, // perhaps of 2020
		{consolefile.Options{}, "11/11/26 10:15", "--map"},
		{consolefile.Options{}, "03/04/26 10:15", "--map"},
		{consolefile.Options{}, "2026-11-20 10:15 (UTC+09:00)", "2026-11-20T10:15:00+09:00"},
		{consolefile.Options{}, "2026-11-20 10:15(GMT+9)", "2026-11-20T10:15:00+09:00"},
		{consolefile.Options{}, "2026. 11. 20. 오후 10:15 (+0900)", "2026-11-20T22:15:00+09:00"},
		{consolefile.Options{}, "2026-11-20 10:15 UTC", "2026-11-20T10:15:00Z"},
		{consolefile.Options{}, "2026-11-20 10:15 (KST)", "2026-11-20T10:15:00+09:00"},
		{consolefile.Options{}, "2026-11-20 10:15 JST", "2026-11-20T10:15:00+09:00"},
		{consolefile.Options{}, "11/20/2026 10:15 AM (UTC-03:30)", "2026-11-20T10:15:00-03:30"},
		{consolefile.Options{}, "2026年11月20日(金) 10:15", "2026-11-20T10:15:00Z"},
		{consolefile.Options{}, "2026-11-20 10:15 (UTC+25:00)", "is no time"},
		{consolefile.Options{}, "2026-11-20 10:15 (UTC+09:99)", "is no time"},
		{consolefile.Options{}, "2026-11-20 10:15 (IST)", "is no time"},
		{consolefile.Options{}, "2026-11-20 (UTC+09:00)", "is no time"},
		{consolefile.Options{}, "20.11.26 10:15", "is no time"},
	} {
		content := accessHeader + "iPhone,A,\"" + tt.cell + "\"\n"
		tt.o.Location = time.UTC
		if tt.want == "--map" {
			if e := failure(t, content, tt.o); e.ID != "DATE_ORDER" || !strings.Contains(e.Hint, tt.want) {
				t.Errorf("%q: %s", tt.cell, e)
			}
			continue
		}
		_, f := read(t, []byte(content), tt.o)
		got := f.Rows[0].Device.LastAccessTime
		for _, p := range f.Rows[0].Problems {
			got = p.Text
		}
		if got != tt.want && (tt.want != "is no time" || !strings.Contains(got, tt.want)) {
			t.Errorf("%q: %s, want %s", tt.cell, got, tt.want)
		}
	}
}
