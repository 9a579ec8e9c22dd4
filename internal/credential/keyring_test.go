package credential

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// shelf is a keyring that can fail, lie, hang and be slow.
type shelf struct {
	items map[string]string
	fail  map[string]error // by item name, for Set
	lies  bool             // keeps something else than was set
	panic bool
	delay time.Duration // of a Set
	calls []string
}

func (s *shelf) Get(_, user string) (string, error) {
	if s.panic {
		panic("interface conversion: hunter2")
	}
	v, ok := s.items[user]
	if !ok {
		return "", gokeyring.ErrNotFound
	}
	return v, nil
}

func (s *shelf) Set(name, user, secret string) error {
	time.Sleep(s.delay) // in a bubble
	s.calls = append(s.calls, name+" "+user)
	if err := s.fail[user]; err != nil {
		s.items[user] = "half" // worse than nothing
		s.fail[user] = nil
		return err
	}
	if s.lies {
		secret = strings.ToValidUTF8(secret, "?") + "?"
	}
	s.items[user] = secret
	return nil
}

func (s *shelf) Delete(_, user string) error {
	if _, ok := s.items[user]; !ok {
		return gokeyring.ErrNotFound
	}
	delete(s.items, user)
	return nil
}

func on(s *shelf, goos string) *keyring {
	if s.items == nil {
		s.items = map[string]string{}
	}
	return &keyring{limit: 3 * time.Second, backend: s, goos: goos}
}

func two() map[Item]api.Secret {
	return map[Item]api.Secret{ClientSecret: api.NewSecret("hunter2"), RefreshToken: api.NewSecret("hunter2r")}
}

func TestEachSecretIsAnItem(t *testing.T) {
	s := &shelf{}
	if err := on(s, "linux").Set(t.Context(), "acme-KR", two()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"worksctl acme-KR/client-secret", "worksctl acme-KR/refresh-token"}; !slices.Equal(s.calls, want) {
		t.Errorf("calls %q, want %q", s.calls, want)
	}
}

func TestPrivateKeyIsBytesWhereSizeMatters(t *testing.T) {
	der := []byte{0x30, 0x82, 0, 0xff, '\n', 0x80}
	text := base64.StdEncoding.EncodeToString(der)
	for goos, want := range map[string]string{"linux": text, "freebsd": text, "darwin": string(der), "windows": string(der)} {
		s := &shelf{}
		k := on(s, goos)
		if err := k.Set(t.Context(), "a", map[Item]api.Secret{PrivateKey: api.NewSecret(text)}); err != nil {
			t.Fatal(err)
		}
		if got := s.items["a/private-key"]; got != want {
			t.Errorf("%s keeps %q, want %q", goos, got, want)
		}
		if got, err := k.Get(t.Context(), "a", PrivateKey); err != nil || got.Reveal() != text {
			t.Errorf("%s gives %q (%v)", goos, got.Reveal(), err)
		}
	}
}

func TestLargeSecretsAreRefused(t *testing.T) {
	key := func(n int) string { return base64.StdEncoding.EncodeToString(make([]byte, n)) }
	for _, goos := range []string{"linux", "darwin", "windows"} {
		for _, tt := range []struct {
			item Item
			text string
			ok   bool
		}{
			{ClientSecret, strings.Repeat("x", 2500), true},
			{ClientSecret, strings.Repeat("x", 2501), false},
			{PrivateKey, key(2500), true},
			{PrivateKey, key(2501), false},
		} {
			s := &shelf{}
			err := on(s, goos).Set(t.Context(), "a", map[Item]api.Secret{RefreshToken: api.NewSecret("r"), tt.item: api.NewSecret(tt.text)})
			if (err == nil) != tt.ok {
				t.Errorf("%s, %d bytes: %v", goos, len(tt.text), err)
			}
			if e := exit.As(err); !tt.ok && (e == nil || e.Exit != exit.SignIn || !strings.Contains(e.Error(), "--storage file") || len(s.calls) > 0) {
				t.Errorf("%s: error %v after %q", goos, err, s.calls)
			}
		}
	}
	s := &shelf{fail: map[string]error{"a/client-secret": gokeyring.ErrSetDataTooBig}} // it has a limit of its own
	if e := exit.As(on(s, "darwin").Set(t.Context(), "a", two())); e == nil || e.ID != "SECRET_TOO_LARGE" {
		t.Errorf("error %v", e)
	}
}

func TestFailedSetIsRolledBack(t *testing.T) {
	before := map[string]string{"a/client-secret": "old", "b/client-secret": "other"}
	for _, item := range []string{"a/client-secret", "a/refresh-token"} {
		s := &shelf{items: maps.Clone(before), fail: map[string]error{item: errors.New("boom")}}
		err := on(s, "linux").Set(t.Context(), "a", two())
		if e := exit.As(err); e == nil || e.Exit != exit.SignIn || e.ID != "KEYRING_FAILED" || !strings.Contains(e.Error(), "boom") || strings.Contains(e.Error(), "put back") {
			t.Errorf("%s: error %v", item, err)
		}
		if !maps.Equal(s.items, before) {
			t.Errorf("%s: it holds %v, want %v", item, s.items, before)
		}
	}
}

func TestFailedRollBackIsSaid(t *testing.T) {
	broken := errors.New("broken")
	b := &failsSet{on(&shelf{items: map[string]string{"a/client-secret": "old"}}, "linux").backend, broken}
	k := &keyring{limit: time.Second, backend: b, goos: "linux"}
	err := k.Set(t.Context(), "a", two())
	if exit.CodeOf(err) != exit.SignIn || !strings.Contains(err.Error(), "sign in again") || !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

type failsSet struct {
	backend
	err error
}

func (f *failsSet) Set(string, string, string) error { return f.err }

func TestKeyringThatKeepsSomethingElse(t *testing.T) {
	s := &shelf{lies: true}
	if err := on(s, "linux").Set(t.Context(), "a", two()); exit.CodeOf(err) != exit.SignIn || !strings.Contains(err.Error(), "something else") {
		t.Errorf("error %v", err)
	}
	if len(s.items) > 0 {
		t.Errorf("it is left with %v", s.items)
	}
}

func TestKeyringThatPanics(t *testing.T) {
	_, err := on(&shelf{panic: true}, "linux").Get(t.Context(), "a", ClientSecret)
	if exit.CodeOf(err) != exit.SignIn || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}

// After the limit nobody waits; what comes through later is undone.
func TestSlowKeyring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{items: map[string]string{"a/client-secret": "old"}, delay: 2 * time.Second}
		start := time.Now()
		err := on(s, "linux").Set(t.Context(), "a", two()) // the second item ends after 4 s
		if !errors.Is(err, ErrNoAnswer) || exit.CodeOf(err) != exit.SignIn || !strings.Contains(err.Error(), "3s") {
			t.Errorf("error %v", err)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("answered after %v", took)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if want := map[string]string{"a/client-secret": "old"}; !maps.Equal(s.items, want) {
			t.Errorf("it holds %v, want %v", s.items, want)
		}
	})
}

func TestInterruptedWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(stop) })
		if err := on(&shelf{delay: 2 * time.Second}, "linux").Set(ctx, "a", two()); !errors.Is(err, stop) {
			t.Errorf("error %v", err)
		}
		time.Sleep(time.Minute) // the rest of the goroutine
	})
}

func TestDeleteTriesEveryItem(t *testing.T) {
	s := &shelf{items: map[string]string{"a/client-secret": "x", "a/private-key": "y", "a/refresh-token": "z", "ab/client-secret": "w"}}
	b := &failsDelete{shelf: s, user: "a/client-secret"}
	k := &keyring{limit: time.Second, backend: b, goos: "linux"}
	if err := k.Delete(t.Context(), "a"); exit.CodeOf(err) != exit.SignIn {
		t.Errorf("error %v", err)
	}
	if got := slices.Sorted(maps.Keys(s.items)); fmt.Sprint(got) != "[a/client-secret ab/client-secret]" {
		t.Errorf("left: %v", got)
	}
}

type failsDelete struct {
	*shelf
	user string
}

func (f *failsDelete) Delete(name, user string) error {
	if user == f.user {
		return errors.New("boom")
	}
	return f.shelf.Delete(name, user)
}
