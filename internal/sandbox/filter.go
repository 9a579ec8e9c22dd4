package sandbox

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/textmatch"
)

// filter says whether a device is asked for.
type filter []func(*Device) bool

func (f filter) match(d *Device) bool {
	for _, ok := range f {
		if !ok(d) {
			return false
		}
	}
	return true
}

// parseFilter reads the query of GET /security/devices.
func parseFilter(q url.Values) (filter, error) {
	p := filterParser{q: q}
	p.domain()
	p.enum("type", func(d *Device) string { return d.Type }, typeMobile, typePC, typeDriveMobile)
	p.enum("osType", func(d *Device) string { return d.OS.Type }, "IOS", "ANDROID", "WINDOWS", "MACOS")
	p.enum("appType", func(d *Device) string { return d.App.Type }, "WORKS_MOBILE", "WORKS_PC", "DRIVE_EXPLORER", typeDriveMobile)
	p.enum("mdmStatus", func(d *Device) string { return d.MDM.Status }, mdmRegistered, mdmPending, mdmUnregistered)
	osVersion := func(d *Device) string { return d.OS.Version }
	appVersion := func(d *Device) string { return d.App.Version }
	p.version("osVersion", osVersion, appversion.Version.HasPrefix)
	p.version("osVersionMax", osVersion, notNewer)
	p.version("appVersion", appVersion, func(v, o appversion.Version) bool { return v.Compare(o) == 0 })
	p.version("appVersionMax", appVersion, notNewer)
	p.time("accessedAfter", func(last, t int64) bool { return last >= t })
	p.time("accessedBefore", func(last, t int64) bool { return last < t })
	p.text("model", func(d *Device, s string) bool { return textmatch.Contains(d.Model, s) })
	p.text("user", func(d *Device, s string) bool {
		return d.User.UserID == s || textmatch.Contains(d.User.UserName, s) || textmatch.Contains(d.User.Email, s)
	})
	p.text("keyword", func(d *Device, s string) bool {
		return textmatch.Contains(d.User.UserName, s) || textmatch.Contains(d.User.Email, s) || textmatch.Contains(d.Model, s) ||
			d.VendorID != nil && textmatch.Contains(*d.VendorID, s) ||
			d.SerialNumber != nil && textmatch.Contains(*d.SerialNumber, s)
	})
	return p.f, p.err
}

func notNewer(v, o appversion.Version) bool { return v.Compare(o) <= 0 }

// filterParser keeps the first error.
type filterParser struct {
	q   url.Values
	f   filter
	err error
}

func (p *filterParser) fail(name string, want string) {
	if p.err == nil {
		p.err = errInvalid("%s %q: %s", name, p.q.Get(name), want)
	}
}

func (p *filterParser) domain() {
	if !p.q.Has("domainId") {
		return
	}
	id, err := parseDomain(p.q.Get("domainId"))
	if err != nil {
		p.fail("domainId", "not a domain id")
		return
	}
	p.f = append(p.f, func(d *Device) bool { return d.DomainID == id })
}

func parseDomain(s string) (int32, error) {
	id, err := strconv.ParseInt(s, 10, 32)
	return int32(id), err
}

func (p *filterParser) enum(name string, of func(*Device) string, values ...string) {
	if !p.q.Has(name) {
		return
	}
	want := p.q.Get(name)
	if !slices.Contains(values, want) {
		p.fail(name, "unknown value")
		return
	}
	p.f = append(p.f, func(d *Device) bool { return of(d) == want })
}

// version adds a filter that a device with an unreadable version never matches.
func (p *filterParser) version(name string, of func(*Device) string, match func(v, o appversion.Version) bool) {
	if !p.q.Has(name) {
		return
	}
	want, ok := appversion.Parse(p.q.Get(name))
	if !ok {
		p.fail(name, "not a dotted version")
		return
	}
	p.f = append(p.f, func(d *Device) bool {
		v, ok := appversion.Parse(of(d))
		return ok && match(v, want)
	})
}

func (p *filterParser) time(name string, match func(last, t int64) bool) {
	if !p.q.Has(name) {
		return
	}
	t, err := time.Parse(time.RFC3339, p.q.Get(name))
	if err != nil {
		p.fail(name, "not an RFC 3339 time")
		return
	}
	want := t.Unix()
	if t.Nanosecond() > 0 { // whole seconds on both sides
		want++
	}
	p.f = append(p.f, func(d *Device) bool { return match(int64(d.LastAccessTime), want) })
}

func (p *filterParser) text(name string, match func(d *Device, part string) bool) {
	if !p.q.Has(name) {
		return
	}
	part := p.q.Get(name)
	if part == "" {
		p.fail(name, "empty")
		return
	}
	p.f = append(p.f, func(d *Device) bool { return match(d, part) })
}
