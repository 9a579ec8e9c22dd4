package api

import (
	"encoding/binary"
	"hash/maphash"
)

// seenSet remembers texts by 96 bits of a keyed hash: about 20 bytes of the map
// for each, however long the text. With 1,000,000 texts the odds that
// any two are taken for one another are about 1 in 10^17; the keys are drawn
// anew for each set, so nobody can aim for it.
type seenSet struct {
	a, b  maphash.Seed
	texts map[[12]byte]struct{}
}

func newSeenSet() *seenSet {
	return &seenSet{a: maphash.MakeSeed(), b: maphash.MakeSeed(), texts: map[[12]byte]struct{}{}}
}

// add reports whether text is new to the set.
func (s *seenSet) add(text string) bool {
	var sum [12]byte
	binary.LittleEndian.PutUint64(sum[:8], maphash.String(s.a, text))
	binary.LittleEndian.PutUint32(sum[8:], uint32(maphash.String(s.b, text))) //nolint:gosec // 32 of its bits are wanted
	before := len(s.texts)
	s.texts[sum] = struct{}{}
	return len(s.texts) > before
}
