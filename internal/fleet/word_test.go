package fleet_test

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestWord(t *testing.T) {
	for _, tt := range []struct{ serial, vendor, id, want string }{
		{"F2LXK0QZ0D91", "3F25-3301", "5e0c-0001", "0D91"},
		{"", "3F25-3301", "5e0c-0001", "3301"},
		{"", "", "5e0c-0001", "0001"},
		{"7", "3F25-3301", "5e0c-0001", "7"},
		{"AB/-_.", "3F25-3301", "5e0c-0001", "/-_."},
		{" F2LX \t", "", "5e0c-0001", "F2LX"},
		{"   ", "", "5e0c-0001", "0001"},
		{"ABCD 1", "", "5e0c-0001", "0001"},
		{"ABCD   1", "3301", "5e0c-0001", "3301"},
		{"ABCD\u00a01", "3301", "5e0c-0001", "3301"},
		{"AB\x1b[1", "V-1\u202e9", "5e0c-0001", "0001"},
		{"\x1bABCDE", "", "5e0c-0001", "BCDE"},
		{"ABC\xff", "3301", "5e0c-0001", "3301"},
		{"ABCD\u3164", "3301", "5e0c-0001", "3301"},
		{"\u3164\u3164\u3164\u3164", "\u115f\u1160\uffa0", "5e0c-0001", "0001"},
		{"AB\u200b1", "3301", "5e0c-0001", "3301"},
		{"ABC\u00ad1", "33\ufeff01", "5e0c-0001", "0001"},
		{"日本ガギグゲ", "１２３４５", "5e0c-0001", "0001"},
		{"АВС1", "3301", "5e0c-0001", "3301"}, // Cyrillic
		{"ABC\u0301", "3301", "5e0c-0001", "3301"},
		{"\"'1", "x;y", "5e0c-0001", "0001"},
		{"", "", "phone 日本", "9cac"},
		{"日本", "日本", "!", "0021"},
		{"", "", "", "0000"},
	} {
		d := api.Device{SerialNumber: api.Nullable(tt.serial), VendorID: api.Nullable(tt.vendor), DeviceID: tt.id}
		if got := fleet.Word(&d); got != tt.want {
			t.Errorf("%+q: got %+q, want %+q", tt, got, tt.want)
		}
	}
}

func TestAWordCanAlwaysBeSeenAndTyped(t *testing.T) {
	typed := regexp.MustCompile(`^[-_./0-9A-Za-z]{1,4}$`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]{0,6}`), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		d := api.Device{
			SerialNumber: api.Nullable(text.Draw(t, "serial")), VendorID: api.Nullable(text.Draw(t, "vendor")), DeviceID: text.Draw(t, "id"),
		}
		if word := fleet.Word(&d); !typed.MatchString(word) {
			t.Fatalf("%+q: %+q", d, word)
		}
	})
}
