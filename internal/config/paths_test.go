package config

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
)

func TestFolders(t *testing.T) {
	root, err := filepath.Abs(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	in := func(parts ...string) string { return filepath.Join(append([]string{root}, parts...)...) }
	tests := []struct {
		name, goos    string
		env           map[string]string
		config, state string // "error: VARIABLE" for an error that names it
	}{
		{"linux", "linux", map[string]string{"HOME": root}, in(".config/worksctl/config.yaml"), in(".local/state/worksctl")},
		{"xdg", "linux", map[string]string{"XDG_CONFIG_HOME": in("c"), "XDG_STATE_HOME": in("s")}, in("c/worksctl/config.yaml"), in("s/worksctl")},
		{"empty xdg", "linux", map[string]string{"HOME": root, "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}, in(".config/worksctl/config.yaml"), in(".local/state/worksctl")},
		{"relative xdg", "linux", map[string]string{"HOME": root, "XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": "s"}, "error: XDG_CONFIG_HOME", "error: XDG_STATE_HOME"},
		{"bsd", "freebsd", map[string]string{"HOME": root}, in(".config/worksctl/config.yaml"), in(".local/state/worksctl")},
		{"macos", "darwin", map[string]string{"HOME": root, "XDG_CONFIG_HOME": in("c")}, in("Library/Application Support/worksctl/config.yaml"), in("Library/Application Support/worksctl")},
		{"windows", "windows", map[string]string{"AppData": in("r"), "LocalAppData": in("l")}, in("r/worksctl/config.yaml"), in("l/worksctl")},
		{"cron without HOME", "linux", nil, "error: HOME", "error: HOME"},
		{"macos without HOME", "darwin", nil, "error: HOME", "error: HOME"},
		{"windows without folders", "windows", nil, "error: AppData", "error: LocalAppData"},
		{"overridden", "linux", map[string]string{EnvConfig: "my.yaml", EnvStateDir: "state"}, "my.yaml", "state"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			env := environment{func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }}
			path, err := configPath(tt.goos, env)
			verify(t, path, err, tt.config, EnvConfig)
			path, err = statePath(tt.goos, env)
			verify(t, path, err, tt.state, EnvStateDir)
		})
	}
}

func verify(t *testing.T, got string, err error, want, remedy string) {
	t.Helper()
	if variable, ok := strings.CutPrefix(want, "error: "); ok {
		if exit.CodeOf(err) != exit.Usage || !strings.Contains(err.Error(), variable) || !strings.Contains(err.Error(), remedy) {
			t.Errorf("error %v, want one that names %s and %s", err, variable, remedy)
		}
		return
	}
	if err != nil || got != filepath.FromSlash(want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
