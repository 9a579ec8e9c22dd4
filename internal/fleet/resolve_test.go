package fleet_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// from serves a fleet and, like a back end that ignores what it is asked,
// answers every search with all of it.
func from(devices ...api.Device) fleet.Source {
	return fleet.Source{
		Get: func(_ context.Context, id string) (*api.Device, error) {
			for _, d := range devices {
				if d.DeviceID == id {
					return &d, nil
				}
			}
			return nil, &api.Error{Status: http.StatusNotFound, Code: "DEVICE_NOT_EXIST"}
		},
		Search: func(context.Context, string) iter.Seq2[api.Device, error] { return sequence(devices, nil) },
	}
}

func twins() []api.Device {
	return []api.Device{
		{DeviceID: "id-1", SerialNumber: "SN1", VendorID: "V-1", User: api.User{Email: "josé@example.com"}, LastAccessTime: "2026-01-01T00:00:00Z"},
		{DeviceID: "id-2", SerialNumber: "SN2", VendorID: "V-2", User: api.User{Email: norm.NFD.String("JOSÉ@example.com")}, LastAccessTime: "2026-11-01T00:00:00Z"},
		{DeviceID: "id-3", SerialNumber: "１２３", VendorID: "id-1"},
		{DeviceID: "id-4", SerialNumber: "123", User: api.User{Email: "min@example.com", UserName: "min"}, Model: "SN2 Pro"},
		{DeviceID: "id-5", SerialNumber: "dup"},
		{DeviceID: "id-6", SerialNumber: "DUP"},
		{DeviceID: "id-4", SerialNumber: "123", User: api.User{Email: "min@example.com"}}, // again, as on two pages
	}
}

func TestResolve(t *testing.T) {
	for _, tt := range []struct {
		text          string
		at, elsewhere string // the device, "" for none, or ids of several
	}{
		{"id-2", "id-2", "id-2"},
		{"ID-2", "", ""},
		{"id-1", "id-1 id-3", "id-1"}, // another one's Vendor ID
		{"sn2", "id-2", ""},
		{"v-2", "id-2", ""},
		{"SN", "", ""},
		{"SN2 ", "", ""},
		{"123", "id-4", ""},
		{"１２３", "id-3", ""},
		{"min@example.com", "id-4", ""},
		{"MIN@EXAMPLE.COM", "id-4", ""},
		{"min", "", ""},
		{"min@example", "", ""},
		{"José@example.com", "id-2 id-1", ""},
		{"dup", "id-5 id-6", ""},
		{"nobody", "", ""},
	} {
		for interactive, want := range map[bool]string{true: tt.at, false: tt.elsewhere} {
			d, err := fleet.Resolve(t.Context(), from(twins()...), tt.text, interactive)
			several, _ := errors.AsType[*fleet.AmbiguousError](err)
			switch got := names(d, several); {
			case got != want:
				t.Errorf("%q, interactive %v: got %q (%v), want %q", tt.text, interactive, got, err, want)
			case several != nil && exit.CodeOf(err) != exit.Refused:
				t.Errorf("%q: exit code %d", tt.text, exit.CodeOf(err))
			case want == "" && (exit.CodeOf(err) != exit.Failed || exit.As(err).ID != "NOT_FOUND"):
				t.Errorf("%q: %v", tt.text, err)
			}
		}
	}
}

func names(d *api.Device, several *fleet.AmbiguousError) string {
	switch {
	case several != nil && d == nil:
		ids := make([]string, len(several.Devices))
		for i, d := range several.Devices {
			ids[i] = d.DeviceID
		}
		return strings.Join(ids, " ")
	case d != nil:
		return d.DeviceID
	}
	return ""
}

func TestResolveHintsAtASearch(t *testing.T) {
	_, err := fleet.Resolve(t.Context(), from(), "O'Neil $(reboot)", false)
	if hint := exit.As(err).Hint; hint != `worksctl devices search 'O'\''Neil $(reboot)'` {
		t.Errorf("hint: %s", hint)
	}
	_, err = fleet.Resolve(t.Context(), from(), "  ", true)
	wantUsage(t, err, "empty")
}

func TestResolveWhenTheServerFails(t *testing.T) {
	broken := errors.New("connection lost")
	noAPI := &api.Error{Status: http.StatusNotFound, Path: "/security/devices"}
	get := func(d *api.Device, err error) func(context.Context, string) (*api.Device, error) {
		return func(context.Context, string) (*api.Device, error) { return d, err }
	}
	search := func(err error, devices ...api.Device) func(context.Context, string) iter.Seq2[api.Device, error] {
		return func(context.Context, string) iter.Seq2[api.Device, error] { return sequence(devices, err) }
	}
	one := api.Device{DeviceID: "id-1", SerialNumber: "SN1"}
	missing := &api.Error{Status: http.StatusNotFound, Code: "DEVICE_NOT_EXIST"}
	for _, tt := range []struct {
		name   string
		source fleet.Source
		text   string
		at     bool // a terminal
		want   error
	}{
		{"no answer by id", fleet.Source{Get: get(nil, broken), Search: search(nil)}, "id-1", false, broken},
		{"another device by id", fleet.Source{Get: get(&one, nil), Search: search(nil)}, "ID-1", false, &exit.Error{ID: "WRONG_DEVICE"}},
		{"another device by id, at a terminal", fleet.Source{Get: get(&one, nil), Search: search(nil, one)}, "SN1", true, &exit.Error{ID: "WRONG_DEVICE"}},
		{"half a search after a hit", fleet.Source{Get: get(nil, missing), Search: search(broken, one)}, "SN1", true, broken},
		{"half a search after an id", fleet.Source{Get: get(&one, nil), Search: search(broken)}, "id-1", true, broken},
		{"no device API", fleet.Source{Get: get(nil, &api.Error{Status: http.StatusNotFound}), Search: search(noAPI)}, "id-1", false, api.ErrNoDeviceAPI},
		{"no device API, with a body", fleet.Source{Get: get(nil, &api.Error{Status: http.StatusNotFound, Code: "NOT_FOUND"}), Search: search(noAPI)}, "id-1", true, api.ErrNoDeviceAPI},
		{"nothing at all", fleet.Source{Get: get(nil, nil), Search: search(nil)}, "id-1", false, &exit.Error{ID: "NOT_FOUND"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := fleet.Resolve(t.Context(), tt.source, tt.text, tt.at)
			if d != nil {
				t.Errorf("resolved to %s", d.DeviceID)
			}
			if want, ok := errors.AsType[*exit.Error](tt.want); ok {
				if e := exit.As(err); e == nil || e.ID != want.ID {
					t.Errorf("got %v, want %s", err, want.ID)
				}
			} else if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestAMalformedIDMayStillBeASerialNumber(t *testing.T) {
	src := from(twins()...)
	src.Get = func(context.Context, string) (*api.Device, error) {
		return nil, &api.Error{Status: http.StatusBadRequest, Code: "INVALID_PARAMETER"}
	}
	d, err := fleet.Resolve(t.Context(), src, "sn1", true)
	if err != nil || d.DeviceID != "id-1" {
		t.Errorf("got %v, %v", d, err)
	}
}

// Whatever the fleet, a device is returned only if it answers to the text
// exactly and no other does.
func TestResolveNeverReturnsAnotherDevice(t *testing.T) {
	name := rapid.SampledFrom([]string{"", "1", "１", "11", "a", "A", "é", norm.NFD.String("é"), "É", "e", "가", norm.NFD.String("가"), "ſ", "s"})
	nullable := rapid.Map(name, func(s string) api.Nullable { return api.Nullable(s) })
	device := rapid.Custom(func(t *rapid.T) api.Device {
		return api.Device{
			DeviceID:     name.Filter(func(s string) bool { return s != "" }).Draw(t, "id"),
			VendorID:     nullable.Draw(t, "vendor"),
			SerialNumber: nullable.Draw(t, "serial"),
			User:         api.User{Email: name.Draw(t, "email"), UserName: name.Draw(t, "name"), UserID: name.Draw(t, "uid")},
			Model:        name.Draw(t, "model"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		devices := rapid.SliceOfNDistinct(device, 0, 6, func(d api.Device) string { return d.DeviceID }).Draw(t, "fleet")
		text, interactive := name.Draw(t, "text"), rapid.Bool().Draw(t, "interactive")
		answers := map[string]bool{}
		for _, d := range devices {
			folded := textmatch.Fold(text)
			if d.DeviceID == text || interactive && text != "" && (textmatch.Fold(string(d.VendorID)) == folded ||
				textmatch.Fold(string(d.SerialNumber)) == folded || textmatch.Fold(d.User.Email) == folded) {
				answers[d.DeviceID] = true
			}
		}
		d, err := fleet.Resolve(context.Background(), from(devices...), text, interactive)
		switch {
		case len(answers) == 1 && (err != nil || !answers[d.DeviceID]):
			t.Fatalf("got %v, %v, want %v", d, err, answers)
		case len(answers) != 1 && (d != nil || err == nil):
			t.Fatalf("got %v, %v for %v", d, err, answers)
		}
	})
}
