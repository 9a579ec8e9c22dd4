package fleet_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// lookAlikes draws a fleet in which phones share serial numbers, names, models
// and members, are twins but for normal form, letter case or full-width digits,
// or begin with each other.
func lookAlikes() *rapid.Generator[[]api.Device] {
	number := rapid.SampledFrom([]string{
		"SN1", "sn1", "SN12", "ＳＮ１", "SN１", "１２", "12", "123", "café1", norm.NFD.String("café1"), "cafe1", "가1", norm.NFD.String("가1"), "각1", "",
	})
	member := rapid.SampledFrom([]api.User{
		{UserID: "u1", UserName: "김민수", Email: "minsu@example.com"},
		{UserID: "u2", UserName: "김민수", Email: "minsu2@example.com"},
		{UserID: "u3", UserName: "SN1", Email: "José@example.com"},
		{UserID: "u4", UserName: norm.NFD.String("김민수"), Email: norm.NFD.String("JOSÉ@example.com")},
		{UserID: "u5", UserName: "12", Email: "jose@example.com"},
		{},
	})
	device := rapid.Custom(func(t *rapid.T) api.Device {
		return api.Device{
			DeviceID:     rapid.SampledFrom([]string{"id-1", "id-12", "ID-1", "id-１", "SN1", "12", "minsu@example.com"}).Draw(t, "id"),
			SerialNumber: api.Nullable(number.Draw(t, "serial")), VendorID: api.Nullable(number.Draw(t, "vendor")),
			User: member.Draw(t, "member"), Model: rapid.SampledFrom([]string{"iPhone 15", "SN12", "123"}).Draw(t, "model"),
		}
	})
	return rapid.SliceOfNDistinct(device, 1, 6, func(d api.Device) string { return d.DeviceID })
}

// asTyped returns what a person may type for a device: its identifiers whole,
// in other spellings and in part, and what identifies nothing.
func asTyped(d *api.Device) []string {
	texts := []string{d.User.UserName, d.User.UserID, d.Model, "*", "%", "."}
	for _, whole := range []string{d.DeviceID, string(d.SerialNumber), string(d.VendorID), d.User.Email} {
		texts = append(texts, whole, strings.ToUpper(whole), strings.ToLower(whole), norm.NFD.String(whole), norm.NFC.String(whole), norm.NFKC.String(whole),
			whole+" ", " "+whole, whole+"*", whole+"\x00", "serial:"+whole)
		for i := range whole { // also between a letter and its accent
			texts = append(texts, whole[:i], whole[i:])
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// isNamed is the rule in other words than the package's: an id as it is, the
// rest at a terminal but for NFC and letter case.
func isNamed(d *api.Device, text string, interactive bool) bool {
	if d.DeviceID == text {
		return true
	}
	return interactive && slices.ContainsFunc([]string{string(d.SerialNumber), string(d.VendorID), d.User.Email}, func(whole string) bool {
		return whole != "" && strings.EqualFold(norm.NFC.String(whole), norm.NFC.String(text))
	})
}

// obliging finds a keyword as the contract says: in part, and in what names
// nothing too.
func obliging(devices []api.Device) fleet.Source {
	src := from(devices...)
	src.Search = func(_ context.Context, keyword string) iter.Seq2[api.Device, error] {
		return sequence(slices.DeleteFunc(slices.Clone(devices), func(d api.Device) bool {
			return !slices.ContainsFunc([]string{d.User.UserName, d.User.Email, d.Model, string(d.VendorID), string(d.SerialNumber)},
				func(s string) bool { return textmatch.Contains(s, keyword) })
		}), nil)
	}
	return src
}

func TestAPartialOrAmbiguousTextIsNeverADevice(t *testing.T) {
	resolved, ambiguous, nobody := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		devices := lookAlikes().Draw(t, "fleet")
		src := from(devices...)
		if rapid.Bool().Draw(t, "contract") {
			src = obliging(devices)
		}
		interactive := rapid.Bool().Draw(t, "interactive")
		chosen := rapid.SampledFrom(devices).Draw(t, "chosen")
		for _, text := range asTyped(&chosen) {
			var named []string
			for i := range devices {
				if isNamed(&devices[i], text, interactive) {
					named = append(named, devices[i].DeviceID)
				}
			}
			d, err := fleet.Resolve(context.Background(), src, text, interactive)
			several, _ := errors.AsType[*fleet.AmbiguousError](err)
			switch {
			case len(named) == 1:
				resolved++
				if err != nil || d.DeviceID != named[0] {
					t.Fatalf("%+q: got %v, %v, want %s", text, d, err, named)
				}
			case d != nil || err == nil:
				t.Fatalf("%+q resolved to %+v, named are %q", text, d, named)
			case len(named) > 1:
				ambiguous++
				if several == nil || exit.CodeOf(err) != exit.Refused || len(several.Devices) != len(named) {
					t.Fatalf("%+q: %v, want one for %q", text, err, named)
				}
			default:
				nobody++
				if several != nil || exit.CodeOf(err) == exit.OK || exit.CodeOf(err) == exit.Refused {
					t.Fatalf("%+q: %v", text, err)
				}
			}
		}
	})
	if resolved == 0 || ambiguous == 0 || nobody == 0 {
		t.Errorf("%d resolved, %d ambiguous, %d nobody: not all were tried", resolved, ambiguous, nobody)
	}
}
