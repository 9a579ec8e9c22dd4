//go:build linux

package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/credential/realkeyring"
	"github.com/worksctl/worksctl/internal/sandbox"
)

// TestRealKeyring signs in, lists and signs out with a real GNOME Keyring, and
// meets one that is locked, one that hangs, and none.
func TestRealKeyring(t *testing.T) {
	if err := realkeyring.Missing(); err != nil {
		t.Logf("LEFT OUT: signing in with a real keyring: %v", err)
		return
	}
	for kind, want := range map[realkeyring.Kind]string{
		realkeyring.Unlocked: "",
		realkeyring.Locked:   "the keyring is locked",
		realkeyring.Hanging:  "the keyring has not answered within 3s",
		realkeyring.Without:  "there is no keyring here",
		realkeyring.NoBus:    "there is no keyring here",
	} {
		t.Run(strings.ReplaceAll(string(kind), " ", "-"), func(t *testing.T) {
			s := newTokenServer(t, 20, 0)
			folder := t.TempDir()
			secret := filepath.Join(folder, "secret.txt")
			if err := os.WriteFile(secret, []byte("acme-secret\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			do := func(args ...string) (string, string, error) {
				c, stderr := process(t, s.Server, args...)
				c.Env = append(c.Env, s.env...)
				c.Env = append(c.Env, realkeyring.AddressVariable+"="+realkeyringAddress(t, folder, kind),
					"WORKSCTL_API_URL=", "WORKSCTL_AUTH_URL=", "WORKSCTL_CLIENT_ID=", "WORKSCTL_CLIENT_SECRET=", "WORKSCTL_SERVICE_ACCOUNT=", "WORKSCTL_PRIVATE_KEY_FILE=", "LANG=C.UTF-8",
					"WORKSCTL_CONFIG="+filepath.Join(folder, "config.yaml"))
				out, err := c.Output()
				return string(out), stderr.String(), err
			}
			out, stderr, err := do("auth", "login", "--client-id", "acme-client", "--client-secret-file", secret, "--service-account", "acme@example.com", "--private-key-file", s.key,
				"--api-url", s.URL+sandbox.APIPath, "--auth-url", s.URL+sandbox.AuthPath)
			if want != "" {
				if err == nil || !strings.Contains(stderr, want) || !strings.Contains(stderr, "--storage file") || s.issued.Load() > 0 {
					t.Errorf("%v: %s", err, stderr)
				}
				return
			}
			if err != nil || !strings.Contains(out, "the keyring of the operating system") {
				t.Fatalf("%v: %s %s", err, out, stderr)
			}
			for _, args := range [][]string{{"auth", "status"}, {"devices", "list", "--count"}, {"profile", "list"}, {"doctor"}, {"auth", "logout"}} {
				if out, stderr, err := do(args...); err != nil {
					t.Errorf("%v: %v: %s %s", args, err, out, stderr)
				}
			}
			if _, stderr, err := do("devices", "list"); err == nil || !strings.Contains(stderr, "sign in") {
				t.Errorf("after signing out: %v: %s", err, stderr)
			}
		})
	}
}

// realkeyringAddress starts the session of a test once.
func realkeyringAddress(t *testing.T, folder string, kind realkeyring.Kind) string {
	t.Helper()
	name := filepath.Join(folder, "address")
	if text, err := os.ReadFile(name); err == nil {
		return string(text)
	}
	address := realkeyring.Start(t, kind)
	if err := os.WriteFile(name, []byte(address), 0o600); err != nil {
		t.Fatal(err)
	}
	return address
}
