package devicefile

import (
	"fmt"
	"hash/maphash"
	"strconv"

	"github.com/worksctl/worksctl/internal/fleet"
)

// idSet remembers device ids by 128 bits of hash each, and where they stood
// beside what: half the memory of the ids themselves, and no chance worth naming
// that two ids share them.
type idSet struct {
	seeds [2]maphash.Seed
	ids   map[[2]uint64]idPlace
}

type idPlace struct {
	line   int
	beside uint64 // a hash of what else the row has
}

func newIDSet() *idSet {
	return &idSet{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, map[[2]uint64]idPlace{}}
}

// add returns the line where id stood before, or 0, and whether it stood beside
// the same.
func (s *idSet) add(id string, line int, beside ...string) (earlier int, same bool) {
	key := [2]uint64{maphash.String(s.seeds[0], id), maphash.String(s.seeds[1], id)}
	var h maphash.Hash
	h.SetSeed(s.seeds[0])
	for _, text := range beside {
		maphash.WriteComparable(&h, text)
	}
	sum := h.Sum64()
	if p, ok := s.ids[key]; ok {
		return p.line, p.beside == sum
	}
	s.ids[key] = idPlace{line, sum}
	return 0, true
}

// compare notes whether an earlier row has the same device id, and whether it is
// of another member or thing.
func (f *File) compare(seen *idSet, row *Row) {
	d := &row.Device
	if d.DeviceID == "" || len(row.Problems) > 0 {
		return
	}
	earlier, same := seen.add(d.DeviceID, row.Line, d.User.UserID, d.User.UserName, d.User.Email, string(d.VendorID), string(d.SerialNumber))
	switch {
	case earlier == 0:
	case same:
		row.Repeated = true
	default:
		row.Against = earlier
		row.Problems = append(row.Problems, f.contradiction(d.DeviceID, row.Line, earlier))
	}
}

// contradiction is what is wrong with one of two rows of a device.
func (f *File) contradiction(id string, line, other int) Problem {
	place, column := "row", fleet.KeyDeviceID
	switch {
	case f.console != nil:
		column = f.console.Header(column)
	case f.format == JSON || f.format == NDJSON:
		place, column = "item", "deviceId"
	}
	return Problem{
		Place: place + " " + strconv.Itoa(line), Column: column,
		Text: fmt.Sprintf("%q is in %s %d too, with another member, Vendor ID or serial number", id, place, other),
	}
}
