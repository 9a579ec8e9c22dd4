package seed

import (
	"cmp"
	"iter"
	"math"
	"math/rand/v2"
	"time"
)

// A fleet is made in blocks of 16 members with 25 devices, 640 members for
// every 1,000 devices. Each block, member and device has random numbers of its
// own, drawn from the seed and its position alone.
const (
	blockMembers = 16
	blockDevices = 25
)

// Streams of random numbers that don't depend on each other.
const (
	streamBlock = iota + 1
	streamMember
	streamDevice
)

type fleet struct {
	Options
	tables
	*rand.Rand
	source *rand.PCG
}

func newFleet(o Options) *fleet {
	o.Devices = cmp.Or(o.Devices, DefaultDevices)
	o.Seed = cmp.Or(o.Seed, DefaultSeed)
	o.DomainID = cmp.Or(o.DomainID, DefaultDomainID)
	zone := time.FixedZone("", 9*60*60) // Korea and Japan
	o.Now = o.Now.In(zone).Truncate(time.Second)
	source := rand.NewPCG(0, 0)
	return &fleet{
		Options: o,
		tables:  newTables(),
		Rand:    rand.New(source), //nolint:gosec // the same fleet every time is the purpose
		source:  source,
	}
}

// draw starts the random numbers of one thing.
func (f *fleet) draw(stream uint64, index int) {
	f.source.Seed(mix(f.Seed^mix(stream)), mix(uint64(index))) //nolint:gosec // index is not negative
}

// mix is the finalizer of SplitMix64: it spreads neighboring numbers, with
// which PCG would start out alike.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance reports true in percent of 100 cases.
func (f *fleet) chance(percent float64) bool { return f.Float64()*100 < percent }

// common picks from a list that is ordered by how common its entries are: the
// first of n turns up in 1/√n of all cases, the last in about 1/2n.
func common[T any](f *fleet, list []T) T {
	u := f.Float64()
	return list[int(u*u*float64(len(list)))]
}

// anyOf picks from a list with equal chances.
func anyOf[T any](f *fleet, list []T) T { return list[f.IntN(len(list))] }

// between picks a span of time, to the second.
func (f *fleet) between(least, most time.Duration) time.Duration {
	return (least + time.Duration(f.Int64N(int64(most-least)))).Truncate(time.Second)
}

type block struct {
	firstMember int
	firstDevice int
	counts      []int   // devices of each member
	owners      []uint8 // member of each device, as a position in counts
}

// blocks yields the blocks of the fleet. A block is valid until the next one.
func (f *fleet) blocks() iter.Seq[block] {
	return func(yield func(block) bool) {
		owners := make([]uint8, 0, blockDevices)
		for i := 0; i*blockDevices < f.Devices; i++ {
			b := block{firstMember: i * blockMembers, firstDevice: i * blockDevices, owners: owners}
			b.counts = f.counts(i, min(blockDevices, f.Devices-b.firstDevice))
			for m, n := range b.counts {
				for range n {
					b.owners = append(b.owners, uint8(m))
				}
			}
			if !yield(b) {
				return
			}
		}
	}
}

// counts shares n devices among the members of a block: most have one or two,
// some up to five, some none. The first block begins with those who have most,
// so that the best-known name of every form, Hong Gildong, has several.
func (f *fleet) counts(index, n int) []int {
	if n < blockDevices { // the last block: one or two for everybody
		c := make([]int, int(math.Ceil(float64(n)*blockMembers/blockDevices)))
		for i := range n {
			c[i%len(c)]++
		}
		return c
	}
	c := []int{4, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 0, 0}
	if index == 0 {
		return c
	}
	f.draw(streamBlock, index)
	if f.chance(30) {
		c[0], c[1], c[2] = 5, 4, 1
	}
	f.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
	return c
}
