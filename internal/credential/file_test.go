package credential_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/credential/credentialtest"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// asker answers with one passphrase after the other, and the last for ever.
type asker struct {
	answers []string
	from    string
	asked   []credential.Question
}

func answering(answers ...string) *asker { return &asker{answers: answers} }

func (a *asker) ask(_ context.Context, q credential.Question) (credential.Passphrase, error) {
	answer := a.answers[min(len(a.asked), len(a.answers)-1)]
	a.asked = append(a.asked, q)
	return credential.Passphrase{Text: api.NewSecret(answer), From: a.from}, nil
}

func secret(text string) credentialtest.Secrets {
	return credentialtest.Secrets{credential.ClientSecret: api.NewSecret(text)}
}

func TestFile(t *testing.T) {
	credentialtest.Contract(t, func(t *testing.T) (a, b credential.Store) {
		folder := filepath.Join(t.TempDir(), "state", "credentials")
		return credential.NewQuickFile(folder, answering("correct horse").ask), credential.NewQuickFile(folder, answering("correct horse").ask)
	})
}

// With the real work factor, and what age makes of it.
func TestFileIsAnAgeFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "credentials")
	s := credential.NewFile(folder, answering("pass phrase").ask)
	if err := s.Set(t.Context(), "서울", secret("hunter2")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, credential.FileName("서울")+".age")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("hunter2")) || !bytes.Contains(data, []byte("-> scrypt ")) {
		t.Errorf("the file is %q", data)
	}
	identity, err := age.NewScryptIdentity("pass phrase")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := age.Decrypt(bytes.NewReader(data), identity); err != nil {
		t.Errorf("age can't open it: %v", err)
	}
	for path, want := range map[string]os.FileMode{folder: 0o700, path: 0o600, strings.TrimSuffix(path, "age") + "lock": 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, want %v (%v)", path, info.Mode().Perm(), want, err)
		}
	}
}

func TestFileNarrowsItsFolder(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := credential.NewQuickFile(folder, answering("p").ask).Set(t.Context(), "a", secret("s")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v (%v)", info.Mode(), err)
	}
}

func TestPassphraseIsAskedOnce(t *testing.T) {
	folder, first := t.TempDir(), answering("p")
	s := credential.NewQuickFile(folder, first.ask)
	if err := s.Delete(t.Context(), "a"); err != nil || len(first.asked) > 0 {
		t.Errorf("asked %v for deleting (%v)", first.asked, err)
	}
	_, err := s.Get(t.Context(), "a", credential.ClientSecret)
	if !errors.Is(err, credential.ErrNotFound) || len(first.asked) > 0 {
		t.Errorf("asked %v for nothing (%v)", first.asked, err)
	}
	for _, profile := range []string{"a", "a", "b"} {
		if err := s.Set(t.Context(), profile, secret("s")); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(first.asked, []credential.Question{{Profile: "a", New: true}}) {
		t.Errorf("asked %v, want once, to be confirmed", first.asked)
	}
	second := answering("p")
	s = credential.NewQuickFile(folder, second.ask)
	for _, profile := range []string{"a", "b", "a"} {
		if _, err := s.Get(t.Context(), profile, credential.ClientSecret); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(second.asked, []credential.Question{{Profile: "a"}}) {
		t.Errorf("asked %v, want once", second.asked)
	}
}

func TestWrongPassphrase(t *testing.T) {
	folder := t.TempDir()
	if err := credential.NewQuickFile(folder, answering("right").ask).Set(t.Context(), "acme", secret("s")); err != nil {
		t.Fatal(err)
	}
	asks := answering("hunter2", "hunter2", "", "hunter3", "right")
	s := credential.NewQuickFile(folder, asks.ask)
	_, err := s.Get(t.Context(), "acme", credential.ClientSecret)
	wantError(t, err, credential.ErrPassphrase, "WRONG_PASSPHRASE", "the passphrase is wrong", "acme")
	if want := []credential.Question{{Profile: "acme"}, {Profile: "acme", Again: true}, {Profile: "acme", Again: true}}; !slices.Equal(asks.asked, want) {
		t.Errorf("asked %v", asks.asked)
	}
	if err := s.Set(t.Context(), "acme", secret("s")); err != nil { // the fifth answer
		t.Error(err)
	}
	before := content(t, folder, "acme")
	variable := answering("hunter2")
	variable.from = "WORKSCTL_PASSPHRASE"
	s = credential.NewQuickFile(folder, variable.ask)
	for does, err := range map[string]error{
		"set": s.Set(t.Context(), "acme", secret("new")), "delete": s.Delete(t.Context(), "acme", credential.ClientSecret),
	} {
		wantError(t, err, credential.ErrPassphrase, "WRONG_PASSPHRASE", "the passphrase is wrong (it is from WORKSCTL_PASSPHRASE)")
		if e := exit.As(err); e.Hint != "check WORKSCTL_PASSPHRASE" {
			t.Errorf("%s: hint %q", does, e.Hint)
		}
	}
	if len(variable.asked) != 2 {
		t.Errorf("a variable was asked %d times", len(variable.asked))
	}
	if !bytes.Equal(before, content(t, folder, "acme")) {
		t.Error("the file is changed")
	}
	if err := credential.NewQuickFile(folder, nil).Delete(t.Context(), "acme"); err != nil {
		t.Errorf("forgetting without the passphrase: %v", err)
	}
}

func TestPassphraseThatIsNone(t *testing.T) {
	folder := t.TempDir()
	wantError(t, credential.NewQuickFile(folder, answering("").ask).Set(t.Context(), "a", secret("s")), nil, "EMPTY_PASSPHRASE", "WORKSCTL_PASSPHRASE")
	boom := errors.New("nobody to ask")
	nobody := func(context.Context, credential.Question) (credential.Passphrase, error) {
		return credential.Passphrase{}, boom
	}
	if err := credential.NewQuickFile(folder, nobody).Set(t.Context(), "a", secret("s")); !errors.Is(err, boom) {
		t.Errorf("error %v", err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v (%v)", entries, err)
	}
}

// Two profiles may have two passphrases: the one that doesn't fit is asked for.
func TestTwoPassphrases(t *testing.T) {
	folder := t.TempDir()
	for profile, passphrase := range map[string]string{"a": "p", "b": "q"} {
		if err := credential.NewQuickFile(folder, answering(passphrase).ask).Set(t.Context(), profile, secret(profile)); err != nil {
			t.Fatal(err)
		}
	}
	s := credential.NewQuickFile(folder, answering("p", "q", "p").ask)
	for _, profile := range []string{"a", "b", "a"} {
		if got, err := s.Get(t.Context(), profile, credential.ClientSecret); err != nil || got.Reveal() != profile {
			t.Errorf("%s: %q, %v", profile, got.Reveal(), err)
		}
	}
}

// Whatever byte is damaged or wherever the file ends: it is an error, never
// other secrets, and never one that shows them.
func TestDamagedFile(t *testing.T) {
	folder := t.TempDir()
	if err := credential.NewQuickFile(folder, answering("p").ask).Set(t.Context(), "acme", secret("hunter2")); err != nil {
		t.Fatal(err)
	}
	good := content(t, folder, "acme")
	path := filepath.Join(folder, "acme.age")
	rapid.Check(t, func(rt *rapid.T) {
		bad := bytes.Clone(good)
		at := rapid.IntRange(0, len(good)-1).Draw(rt, "at")
		if rapid.Bool().Draw(rt, "cut") {
			bad = bad[:at]
		} else {
			bad[at] ^= byte(rapid.IntRange(1, 255).Draw(rt, "bits"))
		}
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			rt.Fatal(err)
		}
		s := credential.NewQuickFile(folder, answering("p").ask)
		_, err := s.Get(t.Context(), "acme", credential.ClientSecret)
		// The bytes that the passphrase opens by itself stand in lines 2 and 3.
		head := bytes.Count(good[:at], []byte("\n"))
		if !errors.Is(err, credential.ErrDamaged) && (!errors.Is(err, credential.ErrPassphrase) || head < 1 || head > 2) {
			rt.Errorf("damage at byte %d: %v", at, err)
		}
		if exit.CodeOf(err) != exit.SignIn || strings.Contains(err.Error(), "hunter2") || exit.As(err).Hint != "" {
			rt.Errorf("error %v", err)
		}
		if err := s.Set(t.Context(), "acme", secret("new")); err == nil {
			rt.Error("a damaged file is written over")
		}
	})
}

func TestFilesThatAreNoneOfOurs(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"empty": "", "text": "client-secret: hunter2\n", "huge": strings.Repeat("x", 1<<20+1)} {
		if err := os.WriteFile(filepath.Join(folder, name+".age"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := credential.NewQuickFile(folder, answering("p").ask).Get(t.Context(), name, credential.ClientSecret); exit.CodeOf(err) != exit.SignIn || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A header that asks for more memory than a machine has.
	greedy := "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
	if err := os.WriteFile(filepath.Join(folder, "greedy.age"), []byte(greedy), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := credential.NewQuickFile(folder, answering("p").ask).Get(t.Context(), "greedy", credential.ClientSecret)
	wantError(t, err, credential.ErrDamaged, "CREDENTIAL_DAMAGED", "greedy.age")
}

func TestFileNamesAreSafe(t *testing.T) {
	for profile, want := range map[string]string{
		"acme-1_2.x": "acme-1_2.x", "Acme": "%41cme", "con": "%63on", "lpt1.a": "%6cpt1.a", "console": "console", ".": "%2e", "..": "%2e.", "서": "%ec%84%9c",
	} {
		if got := credential.FileName(profile); got != want {
			t.Errorf("%s: %s, want %s", profile, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		x, y := credential.FileName(a), credential.FileName(b)
		if len(x) > 120 || strings.ContainsAny(x, `/\:*?"<>|`) || strings.ToLower(x) != x {
			t.Errorf("%q gives %q", a, x)
		}
		if (a == b) != (x == y) {
			t.Errorf("%q and %q give %q and %q", a, b, x, y)
		}
	})
}

func content(t *testing.T, folder, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name+".age"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// wantError wants an error with exit code 3 and a remedy, fit to be shown.
func wantError(t *testing.T, err, kind error, id string, parts ...string) {
	t.Helper()
	e := exit.As(err)
	if e == nil || e.Exit != exit.SignIn || e.ID != id || kind != nil && !errors.Is(err, kind) {
		t.Errorf("error %v, want %s", err, id)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q lacks %q", err, part)
		}
	}
	if strings.ContainsAny(err.Error(), "\r\n") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("not fit to be shown: %q", err)
	}
}
