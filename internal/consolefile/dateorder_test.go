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
	ymd := consolefile.Options{Map: maps(t, "Recent Access=last_access:ymd")}
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
		{consolefile.Options{}, "20.11.26 10:15", "--map"},
		{ymd, "26.11.20 10:15", "2026-11-20T10:15:00Z"},
		{ymd, "26/11/20", "2026-11-20T00:00:00Z"},
		{ymd, "26-11-20 10:15", "2026-11-20T10:15:00Z"},
		{ymd, "20/11/2026 10:15", "doesn't begin with its year"},
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
		if got != tt.want && !strings.HasSuffix(got, tt.want) && (tt.want != "is no time" || !strings.Contains(got, tt.want)) {
			t.Errorf("%q: %s, want %s", tt.cell, got, tt.want)
		}
	}
}

// No device was used tomorrow: such a time is of another order, or swapped.
func TestTimesInTheFuture(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	type row struct{ cell, want string }
	for _, tt := range []struct {
		mapped string
		rows   []row
	}{
		{rows: []row{{"2026-11-23 09:00", "2026-11-23T09:00:00Z"}, {"2026-11-23 09:01", `"2026-11-23 09:01" is in the future (if right: --map 'Recent Access=last_access:exact')`}}},
		{rows: []row{{"2026-12-03 10:15", `is in the future: were day and month swapped? (if right: --map`}, {"2026-11-20T10:15:00Z", "2026-11-20T10:15:00Z"}}},
		{rows: []row{{"2026-12-03T10:15:00Z", `"2026-12-03T10:15:00Z" is in the future (if right: --map`}}},
		{mapped: "Recent Access=last_access:exact", rows: []row{{"2026-12-03 10:15", "2026-12-03T10:15:00Z"}}},
		// The day stands first, and one cell was swapped; another is of no order.
		{rows: []row{{"20/11/2026 10:15", "2026-11-20T10:15:00Z"}, {"03/12/2026 10:15", "is in the future: were day and month swapped? (if right"}, {"01/02/2062 10:15", "is in the future (if right"}}},
		{rows: []row{{"01/02/2062 10:15", "is in the future"}, {"20/11/2026 10:15", "2026-11-20T10:15:00Z"}}},
		// An order in which no device was used yet is none.
		{rows: []row{{"03/12/2026 10:15", "2026-03-12T10:15:00Z"}, {"03/04/2026 10:15", "2026-03-04T10:15:00Z"}}},
		{rows: []row{{"12/03/2026 10:15", "2026-03-12T10:15:00Z"}, {"03/04/2026 10:15", "2026-04-03T10:15:00Z"}}},
		{rows: []row{{"26.11.20 10:15", "2026-11-20T10:15:00Z"}, {"26.10.31 10:15", "2026-10-31T10:15:00Z"}}},
		{rows: []row{{"20.11.26 10:15", "2026-11-20T10:15:00Z"}, {"31.10.26 10:15", "2026-10-31T10:15:00Z"}}},
		// The wrong order was named.
		{mapped: "Recent Access=last_access:dmy", rows: []row{
			{"03/12/2026 10:15", `is in the future: if the month stands first: --map 'Recent Access=last_access:mdy' (if right: --map 'Recent Access=last_access:dmy:exact')`},
			{"03/04/2026 10:15", "2026-04-03T10:15:00Z"},
		}},
	} {
		o := consolefile.Options{Location: time.UTC, Now: now}
		if tt.mapped != "" {
			o.Map = maps(t, tt.mapped)
		}
		content := accessHeader
		for _, r := range tt.rows {
			content += "iPhone,A," + r.cell + "\n"
		}
		_, f := read(t, []byte(content), o)
		for i, r := range tt.rows {
			got := f.Rows[i].Device.LastAccessTime
			for _, p := range f.Rows[i].Problems {
				got += p.Text
			}
			if !strings.Contains(got, r.want) {
				t.Errorf("%q: %s, want %s", r.cell, got, r.want)
			}
		}
	}
	for content, want := range map[string]string{
		"a,A,03/12/2026 10:15\na,A,12/03/2026 10:15\n": "whether the day or the month stands first can't be told",
		"a,A,26.11.20 10:15\n":                         "whether the day or the year stands first can't be told",
		"a,A,03/04/05\n":                               "whether the day, the month or the year stands first can't be told",
	} {
		if e := failure(t, accessHeader+content, consolefile.Options{Location: time.UTC, Now: now}); e.ID != "DATE_ORDER" || !strings.Contains(e.Error(), want) ||
			strings.Contains(want, "year") != strings.Contains(e.Hint, "or --map 'Recent Access=last_access:ymd' for the year") {
			t.Errorf("%q: %s (%s)", content, e, e.Hint)
		}
	}
}

// A date of a workbook can be swapped too.
func TestADateOfAWorkbookInTheFuture(t *testing.T) {
	_, f := read(t, workbook(t, lists()[0].rows, func(b *excelize.File, s string) {
		if err := b.SetCellValue(s, "I2", time.Date(2026, 12, 10, 10, 15, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}), consolefile.Options{Location: time.UTC, Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)})
	if found := places(f); len(found) != 1 || !strings.Contains(f.Rows[0].Problems[0].Text, "in the future: were day and month swapped?") {
		t.Errorf("%v", f.Rows[0].Problems)
	}
}

func TestAZoneInTheHeader(t *testing.T) {
	seoul, london := zone(t, "Asia/Seoul"), zone(t, "Europe/London")
	for _, tt := range []struct {
		header string
		o      consolefile.Options
		want   string // empty: --tz contradicts it
	}{
		{"Last seen (UTC)", consolefile.Options{Location: seoul}, "2026-11-20T10:15:00Z"},
		{"Last seen(GMT)", consolefile.Options{Location: seoul}, "2026-11-20T10:15:00Z"},
		{"최근 접속（KST）", consolefile.Options{Location: london}, "2026-11-20T10:15:00+09:00"},
		{"Last seen (JST)", consolefile.Options{Location: london}, "2026-11-20T10:15:00+09:00"},
		{"Last seen (UTC+9)", consolefile.Options{Location: london}, "2026-11-20T10:15:00+09:00"},
		{"Last seen (GMT+09:00)", consolefile.Options{Location: london}, "2026-11-20T10:15:00+09:00"},
		{"Last seen (YYYY-MM-DD)", consolefile.Options{Location: seoul}, "2026-11-20T10:15:00+09:00"},
		{"Last seen", consolefile.Options{Location: seoul, Zoned: true}, "2026-11-20T10:15:00+09:00"},
		{"Last seen (KST)", consolefile.Options{Location: seoul, Zoned: true}, "2026-11-20T10:15:00+09:00"},
		{"Last seen (UTC)", consolefile.Options{Location: london, Zoned: true}, "2026-11-20T10:15:00Z"},
		{"Last seen (UTC)", consolefile.Options{Location: seoul, Zoned: true}, ""},
		{"Last seen (GMT+09:00)", consolefile.Options{Location: time.UTC, Zoned: true}, ""},
	} {
		tt.o.Map = maps(t, tt.header+"=last_access")
		content := "Device,User," + tt.header + "\niPhone,A,2026-11-20 10:15\n"
		if tt.want == "" {
			if e := failure(t, content, tt.o); e.Exit != exit.Usage || !strings.Contains(e.Error(), "names another zone") || !strings.Contains(e.Hint, "--tz") {
				t.Errorf("%s: %v", tt.header, e)
			}
			continue
		}
		if _, f := read(t, []byte(content), tt.o); f.Rows[0].Device.LastAccessTime != tt.want {
			t.Errorf("%s: %+v, want %s", tt.header, f.Rows[0], tt.want)
		}
	}
	// A zone behind the time is nearer.
	o := consolefile.Options{Location: seoul, Map: maps(t, "Last seen (UTC)=last_access")}
	if _, f := read(t, []byte("Device,User,Last seen (UTC)\niPhone,A,2026-11-20 10:15 (KST)\n"), o); f.Rows[0].Device.LastAccessTime != "2026-11-20T10:15:00+09:00" {
		t.Errorf("%+v", f.Rows[0])
	}
}
