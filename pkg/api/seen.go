package api

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// seenSet remembers texts by 79 bits of a keyed hash, however long the text.
// With 1,000,000 texts the odds that any two are taken for one another are
// about 1 in 10^12; the keys are drawn anew for each set, so nobody can aim
// for it.
//
// A Go map would do the same in 20 to 40 bytes a text, and more while it grows.
// This set takes 13: it is open addressing in small parts, each of which grows
// by a quarter when it is nearly full, at another moment than the others.
type seenSet struct {
	a, b  maphash.Seed
	parts [seenParts]seenPart
}

const seenParts = 64

type seenHash [10]byte // never all zero: that marks a free slot

type seenPart struct {
	slots []seenHash
	used  int
}

func newSeenSet() *seenSet {
	return &seenSet{a: maphash.MakeSeed(), b: maphash.MakeSeed()}
}

// add reports whether text is new to the set.
func (s *seenSet) add(text string) bool {
	var h seenHash
	binary.LittleEndian.PutUint64(h[:8], maphash.String(s.a, text))
	binary.LittleEndian.PutUint16(h[8:], uint16(maphash.String(s.b, text))|1) //nolint:gosec // 16 of its bits are wanted
	part := int(h[0] % seenParts)
	p := &s.parts[part]
	if len(p.slots) == 0 {
		p.slots = make([]seenHash, 64+part*16/seenParts) // sizes up to a quarter apart stay so
	}
	if p.used*7 >= len(p.slots)*6 {
		p.grow()
	}
	slot := p.find(h)
	if *slot == h {
		return false
	}
	*slot = h
	p.used++
	return true
}

// find returns the slot that holds h, or else the free one where it belongs.
func (p *seenPart) find(h seenHash) *seenHash {
	// The part was chosen by the low bits; the place in it follows from the high ones.
	at, _ := bits.Mul64(binary.LittleEndian.Uint64(h[:8]), uint64(len(p.slots)))
	for i := at; ; i++ {
		if i == uint64(len(p.slots)) {
			i = 0
		}
		if slot := &p.slots[i]; *slot == h || *slot == (seenHash{}) {
			return slot
		}
	}
}

func (p *seenPart) grow() {
	old := p.slots
	p.slots = make([]seenHash, len(old)+len(old)/4)
	for _, h := range old {
		if h != (seenHash{}) {
			*p.find(h) = h
		}
	}
}
