package fleet

import (
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/suggest"
	"github.com/worksctl/worksctl/pkg/api"
)

// word is a flag's value as it is typed and as it travels.
type word struct{ typed, wire string }

func typeWords() []word {
	return []word{
		{"mobile", string(api.TypeMobile)}, {"pc", string(api.TypePC)}, {"drive", string(api.TypeDriveMobile)},
	}
}

func osWords() []word {
	return []word{
		{"ios", string(api.OSIOS)}, {"android", string(api.OSAndroid)},
		{"windows", string(api.OSWindows)}, {"macos", string(api.OSMacOS)},
	}
}

func appWords() []word {
	return []word{
		{"works", string(api.AppWorksMobile)}, {"pc", string(api.AppWorksPC)},
		{"drive-explorer", string(api.AppDriveExplorer)}, {"drive", string(api.AppDriveMobile)},
	}
}

func mdmWords() []word {
	return []word{
		{"registered", string(api.MDMRegistered)}, {"pending", string(api.MDMPending)},
		{"unregistered", string(api.MDMUnregistered)},
	}
}

// parser reads flag values and keeps the first error.
type parser struct {
	now time.Time
	err error
}

func (p *parser) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// word returns the wire value of a flag that takes one of a few words, in any
// letter case.
func (p *parser) word(flag, value string, known []word) string {
	if value == "" {
		return ""
	}
	typed := make([]string, len(known))
	for i, w := range known {
		if strings.EqualFold(w.typed, value) {
			return w.wire
		}
		typed[i] = w.typed
	}
	p.fail(unknownValue("--"+flag, "--"+flag+" ", value, typed))
	return ""
}

// unknownValue says that what is not one of the known words, and which of them
// is nearest. The hint is the word after prefix.
func unknownValue(what, prefix, value string, known []string) error {
	hint := ""
	if near := suggest.Nearest(value, known); near != "" {
		hint = "did you mean " + prefix + near + "?"
	}
	return exit.Usagef("UNKNOWN_VALUE", hint, "%s %q is unknown: use %s", what, value, listed(known))
}

// version reads a version flag. The text that the back end is sent is without
// the suffix, which comparing ignores.
func (p *parser) version(flag, value string) (appversion.Version, string) {
	if value == "" {
		return appversion.Version{}, ""
	}
	v, ok := appversion.Parse(value)
	if !ok {
		p.fail(exit.Usagef("BAD_VERSION", "write numbers joined by dots: --"+flag+" 4.2.1",
			"--%s %q is not a version", flag, value))
	}
	return v, v.String()
}
