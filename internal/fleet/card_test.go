package fleet_test

import (
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// A model that reaches the next line of the terminal looks like a serial number.
func TestACardShowsWhatPadsAValue(t *testing.T) {
	for name, pad := range map[string]string{
		"spaces": " ", "wide spaces": "\u3000", "no-break spaces": "\u00a0", "Hangul fillers": "\u3164", "Braille blanks": "\u2800",
		"spaces parted": " \u2060", "spaces with selectors": " \ufe0f", "tabs": "\t",
	} {
		d := with(func(d *api.Device) { d.Model = "iPhone 15" + strings.Repeat(pad, 55) + "Serial number:  F2LX" })
		card := fleet.FormatCard(fleet.Card(&d, fleet.View{}), nil)
		_, model, _ := strings.Cut(card, "Model:")
		model, _, _ = strings.Cut(model, "\n")
		if strings.Count(model, `\`) < 55 || strings.Contains(strings.TrimSpace(model), "   ") {
			t.Errorf("%s: %q", name, model)
		}
	}
	d := with(func(d *api.Device) { d.User.UserName = "山田　太郎 ❤️" })
	if card := fleet.FormatCard(fleet.Card(&d, fleet.View{}), nil); !strings.Contains(card, "山田　太郎 ❤️\n") {
		t.Errorf("a name that hides nothing is changed:\n%s", card)
	}
}
