package consolefile

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// installation is one app on one device of one member. The console hands over a
// few thousand rows at a time, and downloads that were pasted together may have
// several of it.
type installation struct {
	deviceID string
	vendorID api.Nullable // where there is no device id
	serial   api.Nullable
	model    string // ids that many devices share, such as 0000, name none of them
	os       api.OSType
	member   api.User
	domain   int32
	list     api.DeviceType
	app      api.App // its version only where nothing names the app: another one is of another
}

// overlap finds rows of one installation that differ. The one of the latest access
// counts; where the times don't tell which that is, none can be trusted.
func (f *File) overlap() {
	ids := f.idsByVendor()
	seeds := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	// As many hashes as there are rows take far less memory than what they are of.
	key := func(row *Row) (hash [2]uint64, ok bool) {
		in := installationOf(&row.Device)
		if id := ids[in]; id != "" {
			in.deviceID, in.vendorID = id, ""
		}
		ok = len(row.Problems) == 0 && (in.deviceID != "" || in.vendorID != "")
		return [2]uint64{maphash.Comparable(seeds[0], in), maphash.Comparable(seeds[1], in)}, ok
	}
	newest := map[[2]uint64]int{}
	for i := range f.Rows {
		if k, ok := key(&f.Rows[i]); ok {
			if other, known := newest[k]; !known || accessed(&f.Rows[i]).After(accessed(&f.Rows[other])) {
				newest[k] = i
			}
		}
	}
	against := map[int]int{} // a row that can't be trusted, by the one that says otherwise
	for i := range f.Rows {
		row := &f.Rows[i]
		k, ok := key(row)
		if !ok || row.Device == f.Rows[newest[k]].Device {
			continue
		}
		if at := accessed(row); !at.IsZero() && at.Before(accessed(&f.Rows[newest[k]])) {
			row.Older = true
			continue
		}
		against[i] = newest[k]
		if _, known := against[newest[k]]; !known {
			against[newest[k]] = i
		}
	}
	f.contradict(against)
}

func installationOf(d *api.Device) installation {
	in := installation{
		deviceID: d.DeviceID, serial: d.SerialNumber, model: d.Model, os: d.OS.Type,
		member: d.User, domain: d.DomainID, list: d.Type, app: api.App{Type: d.App.Type},
	}
	if d.DeviceID == "" {
		in.vendorID = d.VendorID
	}
	switch { // what stands first is enough
	case d.User.UserID != "":
		in.member = api.User{UserID: d.User.UserID}
	case d.User.Email != "":
		in.member = api.User{Email: strings.ToLower(d.User.Email)}
	}
	if d.App.Type == "" {
		in.app = d.App
	}
	return in
}

// idsByVendor has the device ids for rows that lack them, found by the Vendor ID;
// empty where other rows give it several.
func (f *File) idsByVendor() map[installation]string {
	if !f.HasIDs() {
		return nil
	}
	ids := map[installation]string{}
	for i := range f.Rows {
		if d := f.Rows[i].Device; d.DeviceID == "" && d.VendorID != "" {
			ids[installationOf(&d)] = ""
		}
	}
	several := []installation{}
	for i := range f.Rows {
		d := f.Rows[i].Device
		id := d.DeviceID
		d.DeviceID = ""
		in := installationOf(&d)
		other, lacking := ids[in]
		switch {
		case !lacking || id == "" || other == id:
		case other == "":
			ids[in] = id
		default:
			several = append(several, in)
		}
	}
	for _, in := range several {
		delete(ids, in)
	}
	return ids
}

func accessed(row *Row) time.Time {
	at, _ := time.Parse(time.RFC3339, row.Device.LastAccessTime) // empty where there is none
	return at
}

// contradict names in each row what another one says otherwise.
func (f *File) contradict(against map[int]int) {
	type fault struct {
		Problem
		key string
	}
	faults := map[int]fault{} // all before a field is emptied
	for i, other := range against {
		row := &f.Rows[i]
		header, key, value := f.difference(&row.Device, &f.Rows[other].Device)
		text := fmt.Sprintf("row %d says otherwise of the same device, member and app, and no later access tells which is right: delete the wrong row", f.Rows[other].Number)
		if header != "" {
			text = strconv.Quote(value) + ": " + text
		}
		faults[i] = fault{Problem{Row: row.Number, Column: header, Text: text}, key}
	}
	for i, fault := range faults {
		row := &f.Rows[i]
		row.Problems = append(row.Problems, fault.Problem)
		row.Device = withoutDifference(&row.Device, fault.key)
	}
}

// difference returns the last column in which two devices differ, those that a
// person tells devices apart by coming first.
func (f *File) difference(a, b *api.Device) (header, key, value string) {
	for _, c := range slices.Backward(fleet.Columns(fleet.View{})) {
		if in := f.Header(c.Key); in != "" && c.Value(a) != c.Value(b) {
			return in, c.Key, c.Value(a)
		}
	}
	return "", "", ""
}

// withoutDifference leaves what names the device, but for what differs.
func withoutDifference(d *api.Device, key string) api.Device {
	left := api.Device{DeviceID: d.DeviceID, VendorID: d.VendorID, SerialNumber: d.SerialNumber, User: d.User}
	switch key {
	case fleet.KeyDeviceID:
		left.DeviceID = ""
	case fleet.KeyVendorID:
		left.VendorID = ""
	case fleet.KeySerialNumber:
		left.SerialNumber = ""
	case fleet.KeyUserID, fleet.KeyUserName, fleet.KeyUserEmail:
		left.User = api.User{}
	}
	return left
}
