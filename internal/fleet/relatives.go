package fleet

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// Relatives are the rows that make one look twice before a device is wiped or
// reset. Both lists are newest first. A row may be in both.
type Relatives struct {
	// Newer are rows of the same list, member and model that were used more
	// recently: perhaps the one meant.
	Newer []api.Device
	// SameHardware are other rows, of any list, with the same serial number or
	// Vendor ID: a reset concerns them too (R18).
	SameHardware []api.Device
}

// FindRelatives looks for the relatives of d: by its member, its serial number
// and its Vendor ID, whichever it has. search is GET /security/devices with a
// query whose user or keyword it may take for a part, or ignore: every row is
// compared again, whole. An error of search is returned with no relatives, since
// some may be missing.
func FindRelatives(
	ctx context.Context, search func(context.Context, api.DeviceQuery) iter.Seq2[api.Device, error], d *api.Device,
) (Relatives, error) {
	var r Relatives
	newer, same := map[string]bool{d.DeviceID: true}, map[string]bool{d.DeviceID: true}
	for _, q := range relativeQueries(d) {
		for o, err := range search(ctx, q) {
			if err != nil {
				return Relatives{}, fmt.Errorf("other rows of device %q: %w", d.DeviceID, err)
			}
			if !newer[o.DeviceID] && usedAfter(&o, d) {
				newer[o.DeviceID], r.Newer = true, append(r.Newer, o)
			}
			if !same[o.DeviceID] && (sameText(o.SerialNumber, d.SerialNumber) || sameText(o.VendorID, d.VendorID)) {
				same[o.DeviceID], r.SameHardware = true, append(r.SameHardware, o)
			}
		}
	}
	newest := Sort{by: sortLastAccess, reverse: true}
	newest.Apply(r.Newer)
	newest.Apply(r.SameHardware)
	return r, nil
}

func relativeQueries(d *api.Device) []api.DeviceQuery {
	var queries []api.DeviceQuery
	if d.User.UserID != "" {
		queries = append(queries, api.DeviceQuery{User: d.User.UserID})
	}
	for _, text := range []api.Nullable{d.SerialNumber, d.VendorID} {
		if !isEmpty(text) {
			queries = append(queries, api.DeviceQuery{Keyword: string(text)})
		}
	}
	return queries
}

// usedAfter is never true where o's time can't be read. Where d's can't, it
// counts as long ago: one warning too many is better than the wrong phone.
func usedAfter(o, d *api.Device) bool {
	if d.User.UserID == "" || o.User.UserID != d.User.UserID || o.Type != d.Type || !sameText(o.Model, d.Model) {
		return false
	}
	at, err := o.LastAccess()
	if err != nil {
		return false
	}
	before, _ := d.LastAccess() // the zero time with an error
	return at.After(before)
}

// sameText compares as [Resolve] does; what is empty names nothing.
func sameText[T ~string](a, b T) bool {
	return !isEmpty(a) && textmatch.Equal(string(a), string(b))
}

func isEmpty[T ~string](s T) bool { return strings.TrimSpace(string(s)) == "" }
