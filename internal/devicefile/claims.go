package devicefile

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// claims are what the rows of a file say of each device id. Rows of one id that
// name different members or things contradict each other: none of them says which
// device is meant. A row that can't be trusted for another reason contradicts, too.
type claims struct {
	file *File
	seed maphash.Seed
	all  []Identity
	ids  map[string]claim
}

type claim struct {
	at      int    // of the first row that can be trusted or, where none can, of the first
	owner   uint64 // a hash of what must be the same in all rows of a device
	against int    // the line of a row that says otherwise
	trusted bool
}

func newClaims(f *File) *claims {
	return &claims{file: f, seed: maphash.MakeSeed(), ids: map[string]claim{}}
}

// owner leaves out what may differ: a device has a row for each of its apps.
func (c *claims) owner(d *api.Device) uint64 {
	return maphash.Comparable(c.seed, api.Device{User: d.User, VendorID: d.VendorID, SerialNumber: d.SerialNumber})
}

// add takes in the next row.
func (c *claims) add(row *Row) {
	id := row.Device.DeviceID
	c.all = append(c.all, Identity{DeviceID: id, Line: row.Line, Problems: row.Problems})
	if id == "" || slices.ContainsFunc(row.Problems, func(p Problem) bool { return p.Column == c.column() }) {
		return // nobody knows of which device
	}
	now := &c.all[len(c.all)-1]
	owner, trusted := c.owner(&row.Device), len(row.Problems) == 0
	first, known := c.ids[id]
	if !known {
		c.ids[id] = claim{at: len(c.all) - 1, owner: owner, trusted: trusted}
		return
	}
	earlier := &c.all[first.at]
	switch {
	case first.owner != owner:
		if first.against == 0 {
			first.against = row.Line
			c.contradict(earlier, id, row.Line)
		}
		c.contradict(now, id, earlier.Line)
	case first.trusted && trusted:
		now.Repeated = true
	case first.against > 0:
		c.contradict(now, id, first.against)
	case trusted:
		first.at, first.trusted = len(c.all)-1, true
	}
	c.ids[id] = first
}

// contradict notes in one row what another says of the same device.
func (c *claims) contradict(in *Identity, id string, other int) {
	place := "row"
	if c.file.format == JSON || c.file.format == NDJSON {
		place = "item"
	}
	in.Problems = append(in.Problems, Problem{
		Place: place + " " + strconv.Itoa(in.Line), Column: c.column(),
		Text: fmt.Sprintf("%q is in %s %d too, with another member, Vendor ID or serial number", id, place, other),
	})
}

// column is what the file calls the column of the device ids.
func (c *claims) column() string {
	switch {
	case c.file.console != nil:
		return c.file.console.Header(fleet.KeyDeviceID)
	case c.file.format == JSON || c.file.format == NDJSON:
		return "deviceId"
	}
	return fleet.KeyDeviceID
}
