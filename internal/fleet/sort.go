package fleet

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// The orders of `--sort`.
const (
	sortLastAccess = "last-access"
	sortUser       = "user"
	sortModel      = "model"
	sortAppVersion = "app-version"
	sortOSVersion  = "os-version"
)

// SortWords returns the values of `--sort`, for help texts and completion.
func SortWords() []string {
	return []string{sortLastAccess, sortUser, sortModel, sortAppVersion, sortOSVersion}
}

// Sort is an order of devices. The zero Sort keeps the order they come in.
type Sort struct {
	by      string
	reverse bool
}

// ParseSort reads the value of `--sort`; a leading '-' reverses. Empty is the
// zero Sort. The error is an [exit.Error] with code 2.
func ParseSort(s string) (Sort, error) {
	by, reverse := strings.CutPrefix(s, "-")
	if s == "" {
		return Sort{}, nil
	}
	if !slices.Contains(SortWords(), by) {
		prefix := "--sort="
		if reverse {
			prefix += "-"
		}
		return Sort{}, unknownValue("--sort", prefix, s, SortWords())
	}
	return Sort{by: by, reverse: reverse}, nil
}

// IsSet reports whether s orders anything.
func (s Sort) IsSet() bool { return s.by != "" }

// Needs returns the keys of the device columns that s compares, in groups as
// [Filter.Needs] does.
func (s Sort) Needs() [][]string {
	switch s.by {
	case sortLastAccess:
		return [][]string{{KeyLastAccess}}
	case sortUser:
		return [][]string{{KeyUserName, KeyUserEmail}}
	case sortModel:
		return [][]string{{KeyModel}}
	case sortAppVersion:
		return [][]string{{KeyAppVersion}}
	case sortOSVersion:
		return [][]string{{KeyOSVersion}}
	}
	return nil
}

// Apply sorts devices in place: oldest access, smallest text or oldest version
// first, or the reverse. Values that are missing or can't be read come last
// either way. Ties are in the order of device ids, so that the same devices
// always come in the same order.
func (s Sort) Apply(devices []api.Device) {
	if !s.IsSet() {
		return
	}
	keys := make([]sortKey, len(devices))
	for i := range devices {
		keys[i] = s.key(&devices[i])
		keys[i].from = i
	}
	slices.SortFunc(keys, func(a, b sortKey) int {
		switch {
		case a.missing && !b.missing:
			return 1
		case !a.missing && b.missing:
			return -1
		}
		order := a.compare(b)
		if s.reverse {
			order = -order
		}
		return cmp.Or(order, strings.Compare(devices[a.from].DeviceID, devices[b.from].DeviceID), cmp.Compare(a.from, b.from))
	})
	permute(devices, keys)
}

// sortKey is what a device is compared by, computed once.
type sortKey struct {
	from    int // index of the device before sorting
	missing bool
	time    time.Time
	version appversion.Version
	text    string
	more    string // breaks ties of text
}

func (s Sort) key(d *api.Device) (k sortKey) {
	switch s.by {
	case sortLastAccess:
		t, err := d.LastAccess()
		k.time, k.missing = t, err != nil
	case sortUser:
		k.text, k.more = textmatch.Fold(d.User.UserName), textmatch.Fold(d.User.Email)
		k.missing = k.text == ""
	case sortModel:
		k.text = textmatch.Fold(d.Model)
		k.missing = k.text == ""
	case sortAppVersion:
		v, ok := appversion.Parse(d.App.Version)
		k.version, k.missing = v, !ok
	case sortOSVersion:
		v, ok := appversion.Parse(d.OS.Version)
		k.version, k.missing = v, !ok
	}
	return k
}

func (k sortKey) compare(o sortKey) int {
	if k.missing {
		return strings.Compare(k.more, o.more)
	}
	return cmp.Or(k.time.Compare(o.time), k.version.Compare(o.version),
		strings.Compare(k.text, o.text), strings.Compare(k.more, o.more))
}

// permute moves devices[keys[i].from] to i along the cycles of the permutation,
// since a second copy of a large fleet is the largest thing in memory.
func permute(devices []api.Device, keys []sortKey) {
	for start := range keys {
		if keys[start].from == start {
			continue
		}
		saved := devices[start]
		for to := start; ; {
			from := keys[to].from
			keys[to].from = to
			if from == start {
				devices[to] = saved
				break
			}
			devices[to] = devices[from]
			to = from
		}
	}
}
