package sandbox

import (
	"encoding/binary"
	"hash/fnv"
	"time"

	"github.com/worksctl/worksctl/internal/appversion"
)

// world is the fleet at a moment. What a device does is a function of its
// stored row, its own dice and the time: nothing has to run for time to pass,
// and reading a page of a million devices looks at the rows of that page only.
// All times are Unix seconds.
type world struct {
	*state
	now int64
}

const (
	minute = int64(60)
	hour   = 60 * minute
	day    = 24 * hour
)

// roll throws the dice of a subject: the same number below n for the same
// question in every sandbox of the same seed, whatever the time, so that a
// scenario which is played again ends the same. nth tells throws apart.
func (w *world) roll(subject, question string, nth, n int64) int64 {
	h := fnv.New64a()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], w.Seed)
	binary.BigEndian.PutUint64(b[8:], uint64(nth)) //nolint:gosec // only mixed
	_, _ = h.Write(b[:])
	_, _ = h.Write([]byte(question))
	_, _ = h.Write([]byte(subject))
	x := h.Sum64() // FNV's low bits are weak for short inputs: finish as SplitMix64 does
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return int64((x ^ x>>31) % uint64(n)) //nolint:gosec // n > 0, result < n
}

// lastAccessAt is the device's recent access as of t (rule R6). Periods are
// longer than 24 hours, so every access of a habit refreshes it.
func (r *row) lastAccessAt(t int64) int64 {
	if r.stopped || r.period == 0 || t < r.lastAccess {
		return r.lastAccess
	}
	return t - (t-r.lastAccess)%r.period
}

// nextOnline is the first time after t at which the device is online; false
// if it never is again.
func (r *row) nextOnline(t int64) (int64, bool) {
	switch {
	case r.lastAccess > t:
		return r.lastAccess, true
	case r.stopped || r.period == 0:
		return 0, false
	}
	return r.lastAccessAt(t) + r.period, true
}

// appVersion is the app on the device: 7 of 10 members update some days after
// a notice, when they next use the device.
func (w *world) appVersion(r *row) string {
	if r.noticeAt == 0 || w.roll(r.id, "updates", 0, 10) >= 7 {
		return r.appVersion
	}
	when, ok := r.nextOnline(r.noticeAt + w.roll(r.id, "update delay", 0, 5*day))
	latest := w.latest(r.app, r.os)
	if !ok || when > w.now || !older(r.appVersion, latest) {
		return r.appVersion
	}
	return latest
}

func (w *world) latest(app, os string) string {
	for _, v := range w.Settings.AppVersions {
		if v.AppType == app && v.OSType == os {
			return v.LatestVersion
		}
	}
	return ""
}

func older(a, b string) bool {
	x, ok1 := appversion.Parse(a)
	y, ok2 := appversion.Parse(b)
	return ok1 && ok2 && x.Compare(y) < 0
}

// device is what the back end shows of a row now; false if the row has left
// the list, 3 years after its last access (rule R2).
func (w *world) device(r *row) (Device, bool) {
	m := w.mdm(r, w.now)
	last := r.lastAccessAt(w.now)
	if m.status == mdmPending && w.Settings.MDMMode == modeRequired {
		// Signed out on coming back without the profile (rule R15).
		if out, ok := r.nextOnline(m.since); ok {
			last = min(last, out)
		}
	}
	if last < w.oldest() {
		return Device{}, false
	}
	d := Device{
		DeviceID: r.id, DomainID: r.domain, Type: r.typ, Model: r.model,
		User:           User{UserID: r.userID, Email: r.email, UserName: r.userName},
		OS:             OS{Type: r.os, Version: r.osVersion},
		App:            App{Type: r.app, Version: w.appVersion(r)},
		MDM:            MDM{Status: m.status, Provider: m.provider},
		LastAccessTime: wireTime(last),
	}
	if m.provider == providerExternal || m.status == mdmRegistered { // rule R5
		d.VendorID, d.SerialNumber = orNull(r.vendor), orNull(r.serial)
	}
	return d, true
}

// oldest is the last access below which a row has left the list.
func (w *world) oldest() int64 { return time.Unix(w.now, 0).UTC().AddDate(-3, 0, 0).Unix() }

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
