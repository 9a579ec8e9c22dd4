package consolefile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// versionKeys are what a header says that reads "Version": of the system, or of
// the app.
func versionKeys() []string { return []string{fleet.KeyOSVersion, fleet.KeyAppVersion} }

// settle decides what columns called "Version" hold: by the column before them,
// and by whether the cells of the system or of the app have versions themselves.
func (f *File) settle(rows []sheet.Row) error {
	single := func(key string) bool {
		return slices.ContainsFunc(f.Columns, func(c Column) bool { return len(c.Keys) == 1 && c.Keys[0] == key })
	}
	hasOS, hasApp := single(fleet.KeyOSVersion), single(fleet.KeyAppVersion)
	for i := range f.Columns {
		c := &f.Columns[i]
		if !slices.Equal(c.Keys, versionKeys()) || hasOS && hasApp {
			continue
		}
		var keys []string // what each sign says
		if i > 0 && slices.Contains(f.Columns[i-1].Keys, fleet.KeyOS) || hasApp {
			keys = append(keys, fleet.KeyOSVersion)
		}
		if i > 0 && slices.Contains(f.Columns[i-1].Keys, fleet.KeyApp) || hasOS {
			keys = append(keys, fleet.KeyAppVersion)
		}
		switch ofOS, ofApp := f.versioned(rows, fleet.KeyOS), f.versioned(rows, fleet.KeyApp); {
		case ofApp && !ofOS:
			keys = append(keys, fleet.KeyOSVersion)
		case ofOS && !ofApp:
			keys = append(keys, fleet.KeyAppVersion)
		}
		if keys = slices.Compact(keys); len(keys) != 1 {
			if other := slices.IndexFunc(f.Columns, func(o Column) bool { return o.at != c.at && fold(o.Header) == fold(c.Header) }); other >= 0 {
				return f.sameHeader(&f.Columns[min(i, other)], &f.Columns[max(i, other)]) // what `--map` says would be of both
			}
			say := func(key string) string {
				return "--map " + fleet.ShellQuote(Mapping{Header: c.Header, Keys: []string{key}}.String())
			}
			return exit.Failedf("FILE_HEADER", "say which: "+say(fleet.KeyOSVersion)+" or "+say(fleet.KeyAppVersion),
				"row %d: whether the column %q is of the system or of the app can't be told", f.HeaderRow, c.Header)
		}
		c.Keys = keys
	}
	return nil
}

// versioned reports whether the cells of a system or an app have versions behind
// the names.
func (f *File) versioned(rows []sheet.Row, key string) bool {
	c, ok := f.column(key)
	return ok && slices.ContainsFunc(rows, func(row sheet.Row) bool {
		_, version := splitVersion(cell(row, c.at).Text)
		return version != ""
	})
}

// share takes from a column that may hold two values what has a column of its
// own.
func (f *File) share() {
	for i := range f.Columns {
		c := &f.Columns[i]
		c.said = c.Keys
		if len(c.Keys) < 2 {
			continue
		}
		c.Keys = slices.DeleteFunc(slices.Clone(c.Keys), func(key string) bool {
			own := slices.ContainsFunc(f.Columns, func(c Column) bool { return len(c.Keys) == 1 && c.Keys[0] == key })
			if own && slices.Contains(versionKeys(), key) {
				c.given = key
			}
			return own
		})
		if len(c.Keys) == 0 {
			c.given = "" // it isn't read
		}
	}
}

// compare looks for versions behind the name of a system or an app where they
// have a column of their own. One that this lacks counts; one that contradicts it
// is a fault: nobody can tell which is right.
func (r *reader) compare(row sheet.Row, out *Row) {
	for _, c := range r.file.Columns {
		text, why := taken(cell(row, c.at))
		if c.given == "" || why != "" || len(out.Problems) > 0 {
			continue
		}
		d := &out.Device
		own, system := &d.OS.Version, d.OS.Type
		if c.given == fleet.KeyAppVersion {
			own, system = &d.App.Version, ""
		}
		switch _, version := splitVersion(text); {
		case version == "" || !isVersion(version):
		case *own == "":
			*own = version
		case !sameVersion(version, *own, system):
			out.add(c.Header, strconv.Quote(text)+" has another version than the column "+strconv.Quote(r.file.Header(c.given))+": "+strconv.Quote(*own))
			*own = ""
		}
	}
}

// sameVersion reports whether a version may be the short form of another. Windows
// has a name, such as 11, beside its version.
func sameVersion(short, long string, system api.OSType) bool {
	if system == api.OSWindows && !strings.Contains(short, ".") {
		return true
	}
	begins := func(long, short string) bool {
		rest, ok := strings.CutPrefix(long, short)
		return ok && (rest == "" || strings.ContainsAny(rest[:1], ".-+ ("))
	}
	return begins(long, short) || begins(short, long)
}
