package devicefile

import "hash/maphash"

// idSet remembers device ids by 128 bits of hash each: a quarter of the memory
// of the ids themselves, and no chance worth naming that two ids share them.
type idSet struct {
	seeds [2]maphash.Seed
	ids   map[[2]uint64]struct{}
}

func newIDSet() *idSet {
	return &idSet{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, map[[2]uint64]struct{}{}}
}

// add reports whether id is new.
func (s *idSet) add(id string) bool {
	key := [2]uint64{maphash.String(s.seeds[0], id), maphash.String(s.seeds[1], id)}
	before := len(s.ids)
	s.ids[key] = struct{}{}
	return len(s.ids) > before
}
