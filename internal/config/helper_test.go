package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/pkg/api"
)

// vars is an environment.
type vars map[string]string

func (v vars) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

const twoProfiles = `current: acme-KR
profiles:
  - name: acme-KR
    api_url: https://kr.example.com/v1.0/
    auth_url: https://auth.example.com/kr
    domain_id: 10000001
    sign_in: web
    storage: file
    client_id: abc123
    service_account: sa@kr.example.com
    scopes: [security.device, user.read]
    output: wide
    max_wipes_per_hour: 3
  - name: Acme-kr
`

// load reads text as the config file.
func load(t *testing.T, text string) *config.File {
	t.Helper()
	f, warnings, err := config.Load(vars{config.EnvConfig: write(t, text)}.lookup)
	if err != nil || len(warnings) > 0 {
		t.Fatalf("Load: %v, warnings %q", err, warnings)
	}
	return f
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sameSecret compares secrets by what they hide.
func sameSecret() cmp.Option {
	return cmp.Comparer(func(a, b api.Secret) bool { return a.Reveal() == b.Reveal() })
}
