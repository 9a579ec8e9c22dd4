package fleet_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// searching answers as the contract says; careless, with all devices and twice,
// whatever it is asked.
func searching(careless bool, devices ...api.Device) func(context.Context, api.DeviceQuery) iter.Seq2[api.Device, error] {
	return func(_ context.Context, q api.DeviceQuery) iter.Seq2[api.Device, error] {
		if careless {
			return sequence(slices.Concat(devices, devices), nil)
		}
		return sequence(slices.DeleteFunc(slices.Clone(devices), func(d api.Device) bool {
			return q.User != "" && d.User.UserID != q.User && !textmatch.Contains(d.User.UserName, q.User) ||
				q.Keyword != "" && !textmatch.Contains(string(d.SerialNumber), q.Keyword) && !textmatch.Contains(string(d.VendorID), q.Keyword)
		}), nil)
	}
}

func TestFindRelatives(t *testing.T) {
	row := func(id, access string, change func(*api.Device)) api.Device {
		return with(func(d *api.Device) {
			d.DeviceID, d.LastAccessTime, d.SerialNumber, d.VendorID = id, access, "other "+api.Nullable(id), "other "+api.Nullable(id)
			if change != nil {
				change(d)
			}
		})
	}
	// The chosen phone was used on the 20th at 10:15+09:00.
	devices := []api.Device{
		with(func(d *api.Device) { d.LastAccessTime = "2026-11-21T08:59:00+09:00" }), // used again since it was read
		row("newer-1", "2026-11-20T10:15:01+09:00", nil),
		row("newer-2", "2026-11-20T01:16:00Z", func(d *api.Device) { d.Model = "IPHONE 15 PRO" }),
		row("as-new", "2026-11-20T01:15:00Z", nil),
		row("older", "2026-11-20T02:15:00+09:00", nil),
		row("unreadable", "2026-11-21", nil),
		row("other-model", "2026-11-21T00:00:00Z", func(d *api.Device) { d.Model = "iPhone 15" }),
		row("other-member", "2026-11-21T00:00:00Z", func(d *api.Device) { d.User.UserID = "9B1D7C52" }),
		row("named-alike", "2026-11-21T00:00:00Z", func(d *api.Device) { d.User.UserID, d.User.UserName = "1", phone().User.UserID }),
		row("drive", "2026-11-21T00:00:00Z", func(d *api.Device) { d.Type = api.TypeDriveMobile }),
		row("same-serial", "2025-01-01T00:00:00Z", func(d *api.Device) { d.SerialNumber, d.User.UserID = "f2lxk0qz0d91", "2" }),
		row("same-vendor", "", func(d *api.Device) { d.VendorID, d.Type = phone().VendorID, api.TypePC }),
		row("came-back", "2026-11-21T08:00:00+09:00", func(d *api.Device) { d.SerialNumber = phone().SerialNumber }),
		row("longer-serial", "2026-11-01T00:00:00Z", func(d *api.Device) { d.SerialNumber, d.User.UserID = phone().SerialNumber+"0", "3" }),
		row("vendor-is-serial", "2026-11-01T00:00:00Z", func(d *api.Device) { d.VendorID, d.User.UserID = phone().SerialNumber, "4" }),
	}
	for _, careless := range []bool{false, true} {
		d := phone()
		got, err := fleet.FindRelatives(t.Context(), searching(careless, devices...), &d)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"came-back", "newer-2", "newer-1"}, ids(got.Newer)); diff != "" {
			t.Errorf("careless %v, newer: %s", careless, diff)
		}
		if diff := cmp.Diff([]string{"came-back", "same-serial", "same-vendor"}, ids(got.SameHardware)); diff != "" {
			t.Errorf("careless %v, same hardware: %s", careless, diff)
		}
	}
}

func ids(devices []api.Device) []string {
	var out []string
	for _, d := range devices {
		out = append(out, d.DeviceID)
	}
	return out
}

func TestWhatIsEmptyHasNoRelatives(t *testing.T) {
	blank := func(id string) api.Device {
		return api.Device{DeviceID: id, SerialNumber: " ", Model: "", LastAccessTime: "2026-11-21T00:00:00Z"}
	}
	d := blank("1")
	d.LastAccessTime = "2026-11-20T00:00:00Z"
	asked := 0
	got, err := fleet.FindRelatives(t.Context(), func(context.Context, api.DeviceQuery) iter.Seq2[api.Device, error] {
		asked++
		return sequence([]api.Device{blank("2"), blank("3")}, nil)
	}, &d)
	if diff := cmp.Diff(fleet.Relatives{}, got); diff != "" || err != nil || asked > 0 {
		t.Error(diff, err, asked)
	}
	d.User.UserID = "u" // found by its member, still nothing in common
	got, err = fleet.FindRelatives(t.Context(), searching(true, blank("2"), blank("3")), &d)
	if diff := cmp.Diff(fleet.Relatives{}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestASiblingOfADeviceThatWasNeverUsed(t *testing.T) {
	d := with(func(d *api.Device) { d.LastAccessTime = "" })
	got, err := fleet.FindRelatives(t.Context(), searching(false, d, with(func(d *api.Device) { d.DeviceID = "2" })), &d)
	if diff := cmp.Diff([]string{"2"}, ids(got.Newer)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestHalfASearchFindsNoRelatives(t *testing.T) {
	broken := errors.New("connection lost")
	d := phone()
	got, err := fleet.FindRelatives(t.Context(), func(_ context.Context, q api.DeviceQuery) iter.Seq2[api.Device, error] {
		if q.User != "" {
			return sequence([]api.Device{with(func(d *api.Device) { d.DeviceID = "2" })}, nil)
		}
		return sequence(nil, broken)
	}, &d)
	if diff := cmp.Diff(fleet.Relatives{}, got); diff != "" || !errors.Is(err, broken) {
		t.Error(diff, err)
	}
}

// Whatever a server answers, a relative is one: judged here without the package's
// own comparing.
func TestRelativesAreChecked(t *testing.T) {
	same := func(a, b string) bool { return a != "" && norm.NFC.String(a) == norm.NFC.String(b) }
	text := rapid.SampledFrom([]string{"", "1", "１", "11", "é", norm.NFD.String("é"), "e", "가", norm.NFD.String("가")})
	access := rapid.SampledFrom([]string{"", "never", "2026-11-20T10:15:00+09:00", "2026-11-20T01:15:00Z", "2026-11-20T09:15:00Z", "2026-11-19T00:00:00Z"})
	device := rapid.Custom(func(t *rapid.T) api.Device {
		return api.Device{
			DeviceID: rapid.StringMatching(`[a-f]`).Draw(t, "id"), Type: rapid.SampledFrom([]api.DeviceType{api.TypeMobile, api.TypePC}).Draw(t, "type"),
			SerialNumber: api.Nullable(text.Draw(t, "serial")), VendorID: api.Nullable(text.Draw(t, "vendor")),
			Model: text.Draw(t, "model"), User: api.User{UserID: text.Draw(t, "user")}, LastAccessTime: access.Draw(t, "access"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		devices := rapid.SliceOfNDistinct(device, 1, 6, func(d api.Device) string { return d.DeviceID }).Draw(t, "fleet")
		d := devices[0]
		got, err := fleet.FindRelatives(context.Background(), searching(rapid.Bool().Draw(t, "careless"), devices...), &d)
		if err != nil {
			t.Fatal(err)
		}
		var newer, hardware []string
		before, beforeErr := time.Parse(time.RFC3339, d.LastAccessTime)
		for _, o := range devices[1:] {
			at, err := time.Parse(time.RFC3339, o.LastAccessTime)
			if d.User.UserID != "" && o.User.UserID == d.User.UserID && o.Type == d.Type && same(o.Model, d.Model) &&
				err == nil && (beforeErr != nil || at.After(before)) {
				newer = append(newer, o.DeviceID)
			}
			if same(string(o.SerialNumber), string(d.SerialNumber)) || same(string(o.VendorID), string(d.VendorID)) {
				hardware = append(hardware, o.DeviceID)
			}
		}
		for name, pair := range map[string][2][]string{"newer": {newer, ids(got.Newer)}, "same hardware": {hardware, ids(got.SameHardware)}} {
			slices.Sort(pair[0])
			slices.Sort(pair[1])
			if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
				t.Fatalf("%s of %+v: %s", name, d, diff)
			}
		}
	})
}
