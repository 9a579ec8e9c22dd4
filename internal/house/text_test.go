package house_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// skipped are folders without texts of ours. testdata may hold anything.
func skipped(name string) bool {
	return slices.Contains([]string{".git", "node_modules", "dist", "bin", "testdata"}, name)
}

// eachText calls f with every text file of the repository.
func eachText(t *testing.T, f func(path string, text []byte)) {
	t.Helper()
	root := filepath.Join("..", "..")
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(d.Name()):
			return filepath.SkipDir
		case !d.Type().IsRegular(), slices.Contains([]string{".png", ".test", ".prof", ".out"}, filepath.Ext(path)):
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil || rel == "worksctl" { // what `make build` leaves
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		f(filepath.ToSlash(rel), text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 200 {
		t.Fatalf("found only %d files", n)
	}
}

// TestTextsAreUTF8 asks for UTF-8 without a byte order mark, for line feeds
// without carriage returns, and for a line feed at the end.
func TestTextsAreUTF8(t *testing.T) {
	eachText(t, func(path string, text []byte) {
		switch {
		case !utf8.Valid(text):
			t.Errorf("%s is not UTF-8", path)
		case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
			t.Errorf("%s begins with a byte order mark", path)
		case bytes.ContainsRune(text, '\r'):
			t.Errorf("%s has carriage returns", path)
		case len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")):
			t.Errorf("%s does not end in a line feed", path)
		}
	})
}

// TestNoTextNamesAMachine finds paths and hosts that exist on one machine only.
func TestNoTextNamesAMachine(t *testing.T) {
	// Joined here, so that this file doesn't find itself.
	private := regexp.MustCompile(strings.Join([]string{
		`(^|[^\w.])/(wo` + `rk|ro` + `ot)/`, `/(ho` + `me|Us` + `ers)/[A-Za-z]`,
		`[A-Z]:\\Us` + `ers\\`,
		`GOPR` + `OXY\s*[=:]`, `GONO` + `SUMDB`, `GOFL` + `AGS\s*=\s*-mod=mod`,
	}, "|"))
	eachText(t, func(path string, text []byte) {
		if at := private.FindIndex(text); at != nil {
			line := 1 + bytes.Count(text[:at[0]], []byte("\n"))
			t.Errorf("%s:%d: %q exists on one machine only", path, line, bytes.TrimSpace(text[at[0]:at[1]]))
		}
	})
}

// TestLicense holds the text of the Apache License 2.0 as the ASF publishes it
// (https://www.apache.org/licenses/LICENSE-2.0.txt), white space aside.
func TestLicense(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	const published = "0ffddef9e48f8a09aed5caf2d44f7ba1c1be2d9b8e0a6f693b1635b2d5566645"
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(strings.Fields(string(text)), " "))))
	if sum != published {
		t.Errorf("LICENSE is not the Apache License 2.0: sha256 of its words is %s", sum)
	}
}
