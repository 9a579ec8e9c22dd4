package job

import (
	"runtime"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestRosterSeesEachPositionOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{"a", "b", "c", "d", "", "A"})
		ids := rapid.SliceOf(id).Draw(t, "ids")
		r := &roster{}
		for _, id := range ids {
			r.add(id)
		}
		var seen []int
		asked := rapid.SliceOf(id).Draw(t, "asked")
		for _, a := range asked {
			if err := r.see(a, func(pos int) error {
				if ids[pos] != a {
					t.Fatalf("position %d of %q for %q", pos, ids, a)
				}
				seen = append(seen, pos)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		for pos, id := range ids {
			n := 0
			if slices.Contains(asked, id) {
				n = 1
			}
			if slices.Contains(seen, pos) != (n == 1) || r.seen[pos] != (n == 1) {
				t.Fatalf("position %d of %q: seen %v", pos, ids, seen)
			}
		}
		if len(seen) != r.len()-r.left {
			t.Fatalf("%d seen, %d of %d left", len(seen), r.left, r.len())
		}
	})
}

// TestRecheckStaysSmall holds what a recheck keeps for each device that is as
// it was.
func TestRecheckStaysSmall(t *testing.T) {
	const devices = 100_000
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	c := &recheck{}
	for i := range devices {
		c.wanted.add(strconv.Itoa(i))
		c.frozen = append(c.frozen, 0)
		c.items = append(c.items, 0)
	}
	if each := (heap() - before) / devices; each > 50 {
		t.Errorf("%d bytes for each device", each)
	}
	runtime.KeepAlive(c)
}
