package fleet_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestWord(t *testing.T) {
	for _, tt := range []struct{ serial, vendor, id, want string }{
		{"F2LXK0QZ0D91", "3F25-3301", "5e0c-0001", "0D91"},
		{"", "3F25-3301", "5e0c-0001", "3301"},
		{"", "", "5e0c-0001", "0001"},
		{"7", "3F25-3301", "5e0c-0001", "7"},
		{" F2LX \t", "", "5e0c-0001", "F2LX"},
		{"ABCD 1", "", "5e0c-0001", "CD 1"},
		{"ABCD   1", "", "5e0c-0001", "1"},
		{"   ", "", "5e0c-0001", "0001"},
		{"AB\x1b[1", "V-1\u202e9", "5e0c-0001", "0001"},
		{"\x1bABCDE", "", "5e0c-0001", "BCDE"},
		{"ABC\xff", "3301", "5e0c-0001", "3301"},
		{norm.NFD.String("日本ガギグゲ"), "", "5e0c-0001", "ガギグゲ"},
		{"１２３４５", "", "5e0c-0001", "２３４５"},
	} {
		d := api.Device{SerialNumber: api.Nullable(tt.serial), VendorID: api.Nullable(tt.vendor), DeviceID: tt.id}
		if got := fleet.Word(&d); got != tt.want {
			t.Errorf("%+q: got %+q, want %+q", tt, got, tt.want)
		}
	}
}
