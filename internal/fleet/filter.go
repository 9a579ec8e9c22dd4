// Package fleet holds what the rules say about devices: which of them a set of
// filters selects, in which order they are shown, what a person reads about
// them, and which single device a name stands for. It makes no request.
package fleet

import (
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// FilterInput is the raw text of the filter flags of cli.md. An empty text
// means that the flag is not given: refusing `--user ""` is the caller's part.
type FilterInput struct {
	DomainID      int32  // the profile's domain; 0 is every domain. It selects nothing by itself
	Keyword       string // TEXT of `devices search`
	Type          string // mobile, pc or drive
	User          string // part of a name or e-mail, or a user id
	Model         string // part of a model
	OS            string // ios, android, windows or macos
	OSVersion     string // prefix by parts
	OSVersionMax  string // this or older
	App           string // works, pc, drive-explorer or drive
	AppVersion    string // this version
	AppVersionMax string // this or older
	Outdated      bool   // older than the latest version
	LastAccess    string // accessed within this span, or all
	Inactive      string // not accessed within this span
	MDM           string // registered, pending or unregistered

	// Latest are the latest versions that `--latest` names, instead of those of the
	// back end; see [Filter.WithLatest].
	Latest []api.AppVersion
}

// Filter is a valid set of filters. The zero Filter lets every device pass.
// It is immutable and safe for use by several goroutines.
type Filter struct {
	query    api.DeviceQuery // what the back end is asked, and most of what check compares with
	outdated bool
	selects  bool // some filter beside the domain is set

	keyword, user, model      string // folded once
	osVersion, osVersionMax   appversion.Version
	appVersion, appVersionMax appversion.Version
	latest                    map[appOnOS]appversion.Version
}

// appOnOS is what the back end names a latest version for.
type appOnOS struct {
	app api.AppType
	os  api.OSType
}

// ParseFilter validates the filter flags. Spans count back from now, in its
// location. The error is an [exit.Error] with code 2 that names the flag, the
// value and what is allowed. Two filters that no device can pass together are
// such an error too: an empty list would look like an answer.
func ParseFilter(in FilterInput, now time.Time) (Filter, error) {
	f := Filter{
		outdated: in.Outdated,
		keyword:  textmatch.Fold(in.Keyword),
		user:     textmatch.Fold(in.User),
		model:    textmatch.Fold(in.Model),
		query:    api.DeviceQuery{DomainID: in.DomainID, Keyword: in.Keyword, User: in.User, Model: in.Model},
	}
	q := &f.query
	p := parser{now: now}
	q.Type = api.DeviceType(p.word("type", in.Type, typeWords()))
	q.OSType = api.OSType(p.word("os", in.OS, osWords()))
	q.AppType = api.AppType(p.word("app", in.App, appWords()))
	q.MDMStatus = api.MDMStatus(p.word("mdm", in.MDM, mdmWords()))
	f.osVersion, q.OSVersion = p.version("os-version", in.OSVersion)
	f.osVersionMax, q.OSVersionMax = p.version("os-version-max", in.OSVersionMax)
	f.appVersion, q.AppVersion = p.version("app-version", in.AppVersion)
	f.appVersionMax, q.AppVersionMax = p.version("app-version-max", in.AppVersionMax)
	if in.LastAccess != spanAll {
		q.AccessedAfter = p.span("last-access", in.LastAccess)
	}
	q.AccessedBefore = p.span("inactive", in.Inactive)
	if p.err != nil {
		return Filter{}, p.err
	}
	if err := f.contradiction(in); err != nil {
		return Filter{}, err
	}
	if len(in.Latest) > 0 {
		f = f.WithLatest(in.Latest)
	}
	f.selects = len(f.Needs()) > 0
	return f, nil
}

// contradiction finds two filters that exclude each other whatever the fleet.
// The oldest version with a prefix is the prefix itself.
func (f *Filter) contradiction(in FilterInput) error {
	const id, hint = "CONTRADICTING_FILTERS", "leave one of the two out"
	q := &f.query
	switch {
	case !q.AccessedAfter.IsZero() && !q.AccessedBefore.IsZero() && !q.AccessedAfter.Before(q.AccessedBefore):
		return exit.Usagef(id, "--inactive takes the shorter span: --last-access 1y --inactive 90d",
			"--last-access %s and --inactive %s leave no time between them", in.LastAccess, in.Inactive)
	case q.OSVersion != "" && q.OSVersionMax != "" && f.osVersion.Compare(f.osVersionMax) > 0:
		return exit.Usagef(id, hint, "--os-version %s is newer than --os-version-max %s: no device has both", in.OSVersion, in.OSVersionMax)
	case q.AppVersion != "" && q.AppVersionMax != "" && f.appVersion.Compare(f.appVersionMax) > 0:
		return exit.Usagef(id, hint, "--app-version %s is newer than --app-version-max %s: no device has both", in.AppVersion, in.AppVersionMax)
	}
	return nil
}

// WithLatest returns f with the latest versions that GET /security/app-versions
// names, which `--outdated` compares with. Where a pair of app and OS is named
// twice the newer one counts; a version that can't be read is as good as none.
func (f Filter) WithLatest(versions []api.AppVersion) Filter {
	f.latest = make(map[appOnOS]appversion.Version, len(versions))
	for _, v := range versions {
		key := appOnOS{v.AppType, v.OSType}
		latest, ok := appversion.Parse(v.LatestVersion)
		if known, twice := f.latest[key]; ok && (!twice || latest.Compare(known) > 0) {
			f.latest[key] = latest
		}
	}
	return f
}

// KnowsLatest reports whether [Filter.WithLatest] brought any version that can
// be compared with.
func (f Filter) KnowsLatest() bool { return len(f.latest) > 0 }

// latestEverywhere reports whether each app's latest version is that of an
// unknown system, too: then the system doesn't matter.
func (f *Filter) latestEverywhere() bool {
	for key := range f.latest {
		if _, ok := f.latest[appOnOS{app: key.app}]; !ok {
			return false
		}
	}
	return f.KnowsLatest()
}

// NeedsLatest reports whether f means little without [Filter.WithLatest]: until
// then no device is outdated.
func (f Filter) NeedsLatest() bool { return f.outdated }

// Query returns what the server is asked. It never holds an order, so that a
// back end pages over a key that doesn't change (contract.md, Pages), nor
// `--outdated`, which no server knows.
func (f Filter) Query() api.DeviceQuery { return f.query }

// Selects reports whether f selects anything. The domain and `--last-access
// all` don't: acting on everything needs `--all`.
func (f Filter) Selects() bool { return f.selects }

// Needs returns the keys of the device columns that f compares with, in groups:
// of a file whose columns don't all have to be there, one of each group is
// enough, since a text is looked for wherever it may be. A file without any
// column of a group can't be filtered by f.
func (f Filter) Needs() [][]string {
	q := &f.query
	var groups [][]string
	add := func(set bool, keys ...string) {
		if set {
			groups = append(groups, keys)
		}
	}
	versions := q.AppVersion != "" || q.AppVersionMax != ""
	add(q.Type != "", KeyType)
	add(q.Keyword != "", KeyModel, KeyVendorID, KeySerialNumber, KeyUserName, KeyUserEmail)
	add(q.Model != "", KeyModel)
	add(q.User != "", KeyUserName, KeyUserID, KeyUserEmail)
	add(q.OSType != "" || f.outdated && !f.latestEverywhere(), KeyOS)
	add(q.OSVersion != "" || q.OSVersionMax != "", KeyOSVersion)
	add(q.AppType != "" || f.outdated, KeyApp)
	add(versions || f.outdated, KeyAppVersion)
	add(q.MDMStatus != "", KeyMDMStatus)
	add(!q.AccessedAfter.IsZero() || !q.AccessedBefore.IsZero(), KeyLastAccess)
	return groups
}

// listed joins words for a person: a, b or c.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
