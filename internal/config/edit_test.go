package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
)

// edited returns what change makes of a config file.
func edited(t testing.TB, path string, change func(*config.Editor) error) string {
	t.Helper()
	if err := config.Edit(vars{config.EnvConfig: path}.lookup, change); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func put(p config.Profile) func(*config.Editor) error {
	return func(e *config.Editor) error { return e.Put(p) }
}

func use(name string) func(*config.Editor) error {
	return func(e *config.Editor) error { return e.Use(name) }
}

func remove(name string) func(*config.Editor) error {
	return func(e *config.Editor) error { _, err := e.Remove(name); return err }
}

const commented = `# our tenants

current: 서울 # the main one

profiles: # one for each tenant
  # Seoul
  - name: 서울 # as in the console
    domain_id: 10000001

    # asked for by the helpdesk
    output: wide
    scopes: # little
      - user.read # names
      - security.device
      # no more
    # end of Seoul

  # Tokyo
  - name: Tokyo
    max_wipes_per_hour: 3
# the end
`

func TestEdit(t *testing.T) {
	cap5 := 5
	tests := []struct {
		name, text string
		change     func(*config.Editor) error
		want       string
	}{
		{"first profile", "", put(config.Profile{Name: "a", DomainID: 7, SignIn: config.SignInWeb, Scopes: []string{"x", "yes"}}), `profiles:
  - name: a
    domain_id: 7
    sign_in: web
    scopes:
      - x
      - "yes"
`},
		{"comments only", "# mine\n", put(config.Profile{Name: "a"}), "# mine\nprofiles:\n  - name: a\n"},
		{"document marker", "---\n# mine", put(config.Profile{Name: "a"}), "---\n# mine\nprofiles:\n  - name: a\n"},
		{"empty mapping", "{} # mine\n", put(config.Profile{Name: "a"}), " # mine\nprofiles:\n  - name: a\n"},
		{"empty list", "current: a\nprofiles: [] # none yet\n# end\n", put(config.Profile{Name: "a"}), "current: a\nprofiles:  # none yet\n  - name: a\n# end\n"},
		{"null list", "profiles: # none yet\n  # - name: example\n", put(config.Profile{Name: "a"}), "profiles: # none yet\n  - name: a\n  # - name: example\n"},
		{"no list", "current: a # c\n# end\n", put(config.Profile{Name: "a"}), "current: a # c\nprofiles:\n  - name: a\n# end\n"},
		{"quoted where it must be", "", put(config.Profile{Name: "12", ClientID: "true", ServiceAccount: "#x"}), "profiles:\n  - name: \"12\"\n    client_id: \"true\"\n    service_account: '#x'\n"},
		{"Windows line ends", "current: a\r\nprofiles:\r\n  - name: a # c\r\n", put(config.Profile{Name: "b"}), "current: a\r\nprofiles:\r\n  - name: a # c\r\n  - name: b\r\n"},
		{"nothing changes", commented, func(e *config.Editor) error {
			return e.Put(config.Profile{Name: "서울", DomainID: 10000001, Scopes: []string{"user.read", "security.device"}})
		}, commented},
		{"another profile", commented, put(config.Profile{Name: "Busan"}), strings.Replace(commented, "# the end", "  - name: Busan\n# the end", 1)},
		{"in place", commented, put(config.Profile{Name: "서울", APIURL: "https://a.example.com", Scopes: []string{"bot.message", "user.read"}, MaxWipesPerHour: &cap5}), `# our tenants

current: 서울 # the main one

profiles: # one for each tenant
  # Seoul
  - name: 서울 # as in the console

    # asked for by the helpdesk
    output: wide
    scopes: # little
      - bot.message
      - user.read # names
      # no more
    api_url: https://a.example.com
    max_wipes_per_hour: 5
    # end of Seoul

  # Tokyo
  - name: Tokyo
    max_wipes_per_hour: 3
# the end
`},
		{"use", commented, use("Tokyo"), strings.Replace(commented, "current: 서울 #", "current: Tokyo #", 1)},
		{"use the first time", "# mine\nprofiles: # c\n- name: a\n", use("a"), "# mine\ncurrent: a\nprofiles: # c\n- name: a\n"},
		{"remove", commented, remove("Tokyo"), strings.Replace(commented, "  - name: Tokyo\n    max_wipes_per_hour: 3\n", "", 1)},
		{"remove the current one", commented, remove("서울"), `# our tenants


profiles: # one for each tenant
  # Seoul

  # Tokyo
  - name: Tokyo
    max_wipes_per_hour: 3
# the end
`},
		{"remove the last one", "profiles:\n- name: a\n  output: csv\n# end\n", remove("a"), "profiles:\n# end\n"},
		{"key beside the dash", "profiles:\n- domain_id: 7 # old\n  name: a\n", put(config.Profile{Name: "a"}), "profiles:\n-\n  name: a\n"},
		{"dash alone", "profiles:\n- # one\n  name: a\n- # two\n\n  name: b\n", remove("b"), "profiles:\n- # one\n  name: a\n"},
		{"list in brackets", "profiles:\n- name: a\n  scopes: [x, \"]\", 'y'] # c\n", put(config.Profile{Name: "a", Scopes: []string{"z"}}), "profiles:\n- name: a\n  scopes: [z] # c\n"},
		{"JSON", `{"current":"a","profiles":[{"name":"a"},{"name":"b","scopes":["x"]}]}`, remove("a"), "profiles:\n  - name: b\n    scopes:\n      - x\n"},
		{"alias", "current: &me a # c1\nprofiles:\n- name: *me # c2\n- &b # c3\n  name: b # c4\n", use("b"), "# c3\ncurrent: b # c1\nprofiles:\n  - name: a # c2\n  - name: b # c4\n"},
		{"values below their keys", "profiles:\n- name:\n    a # c\n  output:\n    csv\n", put(config.Profile{Name: "a", DomainID: 1}), "profiles:\n  - name: a # c\n    output: csv\n    domain_id: 1\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, edited(t, write(t, tt.text), tt.change)); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEditRefuses(t *testing.T) {
	boom := errors.New("boom")
	tests := []struct {
		name, text string
		change     func(*config.Editor) error
		code       exit.Code
		want       string
	}{
		{"damaged file", "profiles: [\n", put(config.Profile{Name: "a"}), exit.Usage, "line 1"},
		{"key that the reader refuses", "profils: []\n", put(config.Profile{Name: "a"}), exit.Usage, `"profils"`},
		{"change fails", commented, func(e *config.Editor) error { return errors.Join(e.Use("Tokyo"), boom) }, exit.Failed, "boom"},
		{"reserved name", commented, put(config.Profile{Name: "Sandbox"}), exit.Usage, "reserved"},
		{"name with a blank", commented, put(config.Profile{Name: "a b"}), exit.Usage, "letters"},
		{"no name", commented, put(config.Profile{}), exit.Usage, "name"},
		{"address", commented, put(config.Profile{Name: "a", APIURL: "http://a.example.com"}), exit.Usage, "loopback"},
		{"scope of two words", commented, put(config.Profile{Name: "a", Scopes: []string{"a b"}}), exit.Usage, "scopes"},
		{"account on two lines", commented, put(config.Profile{Name: "a", ServiceAccount: "a\nb"}), exit.Usage, "service_account"},
		{"use an unknown one", commented, use("tokyo"), exit.SignIn, `did you mean "Tokyo"?`},
		{"use the sandbox", commented, use("sandbox"), exit.Usage, "never a default"},
		{"remove an unknown one", commented, remove("x"), exit.SignIn, "서울, Tokyo"},
		{"remove from nothing", "", remove("x"), exit.SignIn, "none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.text)
			err := config.Edit(vars{config.EnvConfig: path}.lookup, tt.change)
			if exit.CodeOf(err) != tt.code || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q with exit code %d", err, tt.want, tt.code)
			}
			if data, _ := os.ReadFile(path); string(data) != tt.text {
				t.Errorf("the file is touched:\n%s", data)
			}
		})
	}
}

func TestRemoveTellsOfTheCurrentOne(t *testing.T) {
	for name, want := range map[string]bool{"서울": true, "Tokyo": false} {
		edited(t, write(t, commented), func(e *config.Editor) error {
			if got, err := e.Remove(name); err != nil || got != want {
				t.Errorf("%s: was current %v (%v)", name, got, err)
			}
			return nil
		})
	}
}

func TestEditMakesTheFile(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "new", "worksctl", "config.yaml")
	edited(t, path, put(config.Profile{Name: "a"}))
	wantMode(t, path, 0o600)
	wantMode(t, filepath.Dir(path), 0o700)
}

func TestEditNarrowsAnOpenFile(t *testing.T) {
	path := write(t, commented)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	edited(t, path, use("Tokyo"))
	wantMode(t, path, 0o600)
}

func TestEditFollowsALink(t *testing.T) {
	path := write(t, commented)
	link := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	edited(t, link, use("Tokyo"))
	if to, err := os.Readlink(link); err != nil || to != path {
		t.Errorf("the link is now %q (%v)", to, err)
	}
	if data, _ := os.ReadFile(path); !strings.Contains(string(data), "current: Tokyo") {
		t.Errorf("its target is not changed:\n%s", data)
	}
}

// Processes are stood for by goroutines: the lock is one of the open file. Some
// come to it by a link.
func TestEditsAtOnce(t *testing.T) {
	path := write(t, "")
	link := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			by := []string{path, link}[i%2]
			if err := config.Edit(vars{config.EnvConfig: by}.lookup, put(config.Profile{Name: fmt.Sprint("p", i)})); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	f, _, err := config.Load(vars{config.EnvConfig: path}.lookup)
	if err != nil || len(f.Names()) != 40 {
		t.Errorf("%d profiles, %v", len(f.Names()), err)
	}
}

func TestCheckName(t *testing.T) {
	for _, name := range []string{"a", "서울-지사", "Acme.KR_2"} {
		if err := config.CheckName(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "a b", "../a", "-a", "SANDBOX", "env", "a/b", "a\n", "..", "ａｃｍｅ", "s\u0430ndbox", "\u0391cme", "sandbox\u034f", "a\ufe0f", "\u1100\u1161"} {
		if err := config.CheckName(name); exit.CodeOf(err) != exit.Usage {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func wantMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s: mode %v, want %v", path, got, want)
	}
}
