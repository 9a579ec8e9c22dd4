package sandbox

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/textmatch"
)

// order compares two devices for orderBy, the device id last.
type order func(a, b *Device) int

// parseOrder reads orderBy and sortOrder; nil when the listing is not ordered.
func parseOrder(q url.Values) (order, error) {
	var by order
	switch q.Get("orderBy") {
	case "":
		if q.Has("orderBy") {
			return nil, errInvalid("orderBy is empty")
		}
	case "LAST_ACCESS_TIME":
		by = func(a, b *Device) int { return cmp.Compare(a.LastAccessTime, b.LastAccessTime) }
	case "USER_NAME":
		by = func(a, b *Device) int {
			return strings.Compare(textmatch.Fold(a.User.UserName), textmatch.Fold(b.User.UserName))
		}
	case "MODEL":
		by = func(a, b *Device) int { return strings.Compare(textmatch.Fold(a.Model), textmatch.Fold(b.Model)) }
	case "APP_VERSION":
		by = func(a, b *Device) int { return compareVersions(a.App.Version, b.App.Version) }
	case "OS_VERSION":
		by = func(a, b *Device) int { return compareVersions(a.OS.Version, b.OS.Version) }
	default:
		return nil, errInvalid("orderBy %q: unknown value", q.Get("orderBy"))
	}
	sign := 1
	switch dir := q.Get("sortOrder"); {
	case dir == "DESCENDING":
		sign = -1
	case dir != "ASCENDING" && q.Has("sortOrder"):
		return nil, errInvalid("sortOrder %q: use ASCENDING or DESCENDING", q.Get("sortOrder"))
	}
	if by == nil {
		return nil, nil
	}
	return func(a, b *Device) int {
		return cmp.Or(sign*by(a, b), strings.Compare(a.DeviceID, b.DeviceID))
	}, nil
}

// compareVersions puts unreadable versions first.
func compareVersions(a, b string) int {
	x, ok1 := appversion.Parse(a)
	y, ok2 := appversion.Parse(b)
	switch {
	case ok1 && ok2:
		return x.Compare(y)
	case ok1:
		return 1
	case ok2:
		return -1
	}
	return strings.Compare(a, b)
}

// listOrdered reads every row and keeps the page's worth that comes first
// after the cursor. The cursor holds the sort values of the last row, so rows
// whose values change while a listing runs move across its pages.
func (c *call) listOrdered(match filter, by order, p pageRequest) (answer, error) {
	var last *Device
	if p.after != "" {
		last = new(Device)
		if err := json.Unmarshal([]byte(p.after), last); err != nil {
			return answer{}, errInvalid("cursor: not one of this listing")
		}
	}
	first := make([]Device, 0, p.count+1)
	for id, b := range c.tx.Ascend(bucketDevices, "") {
		r, err := decodeRow(id, b)
		if err != nil {
			return answer{}, err
		}
		d, listed := c.device(&r)
		if !listed || !match.match(&d) || last != nil && !c.follows(by(&d, last)) {
			continue
		}
		if len(first) > p.count && by(&d, &first[p.count]) > 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(first, &d, func(a Device, d *Device) int { return by(&a, d) })
		first = slices.Insert(first[:min(len(first), p.count)], min(i, p.count), d)
	}
	next := ""
	if len(first) > p.count {
		first = first[:p.count]
		end := first[p.count-1]
		position, err := json.Marshal(Device{DeviceID: end.DeviceID, Model: end.Model, LastAccessTime: end.LastAccessTime,
			User: User{UserName: end.User.UserName}, OS: end.OS, App: end.App})
		if err != nil {
			return answer{}, err
		}
		next = string(position)
	}
	return c.respond("devices", first, next)
}

// follows says whether a row comes after the cursor's, given how they compare.
func (c *call) follows(compared int) bool {
	return compared > 0 || compared == 0 && c.fault == faultRowMoving
}
