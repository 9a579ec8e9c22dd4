package consolefile_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// Whatever a file holds, it is read or refused, and what can't be trusted leaves
// no value behind.
func TestAnythingIsReadOrRefused(t *testing.T) {
	cells := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", "-", "Device", "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "iOS 18.1", "A (a@example.com)", "4월 10일", "1E+12", "2026-11-20 10:15", "03/04/2026 1:02", "()", "(", "v", "NAVER WORKS 4.2.1", "iPhone 15", "12345", "2004.2.1", "Registered", "banana", "v v1 (2)(3)", "Total", "=x", "'=x", "\ufffd",
	}))
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SampledFrom([]string{"", "\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"}).Draw(t, "mark") + "Device,Vendor ID,User,OS,App,Recent Access,Serial,MDM,OS Version\n"
		for _, cell := range rapid.SliceOfN(cells, 0, 20).Draw(t, "cells") {
			content += cell + rapid.SampledFrom([]string{",", ",", ",", "\n", ";", "\t"}).Draw(t, "end")
		}
		s, err := sheet.Read([]byte(content), sheet.Options{Known: consolefile.Options{}.Known()})
		var f *consolefile.File
		if err == nil {
			f, err = consolefile.Read(s, consolefile.Options{})
		}
		if err != nil {
			if exit.As(err) == nil {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, row := range f.Rows {
			for _, p := range row.Problems {
				d := row.Device
				left := map[string]bool{
					"Device": d.Model != "", "Vendor ID": d.VendorID != "", "User": d.User.UserName+d.User.UserID != "", "OS": d.OS.Type != "",
					"App": d.App.Version != "", "Recent Access": d.LastAccessTime != "", "Serial": d.SerialNumber != "", "MDM": d.MDM.Status+api.MDMStatus(d.MDM.Provider) != "",
					"OS Version": d.OS.Version != "",
				}
				if left[p.Column] {
					t.Fatalf("%v, and yet %+v", p, d)
				}
			}
		}
	})
}
