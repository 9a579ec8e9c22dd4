// Package credentialtest holds the contract of [credential.Store] as tests, to
// be run on every store.
package credentialtest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// Secrets are some secrets of a profile.
type Secrets = map[credential.Item]api.Secret

// Contract runs the contract on a store. newStore returns two handles on the
// same new store, as two processes would have.
func Contract(t *testing.T, newStore func(t *testing.T) (a, b credential.Store)) {
	t.Helper()
	for _, tt := range cases() {
		t.Run(tt.name, func(t *testing.T) {
			a, b := newStore(t)
			tt.run(t, a, b)
		})
	}
}

// LargeKey returns text of the size and kind of a private key of 4,096 bits:
// 2,373 bytes of every value, in base64.
func LargeKey() api.Secret {
	var data []byte
	for i := 0; len(data) < 2373; i++ {
		sum := sha256.Sum256(fmt.Append(nil, i))
		data = append(data, sum[:]...)
	}
	return api.NewSecret(base64.StdEncoding.EncodeToString(data[:2373]))
}

type contractCase struct {
	name string
	run  func(t *testing.T, a, b credential.Store)
}

func cases() []contractCase {
	return []contractCase{
		{"nothing there", func(t *testing.T, a, _ credential.Store) {
			for _, item := range credential.Items() {
				wantNone(t, a, "acme", item)
			}
			set(t, a, "acme", Secrets{credential.ClientSecret: api.NewSecret("s")})
			wantNone(t, a, "acme", credential.RefreshToken)
		}},
		{"what one sets the other gets", func(t *testing.T, a, b credential.Store) {
			all := Secrets{credential.ClientSecret: api.NewSecret("s3cret"), credential.PrivateKey: LargeKey(), credential.RefreshToken: api.NewSecret("r")}
			set(t, a, "acme", all)
			want(t, a, "acme", all)
			want(t, b, "acme", all)
		}},
		{"other items stay", func(t *testing.T, a, b credential.Store) {
			set(t, a, "acme", Secrets{credential.ClientSecret: api.NewSecret("s"), credential.RefreshToken: api.NewSecret("old")})
			want(t, b, "acme", Secrets{credential.RefreshToken: api.NewSecret("old")})
			set(t, b, "acme", Secrets{credential.RefreshToken: api.NewSecret("new")})
			want(t, a, "acme", Secrets{credential.ClientSecret: api.NewSecret("s"), credential.RefreshToken: api.NewSecret("new")})
			set(t, a, "acme", nil)
			want(t, b, "acme", Secrets{credential.ClientSecret: api.NewSecret("s"), credential.RefreshToken: api.NewSecret("new")})
		}},
		{"profiles are apart", func(t *testing.T, a, b credential.Store) {
			for i, name := range lookalikes() {
				set(t, a, name, Secrets{credential.ClientSecret: api.NewSecret(fmt.Sprint("s", i))})
			}
			for i, name := range lookalikes() {
				want(t, b, name, Secrets{credential.ClientSecret: api.NewSecret(fmt.Sprint("s", i))})
			}
			forget(t, b, lookalikes()[0])
			wantNone(t, a, lookalikes()[0], credential.ClientSecret)
			for i, name := range lookalikes()[1:] {
				want(t, a, name, Secrets{credential.ClientSecret: api.NewSecret(fmt.Sprint("s", i+1))})
			}
		}},
		{"forgotten is gone", func(t *testing.T, a, b credential.Store) {
			set(t, a, "acme", Secrets{credential.ClientSecret: api.NewSecret("s"), credential.PrivateKey: LargeKey()})
			forget(t, b, "acme")
			wantNone(t, a, "acme", credential.ClientSecret)
			wantNone(t, b, "acme", credential.PrivateKey)
			forget(t, a, "acme")
			set(t, b, "acme", Secrets{credential.RefreshToken: api.NewSecret("r")})
			want(t, a, "acme", Secrets{credential.RefreshToken: api.NewSecret("r")})
			wantNone(t, a, "acme", credential.ClientSecret)
		}},
		{"one of them is forgotten", func(t *testing.T, a, b credential.Store) {
			rest := Secrets{credential.ClientSecret: api.NewSecret("s"), credential.RefreshToken: api.NewSecret("r")}
			set(t, a, "acme", rest)
			set(t, a, "acme", Secrets{credential.PrivateKey: LargeKey()})
			set(t, a, "other", Secrets{credential.PrivateKey: LargeKey()})
			for range 2 { // the second time there is nothing to forget
				forget(t, b, "acme", credential.PrivateKey)
				wantNone(t, a, "acme", credential.PrivateKey)
				want(t, a, "acme", rest)
			}
			forget(t, a, "acme", credential.RefreshToken, credential.ClientSecret)
			wantNone(t, b, "acme", credential.RefreshToken)
			wantNone(t, b, "acme", credential.ClientSecret)
			forget(t, b, "nobody", credential.ClientSecret)
			want(t, b, "other", Secrets{credential.PrivateKey: LargeKey()})
		}},
		{"texts of every kind", func(t *testing.T, a, b credential.Store) {
			for _, text := range []string{" a b ", "한글 😀", "'\"\\$(x)`!%", "line\nline\n", "go-keyring-base64:eA==", strings.Repeat("x", 2500)} {
				set(t, a, "acme", Secrets{credential.ClientSecret: api.NewSecret(text)})
				want(t, b, "acme", Secrets{credential.ClientSecret: api.NewSecret(text)})
			}
		}},
		{"what can't be kept is refused", func(t *testing.T, a, b credential.Store) {
			good := Secrets{credential.ClientSecret: api.NewSecret("s")}
			set(t, a, "acme", good)
			for name, bad := range map[string]Secrets{
				"empty":         {credential.ClientSecret: api.NewSecret("hunter2"), credential.RefreshToken: api.Secret{}},
				"not base64":    {credential.PrivateKey: api.NewSecret("hunter2!")},
				"unknown":       {"password": api.NewSecret("hunter2")},
				"loose base64":  {credential.PrivateKey: api.NewSecret("aHVu\ndGVyMg==")},
				"empty and key": {credential.ClientSecret: api.NewSecret("hunter2"), credential.PrivateKey: api.NewSecret("")},
			} {
				if err := a.Set(t.Context(), "acme", bad); err == nil || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("%s: %v", name, err)
				}
			}
			want(t, b, "acme", good)
			wantNone(t, b, "acme", credential.PrivateKey)
		}},
		{"all at once", func(t *testing.T, a, b credential.Store) {
			var group sync.WaitGroup
			all := Secrets{credential.ClientSecret: api.NewSecret("s"), credential.PrivateKey: LargeKey(), credential.RefreshToken: api.NewSecret("r"), credential.Binding: api.NewSecret("{}")}
			for i, item := range credential.Items() {
				group.Go(func() { set(t, []credential.Store{a, b}[i%2], "acme", Secrets{item: all[item]}) })
			}
			group.Wait()
			want(t, a, "acme", all)
			want(t, b, "acme", all)
		}},
		{"interrupted", func(t *testing.T, a, _ credential.Store) {
			stop := errors.New("stop")
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(stop)
			_, err := a.Get(ctx, "acme", credential.ClientSecret)
			for _, err := range []error{err, a.Set(ctx, "acme", Secrets{credential.ClientSecret: api.NewSecret("s")}), a.Delete(ctx, "acme")} {
				if !errors.Is(err, stop) {
					t.Errorf("error %v", err)
				}
			}
			wantNone(t, a, "acme", credential.ClientSecret)
		}},
	}
}

// lookalikes are names that a file system or a keyring could mix up.
func lookalikes() []string {
	return []string{"acme", "Acme", "ACME", "acme.age", "acme-", "a", "서울", "\u1109\u1165\u110b\u116e\u11af", "con", "CON.x", strings.Repeat("긴", 90), strings.Repeat("긴", 91), "acme%", "..", ".acme"}
}

func set(t *testing.T, s credential.Store, profile string, secrets Secrets) {
	t.Helper()
	if err := s.Set(t.Context(), profile, secrets); err != nil {
		t.Errorf("setting %s: %v", profile, err)
	}
}

func forget(t *testing.T, s credential.Store, profile string, items ...credential.Item) {
	t.Helper()
	if err := s.Delete(t.Context(), profile, items...); err != nil {
		t.Errorf("forgetting %s: %v", profile, err)
	}
}

func want(t *testing.T, s credential.Store, profile string, secrets Secrets) {
	t.Helper()
	for item, secret := range secrets {
		got, err := s.Get(t.Context(), profile, item)
		if err != nil || got.Reveal() != secret.Reveal() {
			t.Errorf("%s of %s is %.20q, want %.20q (%v)", item, profile, got.Reveal(), secret.Reveal(), err)
		}
	}
}

func wantNone(t *testing.T, s credential.Store, profile string, item credential.Item) {
	t.Helper()
	got, err := s.Get(t.Context(), profile, item)
	if !errors.Is(err, credential.ErrNotFound) || exit.CodeOf(err) != exit.SignIn || got.Reveal() != "" {
		t.Errorf("%s of %s is %.20q, error %v", item, profile, got.Reveal(), err)
		return
	}
	if e := exit.As(err); e.Hint == "" || !strings.Contains(err.Error(), profile) || !strings.Contains(err.Error(), string(item)) {
		t.Errorf("error %q with hint %q names no remedy", err, e.Hint)
	}
}
