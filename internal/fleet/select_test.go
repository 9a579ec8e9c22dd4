package fleet_test

import (
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

func collect(seq iter.Seq2[api.Device, error]) (ids []string, err error) {
	for d, e := range seq {
		if e != nil {
			return ids, e
		}
		ids = append(ids, d.DeviceID)
	}
	return ids, nil
}

func TestSelectCountsWhatItLeavesOut(t *testing.T) {
	devices := []api.Device{
		with(func(d *api.Device) { d.DeviceID = "good" }),
		with(func(d *api.Device) { d.DeviceID = "foreign"; d.Type = api.TypePC }),
		with(func(d *api.Device) { d.DeviceID = "odd version"; d.App.Version = "?" }),
		with(func(d *api.Device) { d.DeviceID = "odd time"; d.LastAccessTime = "?" }),
		with(func(d *api.Device) { d.DeviceID = "up to date"; d.App.Version = "9" }),
	}
	f := parse(t, fleet.FilterInput{Type: "mobile", Outdated: true, LastAccess: "1y"}).
		WithLatest([]api.AppVersion{{AppType: api.AppWorksMobile, OSType: api.OSIOS, LatestVersion: "5"}})
	byModel, err := fleet.ParseSort("model")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []fleet.Sort{{}, byModel} {
		var stats fleet.Stats
		ids, err := collect(fleet.Select(sequence(devices, nil), f, s, 0, &stats))
		if diff := cmp.Diff([]string{"good"}, ids); diff != "" || err != nil {
			t.Error(diff, err)
		}
		want := fleet.Stats{Rows: 5, Selected: 1, Foreign: 1, UpToDate: 1, UnreadableVersions: 1, UnreadableTimes: 1}
		if diff := cmp.Diff(want, stats); diff != "" {
			t.Error(diff)
		}
	}
}

func TestSelectStopsReadingAtTheLimit(t *testing.T) {
	asked := 0
	endless := func(yield func(api.Device, error) bool) {
		for {
			asked++
			d := with(func(d *api.Device) {
				if asked%2 == 0 {
					d.Type = api.TypePC
				}
			})
			if !yield(d, nil) {
				return
			}
		}
	}
	ids, err := collect(fleet.Select(endless, parse(t, fleet.FilterInput{Type: "mobile"}), fleet.Sort{}, 3, nil))
	if len(ids) != 3 || err != nil || asked != 5 {
		t.Errorf("%d devices, %v, %d asked for, want 3 of 5", len(ids), err, asked)
	}
}

func TestSelectPassesAnErrorOn(t *testing.T) {
	broken := errors.New("page 2 is gone")
	devices := []api.Device{phone(), phone()}
	byUser, err := fleet.ParseSort("user")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		sort  fleet.Sort
		limit int
		want  int
		err   error
	}{
		{fleet.Sort{}, 0, 2, broken},
		{fleet.Sort{}, 2, 2, nil}, // complete without the rest
		{byUser, 0, 0, broken},
		{byUser, 1, 0, broken}, // the first in order may be missing
	} {
		var stats fleet.Stats
		ids, err := collect(fleet.Select(sequence(devices, broken), fleet.Filter{}, tt.sort, tt.limit, &stats))
		if len(ids) != tt.want || !errors.Is(err, tt.err) || stats.Rows != 2 {
			t.Errorf("%+v: %d devices of %d, %v", tt, len(ids), stats.Rows, err)
		}
	}
}

func TestSelectIsFilterSortAndLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		devices := rapid.SliceOfN(anyDevice(), 0, 20).Draw(t, "devices")
		limit := rapid.IntRange(0, 8).Draw(t, "limit")
		s, err := fleet.ParseSort(rapid.SampledFrom([]string{"", "user", "-app-version", "last-access"}).Draw(t, "sort"))
		if err != nil {
			t.Fatal(err)
		}
		f, err := fleet.ParseFilter(fleet.FilterInput{Type: "mobile", AppVersionMax: "4.9"}, now())
		if err != nil {
			t.Fatal(err)
		}
		var want []api.Device
		for _, d := range devices {
			if ok, _ := f.Match(&d); ok {
				want = append(want, d)
			}
		}
		s.Apply(want)
		if limit > 0 {
			want = want[:min(limit, len(want))]
		}
		var got []api.Device
		for d, err := range fleet.Select(sequence(slices.Clone(devices), nil), f, s, limit, nil) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, d)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestStreamingAllocatesNothingForADevice(t *testing.T) {
	const rows = 1000
	devices := slices.Repeat([]api.Device{phone()}, rows)
	f := parse(t, fleet.FilterInput{Type: "mobile", AppVersionMax: "5", LastAccess: "1y"})
	n := testing.AllocsPerRun(10, func() {
		for _, err := range fleet.Select(sequence(devices, nil), f, fleet.Sort{}, 0, nil) {
			if err != nil {
				t.Error(err)
			}
		}
	})
	if n > 20 {
		t.Errorf("%v allocations for %d devices", n, rows)
	}
}
