package fleet

import (
	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// fit says whether a device passes a filter and, if not, what to count.
type fit uint8

const (
	passes            fit = iota
	foreign               // breaks a filter that the back end knows
	upToDate              // breaks only --outdated
	noLatest              // --outdated can't be told: no latest version is named for the app and OS
	unreadableVersion     // breaks nothing readable, but a version can't be compared
	unreadableTime        // likewise the last access
)

// Match checks every filter again, as the device table of contract.md words
// them, so that a back end that ignores a parameter can't make a wrong list.
// unreadable tells that d breaks no filter that could be read, and is left out
// because its version or last access can't be.
func (f Filter) Match(d *api.Device) (ok, unreadable bool) {
	v := f.check(d)
	return v == passes, v == unreadableVersion || v == unreadableTime
}

func (f *Filter) check(d *api.Device) fit {
	if f.query.DomainID != 0 && d.DomainID != f.query.DomainID {
		return foreign
	}
	if !f.selects {
		return passes
	}
	if !f.matchWords(d) || !f.matchText(d) {
		return foreign
	}
	accessed := f.checkAccess(d)
	if accessed == foreign {
		return foreign
	}
	// Versions last, so that only devices that fit otherwise count as unreadable.
	if v := f.checkVersions(d); v != passes {
		return v
	}
	return accessed
}

func (f *Filter) matchWords(d *api.Device) bool {
	q := &f.query
	return (q.Type == "" || d.Type == q.Type) &&
		(q.OSType == "" || d.OS.Type == q.OSType) &&
		(q.AppType == "" || d.App.Type == q.AppType) &&
		(q.MDMStatus == "" || d.MDM.Status == q.MDMStatus)
}

func (f *Filter) matchText(d *api.Device) bool {
	if f.model != "" && !textmatch.Contains(d.Model, f.model) {
		return false
	}
	if f.user != "" && d.User.UserID != f.query.User &&
		!textmatch.Contains(d.User.UserName, f.user) && !textmatch.Contains(d.User.Email, f.user) {
		return false
	}
	return f.keyword == "" ||
		textmatch.Contains(d.User.UserName, f.keyword) ||
		textmatch.Contains(d.User.Email, f.keyword) ||
		textmatch.Contains(d.Model, f.keyword) ||
		textmatch.Contains(string(d.VendorID), f.keyword) ||
		textmatch.Contains(string(d.SerialNumber), f.keyword)
}

// checkAccess includes the earlier end and excludes the later one, as the
// contract does.
func (f *Filter) checkAccess(d *api.Device) fit {
	after, before := f.query.AccessedAfter, f.query.AccessedBefore
	if after.IsZero() && before.IsZero() {
		return passes
	}
	t, err := d.LastAccess()
	switch {
	case err != nil:
		return unreadableTime
	case !after.IsZero() && t.Before(after), !before.IsZero() && !t.Before(before):
		return foreign
	}
	return passes
}

func (f *Filter) checkVersions(d *api.Device) fit {
	q := &f.query
	result := passes
	if q.OSVersion != "" || q.OSVersionMax != "" {
		v, ok := appversion.Parse(d.OS.Version)
		switch {
		case !ok:
			result = unreadableVersion
		case q.OSVersion != "" && !v.HasPrefix(f.osVersion), q.OSVersionMax != "" && v.Compare(f.osVersionMax) > 0:
			return foreign
		}
	}
	if q.AppVersion == "" && q.AppVersionMax == "" && !f.outdated {
		return result
	}
	latest, named := f.latest[appOnOS{d.App.Type, d.OS.Type}]
	v, ok := appversion.Parse(d.App.Version)
	switch {
	case f.outdated && !named:
		return noLatest
	case !ok:
		return unreadableVersion
	case q.AppVersion != "" && v.Compare(f.appVersion) != 0, q.AppVersionMax != "" && v.Compare(f.appVersionMax) > 0:
		return foreign
	case f.outdated && v.Compare(latest) >= 0:
		return upToDate
	}
	return result
}
