package house_test

import (
	"strings"
	"testing"
)

// TestDirections holds main → cmd → internal/* → pkg/*, and keeps the two
// sides of the wire apart. Tests may look across.
func TestDirections(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		if s.test {
			continue
		}
		for _, p := range s.imports() {
			target, ours := strings.CutPrefix(p, module+"/")
			if !ours {
				continue
			}
			switch {
			case below(s.dir, "pkg") && !below(target, "pkg"):
				t.Errorf("%s imports %s: pkg imports nothing of ours but pkg", s.path, target)
			case below(s.dir, "pkg/api") && below(target, "pkg/output"), below(s.dir, "pkg/output") && below(target, "pkg/api"):
				t.Errorf("%s imports %s: api and output know nothing of each other", s.path, target)
			case below(s.dir, "internal/sandbox") && below(target, "pkg"):
				t.Errorf("%s imports %s: the two sides of the wire share no code", s.path, target)
			case below(s.dir, "internal/standin") && (below(target, "pkg") || below(target, "internal")) && !below(target, s.dir):
				t.Errorf("%s imports %s: the stand-in shares no code with anybody", s.path, target)
			case below(target, "internal/standin") && !below(s.dir, "internal/standin"):
				t.Errorf("%s imports %s: that is for tests", s.path, target)
			case below(target, "cmd") && s.dir != "." && !isTool(s.dir):
				t.Errorf("%s imports %s: only main and the generators import the commands", s.path, target)
			case below(target, "internal/wiretest"), below(target, "internal/gen"), below(target, "internal/bench"):
				t.Errorf("%s imports %s: that is for tests and tools", s.path, target)
			}
		}
	}
}

// homes lists the libraries that may be imported from certain folders only.
func homes() map[string][]string {
	return map[string][]string{
		"github.com/spf13/cobra":                {"cmd", "internal/gen"},
		"github.com/spf13/viper":                {"internal/config"},
		"github.com/olekukonko/tablewriter":     {"pkg/output"},
		"github.com/itchyny/gojq":               {"pkg/output"},
		"github.com/xuri/excelize":              {},
		"github.com/go-resty/resty":             {"pkg/api"},
		"github.com/go-json-experiment/json":    {"pkg/api", "pkg/output", "internal/devicefile", "internal/journal", "internal/ledger", "internal/wiretest"},
		"github.com/zalando/go-keyring":         {"internal/credential"},
		"filippo.io/age":                        {"internal/credential"},
		"github.com/golang-jwt/jwt":             {"internal/auth"},
		"go.etcd.io/bbolt":                      {"internal/sandbox"},
		"golang.org/x/term":                     {"internal/terminal"},
		"github.com/getkin/kin-openapi":         {"internal/wiretest"},
		"github.com/rogpeppe/go-internal":       {}, // tests only
		"pgregory.net/rapid":                    {"internal/journal/journaltest", "internal/ledger/ledgertest"},
		"github.com/google/go-cmp":              {"internal/journal/journaltest", "internal/ledger/ledgertest"},
		"github.com/santhosh-tekuri/jsonschema": {},
	}
}

func TestLibrariesStayAtHome(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		if s.test {
			continue
		}
		for _, p := range s.imports() {
			for library, folders := range homes() {
				if p != library && !strings.HasPrefix(p, library+"/") {
					continue
				}
				home := false
				for _, f := range folders {
					home = home || below(s.dir, f)
				}
				if !home {
					t.Errorf("%s imports %s, whose home is %v", s.path, p, folders)
				}
			}
		}
	}
}
