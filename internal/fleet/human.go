package fleet

import (
	"strconv"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// View is how a person is shown devices. The zero View is for a pipe.
type View struct {
	Location *time.Location // of times; nil shows them as received
	Now      time.Time      // what ages count from; unused without a Location
}

// access is the local time and the age, or the time as received.
func (v View) access(d *api.Device) string {
	t, err := d.LastAccess()
	if err != nil || v.Location == nil {
		return d.LastAccessTime
	}
	return v.local(t) + " (" + v.age(t) + " ago)"
}

func (v View) accessLocal(d *api.Device) string {
	t, err := d.LastAccess()
	if err != nil || v.Location == nil {
		return d.LastAccessTime
	}
	return v.local(t)
}

// accessAgo is empty where the time can't be read.
func (v View) accessAgo(d *api.Device) string {
	t, err := d.LastAccess()
	if err != nil {
		return ""
	}
	return v.age(t)
}

func (v View) local(t time.Time) string { return t.In(v.Location).Format("2006-01-02 15:04") }

// age is the time passed in its largest unit. A time that lies ahead, by a
// clock that is wrong, has no age.
func (v View) age(t time.Time) string {
	const day = 24 * time.Hour
	count := func(d, unit time.Duration, name string) string { return strconv.Itoa(int(d/unit)) + name }
	switch d := v.Now.Sub(t); {
	case d < time.Minute:
		return "0m"
	case d < time.Hour:
		return count(d, time.Minute, "m")
	case d < day:
		return count(d, time.Hour, "h")
	case d < 60*day:
		return count(d, day, "d")
	case d < 2*365*day:
		return count(d, 30*day, "mo")
	default:
		return count(d, 365*day, "y")
	}
}

// The names that people know values by. A value that this version doesn't know
// is shown as it came.

func typeName(t api.DeviceType) string { return typed(string(t), typeWords()) }

func mdmName(s api.MDMStatus) string { return typed(string(s), mdmWords()) }

func typed(wire string, words []word) string {
	for _, w := range words {
		if w.wire == wire {
			return w.typed
		}
	}
	return wire
}

func osName(t api.OSType) string {
	switch t {
	case api.OSIOS:
		return "iOS"
	case api.OSAndroid:
		return "Android"
	case api.OSWindows:
		return "Windows"
	case api.OSMacOS:
		return "macOS"
	}
	return string(t)
}

func appName(t api.AppType) string {
	switch t {
	case api.AppWorksMobile:
		return "WORKS"
	case api.AppWorksPC:
		return "WORKS PC"
	case api.AppDriveExplorer:
		return "Drive Explorer"
	case api.AppDriveMobile:
		return "Drive"
	}
	return string(t)
}

func providerName(p api.MDMProvider) string {
	switch p {
	case api.ProviderNaverWorks:
		return "NAVER WORKS"
	case api.ProviderExternal:
		return "third-party"
	case api.ProviderNone:
		return "none"
	}
	return string(p)
}
