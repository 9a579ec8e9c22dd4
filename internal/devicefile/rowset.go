package devicefile

import (
	"hash/maphash"

	"github.com/worksctl/worksctl/pkg/api"
)

// rowSet remembers rows by 128 bits of hash each: far less memory than the rows
// themselves, and no chance worth naming that two rows share them.
type rowSet struct {
	seeds [2]maphash.Seed
	rows  map[[2]uint64]struct{}
}

func newRowSet() *rowSet {
	return &rowSet{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, map[[2]uint64]struct{}{}}
}

// add reports whether a row with all the same in it is there already. Rows that
// name no device don't count: a member may have two phones of one model.
func (s *rowSet) add(d *api.Device) (again bool) {
	if d.DeviceID == "" && d.VendorID == "" {
		return false
	}
	key := [2]uint64{maphash.Comparable(s.seeds[0], *d), maphash.Comparable(s.seeds[1], *d)}
	_, again = s.rows[key]
	s.rows[key] = struct{}{}
	return again
}
