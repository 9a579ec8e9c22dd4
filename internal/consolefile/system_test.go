package consolefile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/consolefile"
)

// A model that never has its row's system was sorted away from it. Names that
// people gave, and hosts, prove nothing.
func TestModelsOfAnotherSystem(t *testing.T) {
	for system, cells := range map[string]struct{ bad, good string }{
		"Android 14": {
			"iPhone 15|iPhone|IPHONE14,2|iPhone SE (3rd generation)|iPad (9th generation)|iPad Pro 11-inch|iPod touch",
			"Galaxy S24|SM-S918N|Pixel 8|Hong's iPhone|iPhoneX clone|iPad's friend|Kim|iPhone-Hong",
		},
		"Windows 11": {"iPhone 15|iPad Air|iPhone14,2", "GALAXY BOOK3|Galaxy Book|IPADMIN-PC|iPad-PC|IPHONE_LAB|ThinkPad X1|Galaxy S24"},
		"iOS 18.1": {
			"Galaxy S24|Galaxy S24, Ultra|GALAXY Z Flip5|Galaxy A 54|Galaxy Note20|Galaxy Tab S9|SM-S918N|SM-T970|Pixel 8 Pro|Pixel Fold",
			"iPhone 15|iPad Pro|Galaxy|Galaxy Smith|Galaxy Book|Galaxy Tabea|Pixel's phone|Pixel|sm-kim|Hong's phone",
		},
		"iPadOS 18.1": {"Galaxy Tab S9", "iPad Pro"},
		"macOS 15.1":  {"", "iPhone 15|Galaxy S24"},
		"-":           {"", "iPhone 15|Galaxy S24"},
	} {
		for want, models := range []string{cells.good, cells.bad} {
			for model := range strings.SplitSeq(models, "|") {
				content := fmt.Sprintf("Device,User,OS\n\"%s\",A,%s\n", model, system)
				_, f := read(t, []byte(content), consolefile.Options{})
				if bad := strings.Join(places(f), " "); model != "" && (f.Bad != want || want > 0 && bad != "row 2, column Device") {
					t.Errorf("%s with %s: %v", model, system, f.Rows[0].Problems)
				}
				_, f = read(t, []byte(content), consolefile.Options{Map: maps(t, "Device=model:exact")})
				if f.Bad > 0 {
					t.Errorf("%s with %s: %v", model, system, f.Rows[0].Problems)
				}
			}
		}
	}
}
