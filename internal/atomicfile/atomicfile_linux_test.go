package atomicfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/worksctl/worksctl/internal/atomicfile"
)

// asOrdinaryUser gives dir to a user without rights if the test runs as root,
// for whom no file is unwritable, and lets this goroutine act as that user.
func asOrdinaryUser(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	for _, path := range []string{filepath.Dir(dir), dir, filepath.Join(dir, "locked"), filepath.Join(dir, "protected")} {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	runtime.LockOSThread() // file system rights are those of the thread
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Fatal(err)
		}
		runtime.UnlockOSThread()
	})
}

func TestProtectedTargets(t *testing.T) {
	dir := t.TempDir()
	locked, protected := filepath.Join(dir, "locked"), filepath.Join(dir, "protected")
	mustWrite(t, protected, "old", 0o444)
	if err := os.Mkdir(locked, 0o555); err != nil {
		t.Fatal(err)
	}
	asOrdinaryUser(t, dir)
	wantError(t, atomicfile.WriteFile(filepath.Join(locked, "f"), nil, 0o644), "FOLDER_NOT_WRITABLE", "another folder", locked, "permission denied")
	wantError(t, atomicfile.WriteFile(protected, nil, 0o644), "FILE_NOT_WRITABLE", "allow writing", protected, "permission denied")
	wantContent(t, protected, "old")
	wantFiles(t, locked)
}

func TestFolderThatCannotBeListed(t *testing.T) {
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked")
	mustWrite(t, filepath.Join(dir, "protected"), "", 0o644)
	if err := os.Mkdir(locked, 0o300); err != nil {
		t.Fatal(err)
	}
	asOrdinaryUser(t, dir)
	if err := atomicfile.WriteFile(filepath.Join(locked, "f"), []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	wantContent(t, filepath.Join(locked, "f"), "new")
}

func TestPipesAreRefused(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	// What /dev/stdout is in `worksctl … --out /dev/stdout | jq`.
	descriptor := fmt.Sprintf("/proc/self/fd/%d", w.Fd())
	for _, path := range []string{pipe, descriptor} {
		wantError(t, atomicfile.WriteFile(path, nil, 0o644), "FILE_NOT_REGULAR", "use -", path, "pipe")
	}
}
