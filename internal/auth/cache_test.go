package auth_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestProcessesShareATokenOneAfterTheOther(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state", "tokens")
	m := newMint(time.Hour)
	warn := func(w string) { t.Errorf("warning: %s", w) }
	first, second := m.source(newCache(folder), warn), m.source(newCache(folder), warn)
	wantToken(t, first, 1)
	wantToken(t, second, 1)
	if got, err := second.Current(t.Context()); err != nil || got.Scope != "user.read" || !got.Expires.Equal(start().Add(time.Hour)) || got.Refresh.Reveal() != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := first.Renew(t.Context(), secretOf("canary-token-1")); err != nil || got.Reveal() != "canary-token-2" {
		t.Errorf("%v, %v", got.Reveal(), err)
	}
	if got, err := second.Renew(t.Context(), secretOf("canary-token-1")); err != nil || got.Reveal() != "canary-token-2" {
		t.Errorf("the other process renews too: %v, %v", got.Reveal(), err)
	}
	if err := second.Keep(t.Context(), auth.Token{Access: secretOf("canary-token-7"), Expires: start().Add(time.Hour)}); err != nil {
		t.Error(err)
	}
	wantToken(t, second, 7)
	wantToken(t, m.source(newCache(folder), warn), 7)
	for range 2 {
		if err := newCache(folder).Forget(t.Context()); err != nil {
			t.Error(err)
		}
	}
	wantToken(t, m.source(newCache(folder), warn), 3)

	windows := runtime.GOOS == "windows" // has no such modes
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 && !windows {
		t.Errorf("folder %v, %v", info, err)
	}
	files, _ := os.ReadDir(folder)
	if len(files) != 2 {
		t.Errorf("%d files, want the token and its lock", len(files))
	}
	for _, f := range files {
		info, _ := f.Info()
		data, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil || info.Mode().Perm() != 0o600 && !windows || strings.Contains(string(data), "canary") {
			t.Errorf("%s: %v, mode %v: %s", f.Name(), err, info.Mode(), data)
		}
	}
}

func TestCacheOfAnotherCredential(t *testing.T) {
	folder := t.TempDir()
	m := newMint(time.Hour)
	wantToken(t, m.source(newCache(folder), nil), 1)
	made := newCache(folder).Path()
	for i, secrets := range [][]string{{secret, "another"}, {secret}, {secret + "canary-key"}, {secret + "canary-", "key"}, {"canary-key", secret}} {
		var s []api.Secret
		for _, text := range secrets {
			s = append(s, secretOf(text))
		}
		c := auth.NewCache(folder, s, "https://auth.example.com", clientID, account)
		if c.Path() != made {
			t.Errorf("%d: another file for the same identity", i)
		}
		data, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		wantToken(t, m.source(c, nil), i+2)
		if err := os.WriteFile(made, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := auth.NewCache(folder, []api.Secret{secretOf(secret), secretOf("canary-key")}, "https://auth.example.com", clientID+account)
	if other.Path() == made {
		t.Error("two identities have one file")
	}
	copyFile(t, made, other.Path())
	wantToken(t, m.source(other, nil), 7)
	wantToken(t, m.source(newCache(folder), nil), 1)
	if c := auth.NewCache(folder, []api.Secret{{}, secretOf("")}, clientID); c != nil {
		t.Error("a cache is encrypted with nothing")
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestDamagedCache(t *testing.T) {
	folder := t.TempDir()
	m := newMint(time.Hour)
	warn := func(w string) { t.Errorf("warning: %s", w) }
	wantToken(t, m.source(newCache(folder), warn), 1)
	path := newCache(folder).Path()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Version int    `json:"version"`
		Data    []byte `json:"data"`
	}
	if err := json.Unmarshal(whole, &file); err != nil {
		t.Fatal(err)
	}
	file.Data[len(file.Data)/2] ^= 1
	flipped, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, data := range [][]byte{nil, []byte("{}"), []byte(`{"version":1,"data":"AAAA"}`), whole[:len(whole)/2], flipped, []byte("\x00\xff")} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		wantToken(t, m.source(newCache(folder), warn), i+2)
		wantToken(t, m.source(newCache(folder), warn), i+2)
	}
}

// A folder that can't be had costs the sharing and one warning, no more.
func TestUnusableStateFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	m := newMint(time.Hour)
	var warnings []string
	s := m.source(newCache(filepath.Join(file, "tokens")), func(w string) { warnings = append(warnings, w) })
	wantToken(t, s, 1)
	m.clock.pass(time.Hour)
	wantToken(t, s, 2)
	if got, err := s.Renew(t.Context(), secretOf("canary-token-2")); err != nil || got.Reveal() != "canary-token-3" {
		t.Errorf("%v, %v", got.Reveal(), err)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "not shared") || strings.Contains(warnings[0], "canary") {
		t.Errorf("warnings %q", warnings)
	}
}

// A file that can't be replaced must not bring back the token that lies in it.
func TestStaleCacheThatCannotBeWritten(t *testing.T) {
	folder := t.TempDir()
	m := newMint(time.Hour)
	s := m.source(newCache(folder), nil)
	wantToken(t, s, 1)
	other := m.source(newCache(folder), func(string) {})
	wantToken(t, other, 1)
	path := newCache(folder).Path()
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil { // a folder is in the way, also for root
		t.Fatal(err)
	}
	if got, err := other.Renew(t.Context(), secretOf("canary-token-1")); err != nil || got.Reveal() != "canary-token-2" {
		t.Errorf("%v, %v", got.Reveal(), err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".old", path); err != nil {
		t.Fatal(err)
	}
	if got, err := other.Renew(t.Context(), secretOf("canary-token-2")); err != nil || got.Reveal() != "canary-token-3" {
		t.Errorf("%v, %v", got.Reveal(), err)
	}
}

// What isn't a token of ours is not opened, and others can't put something there.
func TestWhatLiesInThePlaceOfAToken(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "tokens")
	c := newCache(folder)
	m := newMint(time.Hour)
	for i, put := range []func() error{
		func() error { return os.MkdirAll(c.Path(), 0o700) },
		func() error { return os.WriteFile(c.Path(), make([]byte, 1<<20), 0o600) },
		func() error { return os.Symlink(filepath.Join(folder, "elsewhere"), c.Path()) },
	} {
		if err := errors.Join(os.MkdirAll(folder, 0o700), os.RemoveAll(c.Path()), put()); err != nil {
			t.Fatal(err)
		}
		wantToken(t, m.source(newCache(folder), func(string) {}), i+1)
	}
	if err := errors.Join(os.RemoveAll(folder), os.Mkdir(folder, 0o700), os.Chmod(folder, 0o777)); err != nil {
		t.Fatal(err)
	}
	wantToken(t, m.source(newCache(folder), nil), 4)
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 && runtime.GOOS != "windows" {
		t.Errorf("folder %v, %v", info.Mode(), err)
	}
}
