package realkeyring_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/credential/credentialtest"
	"github.com/worksctl/worksctl/internal/credential/realkeyring"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// TestMain leaves the tests out where the programs are missing. `go test` hides
// what passing tests print, but says "[no tests to run]" behind the name of a
// package of which none ran: so nobody takes that for tests that passed.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := realkeyring.Missing(); err != nil {
		fmt.Fprintf(os.Stderr, "LEFT OUT: the tests with a real keyring: %v\n", err)
		if os.Getenv(realkeyring.Wanted) == "required" {
			os.Exit(1)
		}
		if err := flag.Set("test.run", "^$"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// in returns the keyring of a session of that kind.
func in(t *testing.T, kind realkeyring.Kind, limit time.Duration) credential.Store {
	t.Helper()
	t.Setenv(realkeyring.AddressVariable, realkeyring.Start(t, kind))
	t.Cleanup(func() { // go-keyring's connection is one for the process
		if conn, err := dbus.SessionBus(); err == nil {
			_ = conn.Close()
		}
	})
	return credential.NewKeyring(limit)
}

func TestUnlocked(t *testing.T) {
	credentialtest.Contract(t, func(t *testing.T) (a, b credential.Store) {
		return in(t, realkeyring.Unlocked, 20*time.Second), credential.NewKeyring(20 * time.Second)
	})
}

func TestKeyringsOfNoUse(t *testing.T) {
	for _, tt := range []struct {
		kind  realkeyring.Kind
		limit time.Duration
		is    error
		id    string
		says  string
	}{
		{realkeyring.Locked, 20 * time.Second, credential.ErrLocked, "KEYRING_LOCKED", "unlock it"},
		{realkeyring.Without, 20 * time.Second, credential.ErrUnavailable, "NO_KEYRING", "no keyring here"},
		{realkeyring.NoBus, 20 * time.Second, credential.ErrUnavailable, "NO_KEYRING", "no D-Bus session"},
		{realkeyring.Hanging, 200 * time.Millisecond, credential.ErrNoAnswer, "KEYRING_NO_ANSWER", "within 200ms"},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			s := in(t, tt.kind, tt.limit)
			_, err := s.Get(t.Context(), "acme", credential.ClientSecret)
			for does, err := range map[string]error{
				"get":    err,
				"set":    s.Set(t.Context(), "acme", credentialtest.Secrets{credential.ClientSecret: api.NewSecret("hunter2")}),
				"delete": s.Delete(t.Context(), "acme"),
			} {
				e := exit.As(err)
				if e == nil || e.Exit != exit.SignIn || e.ID != tt.id || !errors.Is(err, tt.is) {
					t.Errorf("%s: error %v, want %s", does, err, tt.id)
					continue
				}
				for _, part := range []string{tt.says, "--storage file", "environment"} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("%s: %q lacks %q", does, err, part)
					}
				}
				if strings.Contains(err.Error(), "hunter2") || strings.ContainsAny(err.Error(), "\r\n") || e.Hint != "worksctl auth login --profile acme --storage file" {
					t.Errorf("%s: %q with hint %q", does, err, e.Hint)
				}
			}
		})
	}
}
