package seed_test

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func now() time.Time { return time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC) }

func options(devices int, number uint64) seed.Options {
	return seed.Options{Devices: devices, Seed: number, Now: now()}
}

func take[T any](s iter.Seq[T], n int) []T {
	var list []T
	for v := range s {
		if len(list) == n {
			break
		}
		list = append(list, v)
	}
	return list
}

// A changed digest means that every sandbox shows another fleet and that all
// goldens of the script tests change: wanted only with a line in the changelog.
func TestDefaultFleetIsFrozen(t *testing.T) {
	h := sha256.New()
	for m := range seed.Members(options(0, 0)) {
		fmt.Fprintf(h, "%+v\n", m)
	}
	for d := range seed.Generate(options(0, 0)) {
		fmt.Fprintf(h, "%+v\n", d)
	}
	const want = "74318d711ea3474ca621f0ea7eaf968ddc5a73175d9cc6cdc4900b73ee9d1d75"
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != want {
		t.Errorf("digest of the fleet: %s, want %s", got, want)
	}
}

func TestFleetFollowsFromItsNumber(t *testing.T) {
	first := slices.Collect(seed.Generate(options(1000, 7)))
	if diff := cmp.Diff(first, slices.Collect(seed.Generate(options(1000, 7)))); diff != "" {
		t.Errorf("same number, another fleet:\n%s", diff)
	}
	if diff := cmp.Diff(first, take(seed.Generate(options(5000, 7)), 1000)); diff != "" {
		t.Errorf("a larger fleet begins with other devices:\n%s", diff)
	}
	other := slices.Collect(seed.Generate(options(1000, 8)))
	for i := range first {
		if first[i].DeviceID == other[i].DeviceID {
			t.Errorf("device %d has the same id in two fleets", i)
		}
	}
}

func TestZeroOptionsAreTheDefaults(t *testing.T) {
	zero := seed.Options{Now: now()}
	full := seed.Options{Now: now(), Devices: seed.DefaultDevices, Seed: seed.DefaultSeed, DomainID: seed.DefaultDomainID}
	if diff := cmp.Diff(slices.Collect(seed.Generate(zero)), slices.Collect(seed.Generate(full))); diff != "" {
		t.Error(diff)
	}
	devices, members := slices.Collect(seed.Generate(zero)), slices.Collect(seed.Members(zero))
	if len(devices) != 1000 || len(members) != 640 {
		t.Errorf("%d devices of %d members, want 1000 of 640", len(devices), len(members))
	}
}

func BenchmarkMillion(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range seed.Generate(options(seed.MaxDevices, 1)) {
			n++
		}
		for range seed.Members(options(seed.MaxDevices, 1)) {
			n++
		}
		if n != 1_640_000 {
			b.Fatalf("%d devices and members", n)
		}
	}
}
