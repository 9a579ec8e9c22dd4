package consolefile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/consolefile"
)

// Downloads that were pasted together may have several rows of one app on one
// device of one member: that of the latest access counts, and rows between which
// no time decides are damage.
func TestOverlappingDownloads(t *testing.T) {
	const (
		vendor = "Device,Vendor ID,User,OS,App,Recent Access\n"
		ids    = "Device,Device ID,Vendor ID,User,OS,App,Recent Access\n"
		v      = "3F2504E0-4F89-11D3-9A0C-0305E82C3301"
		old    = "iPhone," + v + ",A (a@example.com),iOS 17.1,NAVER WORKS 4.1.0,2026-05-20 10:15\n"
		newer  = "iPhone," + v + ",A (a@example.com),iOS 18.1,NAVER WORKS 4.2.1,2026-11-20 10:15\n"
	)
	in := func(text string, changes ...string) string { return strings.NewReplacer(changes...).Replace(text) }
	for name, tt := range map[string]struct {
		content string
		older   []int
		bad     []string
	}{
		"the older first":        {vendor + old + newer, []int{2}, nil},
		"the newer first":        {vendor + newer + old + old, []int{3, 4}, nil},
		"three downloads":        {vendor + in(old, "2026-05", "2026-04") + newer + old, []int{2, 4}, nil},
		"the same again":         {vendor + newer + newer, nil, nil},
		"another app":            {vendor + in(old, "NAVER WORKS", "WORKS Drive") + newer, nil, nil},
		"another member":         {vendor + in(old, "a@", "b@") + newer, nil, nil},
		"the e-mail in capitals": {vendor + in(old, "a@", "A@") + newer, []int{2}, nil},
		"another Vendor ID":      {vendor + in(old, v, "3F2504E0-4F89-11D3-9A0C-0305E82C3302") + newer, nil, nil},
		"no Vendor ID":           {vendor + in(old, v, "-") + in(newer, v, "-"), nil, nil},
		"another model":          {vendor + in(old, "iPhone", "iPhone 12") + newer, nil, nil}, // 0000 may be the Vendor ID of many
		"another system":         {vendor + in(old, "iPhone", "SM-S918N", "iOS 17.1", "Android 14") + in(newer, "iPhone", "SM-S918N", "iOS 18.1", "Tizen 8"), nil, nil},
		"versions of no app":     {vendor + in(old, "NAVER WORKS ", "") + in(newer, "NAVER WORKS ", ""), nil, nil},
		"times alike": {vendor + in(old, "2026-05", "2026-11") + newer, nil, []string{
			`row 2, column App: "4.1.0": row 3 says otherwise`, `row 3, column App: "4.2.1": row 2 says otherwise`,
		}},
		"times alike, and an older": {vendor + in(old, "2026-05", "2026-11") + newer + old, []int{4}, []string{
			`row 2, column App: "4.1.0": row 3 says otherwise`, `row 3, column App: "4.2.1": row 2 says otherwise`,
		}},
		"no times": {vendor + in(old, "2026-05-20 10:15", "") + in(newer, "2026-11-20 10:15", "never"), nil, []string{
			`row 2, column App: "4.1.0": row 3 says otherwise`, `row 3, column App: "4.2.1": row 2 says otherwise`,
		}},
		"one time": {vendor + newer + in(old, "2026-05-20 10:15", ""), nil, []string{
			`row 2, column Recent Access: "2026-11-20T10:15:00+09:00": row 3 says otherwise`, `row 3, column Recent Access: "": row 2 says otherwise`,
		}},
		"a device id":               {ids + in(old, v, "d1,") + in(newer, v, "d1,"+v), []int{2}, nil},
		"two device ids":            {ids + in(old, v, "d1,"+v) + in(newer, v, "d2,"+v), nil, nil},
		"a device id in one":        {ids + in(old, v, "-,"+v) + in(newer, v, "d1,"+v), []int{2}, nil},
		"a row of two device ids":   {ids + in(old, v, "-,"+v) + in(newer, v, "d1,"+v) + in(newer, v, "d2,"+v), nil, nil},
		"a serial number and no id": {in(vendor, "Vendor ID", "Serial Number") + in(old, v, "X123") + in(newer, v, "X123"), nil, nil},
		"lists of columns of their own": {"Device,Vendor ID,User,Device Type,Recent Access\n" +
			"a," + v + ",A,Mobile,2026-05-20 10:15\na," + v + ",A,PC,2026-11-20 10:15\na," + v + ",A,Drive,2026-11-20 10:15\n", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, f := read(t, []byte(tt.content), consolefile.Options{})
			var older []int
			var bad []string
			for _, row := range f.Rows {
				if row.Older {
					older = append(older, row.Number)
				}
				for _, p := range row.Problems {
					text, _, _ := strings.Cut(p.Text, " of the same device, member and app")
					bad = append(bad, fmt.Sprintf("row %d, column %s: %s", p.Row, p.Column, text))
				}
			}
			if !slices.Equal(older, tt.older) || !slices.Equal(bad, tt.bad) || f.Bad != len(tt.bad) {
				t.Errorf("older %v, want %v; bad %q", older, tt.older, bad)
			}
		})
	}
}
