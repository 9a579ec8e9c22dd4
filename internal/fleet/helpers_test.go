package fleet_test

import (
	"iter"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

func now() time.Time {
	return time.Date(2026, 11, 21, 9, 0, 0, 123456789, time.FixedZone("", 9*60*60))
}

// phone is a device that every test of a filter starts from.
func phone() api.Device {
	return api.Device{
		DeviceID: "5e0c2f8e-0000-4000-8000-000000000001", DomainID: 10000001, Type: api.TypeMobile, Model: "iPhone 15 Pro",
		VendorID: "3F2504E0-4F89-11D3-9A0C-0305E82C3301", SerialNumber: "F2LXK0QZ0D91",
		User:           api.User{UserID: "9b1d7c52", Email: "gildong.hong@example.com", UserName: "홍길동"},
		OS:             api.OS{Type: api.OSIOS, Version: "17.5.1"},
		App:            api.App{Type: api.AppWorksMobile, Version: "4.2.1"},
		MDM:            api.MDM{Status: api.MDMRegistered, Provider: api.ProviderNaverWorks},
		LastAccessTime: "2026-11-20T10:15:00+09:00",
	}
}

func with(change func(*api.Device)) api.Device {
	d := phone()
	change(&d)
	return d
}

func parse(t testing.TB, in fleet.FilterInput) fleet.Filter {
	t.Helper()
	f, err := fleet.ParseFilter(in, now())
	if err != nil {
		t.Fatalf("%+v: %v", in, err)
	}
	return f
}

func sequence(devices []api.Device, end error) iter.Seq2[api.Device, error] {
	return func(yield func(api.Device, error) bool) {
		for _, d := range devices {
			if !yield(d, nil) {
				return
			}
		}
		if end != nil {
			yield(api.Device{}, end)
		}
	}
}

// wantUsage checks for an error with exit code 2 whose line and hint contain
// all of parts.
func wantUsage(t *testing.T, err error, parts ...string) {
	t.Helper()
	e := exit.As(err)
	if e == nil || e.Exit != exit.Usage {
		t.Fatalf("got %v, want a usage error", err)
	}
	for _, p := range parts {
		if text := e.Error() + "\n" + e.Hint; !strings.Contains(text, p) {
			t.Errorf("%q does not contain %q", text, p)
		}
	}
}

// anyDevice draws devices whose values collide often.
func anyDevice() *rapid.Generator[api.Device] {
	text := rapid.SampledFrom([]string{"", "홍길동", "홍길동", "iPhone", "IPHONE", "é", "a@b.c", "A@B.C", "x1", "X1"})
	version := rapid.SampledFrom([]string{"", "4", "4.2", "4.2.0", "4.10", "4.9", "4.2.1-beta", "x", "17.5", "17"})
	access := rapid.SampledFrom([]string{
		"", "never", "2026-11-20T10:15:00+09:00", "2026-11-20T01:15:00Z", "2026-05-21T09:00:00+09:00", "2023-01-01T00:00:00Z", "2027-01-01T00:00:00Z",
	})
	return rapid.Custom(func(t *rapid.T) api.Device {
		return api.Device{
			DeviceID:     rapid.StringMatching(`[a-d][0-9]{3}`).Draw(t, "id"),
			DomainID:     rapid.SampledFrom([]int32{1, 2}).Draw(t, "domain"),
			Type:         rapid.SampledFrom([]api.DeviceType{api.TypeMobile, api.TypePC, "TABLET"}).Draw(t, "type"),
			Model:        text.Draw(t, "model"),
			VendorID:     api.Nullable(text.Draw(t, "vendor")),
			SerialNumber: api.Nullable(text.Draw(t, "serial")),
			User:         api.User{UserID: text.Draw(t, "uid"), Email: text.Draw(t, "email"), UserName: text.Draw(t, "name")},
			OS:           api.OS{Type: rapid.SampledFrom([]api.OSType{api.OSIOS, api.OSAndroid}).Draw(t, "os"), Version: version.Draw(t, "osv")},
			App:          api.App{Type: rapid.SampledFrom([]api.AppType{api.AppWorksMobile, api.AppWorksPC}).Draw(t, "app"), Version: version.Draw(t, "appv")},
			MDM:          api.MDM{Status: rapid.SampledFrom([]api.MDMStatus{api.MDMPending, api.MDMRegistered}).Draw(t, "mdm")},

			LastAccessTime: access.Draw(t, "access"),
		}
	})
}
