package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
)

func TestLoadKeepsNamesAsWritten(t *testing.T) {
	f := load(t, twoProfiles)
	if diff := cmp.Diff([]string{"acme-KR", "Acme-kr"}, f.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if f.Current != "acme-KR" {
		t.Errorf("current %q", f.Current)
	}
}

func TestLoadAcceptsEmptyFiles(t *testing.T) {
	for _, text := range []string{"", "\n", "# only a comment\n", "---\n", "profiles:\n", "profiles: []\n", "{}", "\ufeff# with a BOM\n"} {
		if f := load(t, text); len(f.Names()) > 0 || f.Current != "" {
			t.Errorf("%q gave %v", text, f)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	one := "profiles:\n  - name: acme\n"
	tests := []struct {
		name, text string
		want       []string // all of them in the message
	}{
		{"malformed", "current: [\n", []string{"line 1", "config.yaml"}},
		{"tab", "profiles:\n\t- name: x\n", []string{"line 2"}},
		{"scalar", "hello", []string{"line 1", "key: value"}},
		{"second document", "current: a\n---\ncurrent: b\n", []string{"more than one"}},
		{"unknown key", "curren: a\n", []string{"line 1", `"curren"`, `did you mean "current"?`}},
		{"unknown profile key", one + "    api_ulr: https://x\n", []string{"line 3", `"api_ulr"`, `did you mean "api_url"?`, "profile 1"}},
		{"other letter case", one + "    API_URL: https://x\n", []string{"line 3", `did you mean "api_url"?`}},
		{"secret in the file", one + "    client_secret: hunter2\n", []string{"line 3", `unknown key "client_secret"`}},
		{"profiles as a map", "profiles:\n  acme:\n    name: acme\n", []string{"line 2", "must be a list"}},
		{"profile as text", "profiles:\n  - acme\n", []string{"line 2", "profile 1"}},
		{"no name", "profiles:\n  - domain_id: 1\n", []string{"line 2", "has no name"}},
		{"same name twice", one + "  - name: acme\n", []string{"line 3", "since line 2"}},
		{"same key twice", one + "    name: b\n", []string{"line 3", "name stands twice"}},
		{"reserved sandbox", "profiles:\n  - name: sandbox\n", []string{"line 2", "reserved"}},
		{"nearly sandbox", "profiles:\n  - name: SandBox\n", []string{"line 2", "reserved"}},
		{"reserved env", "profiles:\n  - name: env\n", []string{"line 2", "reserved"}},
		{"name is a number", "profiles:\n  - name: 12\n", []string{"line 2", "quotes"}},
		{"name with a space", "profiles:\n  - name: a b\n", []string{"line 2", "letters"}},
		{"name like a flag", "profiles:\n  - name: -x\n", []string{"line 2", "'-'"}},
		{"name with a path", "profiles:\n  - name: ../x\n", []string{"line 2", "letters"}},
		{"empty name", "profiles:\n  - name: ''\n", []string{"line 2", "is empty"}},
		{"null address", one + "    api_url:\n", []string{"line 3", "api_url"}},
		{"http", one + "    api_url: http://gateway.example.com\n", []string{"line 3", "api_url", "loopback", "http://gateway.example.com", "use https"}},
		{"password in address", one + "    api_url: https://me:hunter2@example.com\n", []string{"line 3", "not shown"}},
		{"auth http", one + "    auth_url: http://10.0.0.1\n", []string{"line 3", "auth_url", "loopback"}},
		{"domain is text", one + "    domain_id: '10000001'\n", []string{"line 3", "domain_id", "whole number"}},
		{"domain is a fraction", one + "    domain_id: 1.5\n", []string{"domain_id", "whole number"}},
		{"domain over int32", one + "    domain_id: 2147483648\n", []string{"domain_id", "2147483647"}},
		{"domain zero", one + "    domain_id: 0\n", []string{"domain_id", "from 1"}},
		{"negative cap", one + "    max_wipes_per_hour: -1\n", []string{"max_wipes_per_hour", "0 or more"}},
		{"sign-in", one + "    sign_in: serviceaccount\n", []string{"sign_in", `did you mean "service-account"?`}},
		{"storage", one + "    storage: plain\n", []string{"storage", "keyring, file"}},
		{"environment is no storage", one + "    storage: environment\n", []string{"storage", "keyring, file"}},
		{"client id of two words", one + "    client_id: a b\n", []string{"line 3", "client_id", "one word"}},
		{"client id is a number", one + "    client_id: 12\n", []string{"client_id", "quotes"}},
		{"service account on two lines", one + "    service_account: \"a\\nb\"\n", []string{"service_account", "one word"}},
		{"scopes in one text", one + "    scopes: user.read directory\n", []string{"line 3", "scopes", "list of words"}},
		{"scope of two words", one + "    scopes: [a, b c]\n", []string{"scopes", "list of words"}},
		{"scope in a list", one + "    scopes: [[a]]\n", []string{"scopes", "list of words"}},
		{"output", one + "    output: xml\n", []string{"output", "ndjson"}},
		{"output is a list", one + "    output: [json]\n", []string{"output", "one of"}},
		{"current sandbox", "current: sandbox\n", []string{"line 1", "never a default"}},
		{"current is a list", "current: [a]\n", []string{"line 1", "text"}},
		{"refers to itself", "profiles: &a\n  - *a\n", []string{"profile 1"}},
		{"too large", strings.Repeat("#", 1<<20+1), []string{"larger than 1 MiB"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := config.Load(vars{config.EnvConfig: write(t, tt.text)}.lookup)
			if exit.CodeOf(err) != exit.Usage {
				t.Fatalf("error %v, want exit code 2", err)
			}
			for _, part := range append(tt.want, "config file") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			if strings.ContainsAny(err.Error(), "\n\r") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("not fit to be shown: %q", err)
			}
		})
	}
}

func TestLoadOfAMissingFile(t *testing.T) {
	folder := t.TempDir()
	f, _, err := config.Load(vars{"HOME": folder, "XDG_CONFIG_HOME": folder, "AppData": folder}.lookup)
	if err != nil || len(f.Names()) > 0 || f.Path == "" {
		t.Errorf("missing default file: %+v, %v", f, err)
	}
	path := filepath.Join(folder, "none.yaml")
	_, _, err = config.Load(vars{config.EnvConfig: path}.lookup)
	if exit.CodeOf(err) != exit.Usage || !strings.Contains(err.Error(), path) || !strings.Contains(exit.As(err).Hint, config.EnvConfig) {
		t.Errorf("missing named file: %v", err)
	}
	_, _, err = config.Load(vars{config.EnvConfig: folder}.lookup)
	if exit.CodeOf(err) != exit.Usage || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("folder: %v", err)
	}
}

func TestLoadWarnsOfAnOpenFile(t *testing.T) {
	path := write(t, twoProfiles)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, warnings, err := config.Load(vars{config.EnvConfig: path}.lookup)
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "chmod 600 "+path) {
		t.Errorf("warnings %q, %v", warnings, err)
	}
}

// A device file stands for "no config" in scripts.
func TestLoadOfTheNullDevice(t *testing.T) {
	f, warnings, err := config.Load(vars{config.EnvConfig: os.DevNull}.lookup)
	if err != nil || len(warnings) > 0 || len(f.Names()) > 0 {
		t.Errorf("%v, warnings %q, %v", f, warnings, err)
	}
}
