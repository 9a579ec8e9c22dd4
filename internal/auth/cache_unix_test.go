//go:build unix

package auth_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A pipe in the place of a token would keep every command waiting: where it is
// opened, this test doesn't end.
func TestAPipeInThePlaceOfAToken(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "tokens")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(newCache(folder).Path(), 0o600); err != nil {
		t.Fatal(err)
	}
	wantToken(t, newMint(time.Hour).source(newCache(folder), nil), 1)
}
