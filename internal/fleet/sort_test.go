package fleet_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

func sorted(t rapid.TB, by string, devices []api.Device) []string {
	t.Helper()
	s, err := fleet.ParseSort(by)
	if err != nil {
		t.Fatal(err)
	}
	s.Apply(devices)
	ids := make([]string, len(devices))
	for i, d := range devices {
		ids[i] = d.DeviceID
	}
	return ids
}

func TestSort(t *testing.T) {
	devices := func() []api.Device {
		return []api.Device{
			{DeviceID: "e", LastAccessTime: "", Model: "", App: api.App{Version: "?"}},
			{DeviceID: "d", LastAccessTime: "2026-11-20T09:00:00+09:00", Model: "Zenfone", App: api.App{Version: "4.10"}, OS: api.OS{Version: "9"}, User: api.User{UserName: "나"}},
			{DeviceID: "c", LastAccessTime: "2026-11-20T00:00:00Z", Model: "iphone", App: api.App{Version: "4.9"}, OS: api.OS{Version: "10"}, User: api.User{UserName: "가", Email: "b@x"}},
			{DeviceID: "b", LastAccessTime: "2026-11-20T01:00:00+02:00", Model: "IPHONE", App: api.App{Version: "4.9.0"}, OS: api.OS{Version: "17.5"}, User: api.User{UserName: "가", Email: "a@x"}},
			{DeviceID: "a", LastAccessTime: "soon", Model: "Galaxy", App: api.App{Version: "4.2-beta"}, OS: api.OS{Version: "17"}, User: api.User{UserName: "Kim"}},
		}
	}
	for _, tt := range []struct {
		by   string
		want []string
	}{
		{"", []string{"e", "d", "c", "b", "a"}},
		{"last-access", []string{"b", "c", "d", "a", "e"}},
		{"-last-access", []string{"c", "d", "b", "a", "e"}},
		{"model", []string{"a", "b", "c", "d", "e"}},
		{"-model", []string{"d", "b", "c", "a", "e"}},
		{"app-version", []string{"a", "b", "c", "d", "e"}},
		{"-app-version", []string{"d", "b", "c", "a", "e"}},
		{"os-version", []string{"d", "c", "a", "b", "e"}},
		{"-os-version", []string{"b", "a", "c", "d", "e"}},
		{"user", []string{"a", "b", "c", "d", "e"}},
		{"-user", []string{"d", "c", "b", "a", "e"}},
	} {
		if diff := cmp.Diff(tt.want, sorted(t, tt.by, devices())); diff != "" {
			t.Errorf("%q: %s", tt.by, diff)
		}
	}
}

func TestBadSort(t *testing.T) {
	for by, part := range map[string]string{
		"last_access":  "--sort=last-access",
		"-appversion":  "--sort=-app-version",
		"serial":       "last-access, user, model, app-version or os-version",
		"-":            "last-access",
		"--model":      "--sort=-model",
		"Model":        "--sort=model",
		"-osversions":  "--sort=-os-version",
		"user,model":   "--sort",
		"last-access-": "--sort=last-access",
	} {
		_, err := fleet.ParseSort(by)
		wantUsage(t, err, part, fmt.Sprintf("%q", by))
	}
}

func TestSortLosesNothingAndIgnoresTheOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		devices := rapid.SliceOfNDistinct(anyDevice(), 0, 30, func(d api.Device) string { return d.DeviceID }).Draw(t, "devices")
		by := rapid.SampledFrom(fleet.SortWords()).Draw(t, "by")
		if rapid.Bool().Draw(t, "reverse") {
			by = "-" + by
		}
		shuffled := rapid.Permutation(devices).Draw(t, "shuffled")
		first, second := sorted(t, by, slices.Clone(devices)), sorted(t, by, shuffled)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("%s depends on the order of arrival: %s", by, diff)
		}
		before := make([]string, len(devices))
		for i, d := range devices {
			before[i] = d.DeviceID
		}
		slices.Sort(before)
		slices.Sort(first)
		if diff := cmp.Diff(before, first); len(before) > 0 && diff != "" {
			t.Fatalf("%s lost or repeated devices: %s", by, diff)
		}
	})
}
