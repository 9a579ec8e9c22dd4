package atomicfile_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/atomicfile"
	"github.com/worksctl/worksctl/internal/exit"
)

// killedTarget names the file that a child process of this test binary begins
// to write, and is killed at.
const killedTarget = "ATOMICFILE_TEST_KILLED_TARGET"

func TestMain(m *testing.M) {
	if target := os.Getenv(killedTarget); target != "" {
		writeAndWait(target)
		return
	}
	os.Exit(m.Run())
}

// writeAndWait writes more than the buffer holds, says so, and waits.
func writeAndWait(target string) {
	f, err := atomicfile.Create(target, 0o644)
	if err == nil {
		_, err = f.Write(bytes.Repeat([]byte("new content\n"), 100_000))
	}
	fmt.Println("written:", err)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func mustWrite(t *testing.T, path, content string, perm fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), perm); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, perm); err != nil { // the umask may have taken bits
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s holds %.40q, want %.40q", path, got, want)
	}
}

// wantFiles fails if folder holds anything but names: a temporary file is left.
func wantFiles(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %q, want %q", got, names)
	}
}

func wantError(t *testing.T, err error, id, hint string, parts ...string) {
	t.Helper()
	e := exit.As(err)
	if e == nil {
		t.Fatalf("error %v carries no exit code", err)
	}
	if e.ID != id || !strings.Contains(e.Hint, hint) {
		t.Errorf("error %s with hint %q, want %s with %q", e.ID, e.Hint, id, hint)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not name %q", err, part)
		}
	}
	if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), ".tmp") {
		t.Errorf("error %q is not one line about the target", err)
	}
}

func TestCommitReplacesTheWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "devices.csv")
	mustWrite(t, path, "old", 0o644)
	f, err := atomicfile.Create(path, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("new", 50_000)
	if _, err := io.WriteString(f, want); err != nil {
		t.Fatal(err)
	}
	wantContent(t, path, "old")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Abort()
	wantContent(t, path, want)
	wantFiles(t, dir, "devices.csv")
	if _, err := f.Write([]byte("late")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Write after Commit: %v", err)
	}
	if err := f.Commit(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("second Commit: %v", err)
	}
}

func TestAbortKeepsTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "devices.csv")
	mustWrite(t, path, "old", 0o644)
	f, err := atomicfile.Create(path, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "new"); err != nil {
		t.Fatal(err)
	}
	f.Abort()
	f.Abort()
	wantContent(t, path, "old")
	wantFiles(t, dir, "devices.csv")
	if err := f.Commit(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Commit after Abort: %v", err)
	}
}

func TestFailedRenameLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "devices.csv")
	f, err := atomicfile.Create(path, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	wantError(t, f.Commit(), "FILE_NOT_WRITTEN", "", path)
	wantFiles(t, dir, "devices.csv")
}

func TestKilledProcessLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "devices.csv")
	mustWrite(t, path, "old", 0o644)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), killedTarget+"="+path)
	stdin, err := child.StdinPipe() // open until the child is gone
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || line != "written: <nil>\n" {
		t.Fatalf("the child says %q (%v)", line, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // "signal: killed"
	wantContent(t, path, "old")
	if err := atomicfile.WriteFile(path, []byte("next run"), 0o644); err != nil {
		t.Errorf("the left-over disturbs the next run: %v", err)
	}
	wantContent(t, path, "next run")
}

func TestPermissions(t *testing.T) {
	for _, tt := range []struct {
		name               string
		old, perm, created fs.FileMode
	}{
		{"kept when narrower than asked for", 0o600, 0o666, 0o600},
		{"kept beyond the umask", 0o664, 0o666, 0o664},
		{"narrowed for private content", 0o644, 0o600, 0o600},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f")
			mustWrite(t, path, "old", tt.old)
			wantMode(t, path, tt.perm, tt.created)
		})
	}
	t.Run("new file", func(t *testing.T) {
		wantMode(t, filepath.Join(t.TempDir(), "f"), 0o600, 0o600)
	})
}

func wantMode(t *testing.T, path string, perm, want fs.FileMode) {
	t.Helper()
	if err := atomicfile.WriteFile(path, []byte("new"), perm); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("mode %v, want %v", got, want)
	}
}

func TestLinksStay(t *testing.T) {
	for _, tt := range []struct {
		name, linked string
		exists       bool
	}{
		{"relative", "data/real.csv", true},
		{"dangling", "data/real.csv", false},
		{"link to a link", "data/again.csv", true},
		{"dangling link to a link", "data/again.csv", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
				t.Fatal(err)
			}
			file, link := filepath.Join(dir, "data", "real.csv"), filepath.Join(dir, "latest.csv")
			if tt.exists {
				mustWrite(t, file, "old", 0o644)
			}
			for from, to := range map[string]string{link: tt.linked, filepath.Join(dir, "data", "again.csv"): "real.csv"} {
				if err := os.Symlink(to, from); err != nil {
					t.Fatal(err)
				}
			}
			if err := atomicfile.WriteFile(link, []byte("new"), 0o644); err != nil {
				t.Fatal(err)
			}
			wantContent(t, file, "new")
			if to, err := os.Readlink(link); err != nil || to != tt.linked {
				t.Errorf("the link is now %q (%v)", to, err)
			}
			wantFiles(t, dir, "data", "latest.csv")
			wantFiles(t, filepath.Dir(file), "again.csv", "real.csv")
		})
	}
}

func TestBadTargets(t *testing.T) {
	dir := t.TempDir()
	mustWrite(t, filepath.Join(dir, "file"), "", 0o644)
	if err := os.Symlink("loop", filepath.Join(dir, "loop")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, path, id, hint, says string }{
		{"folder", dir, "FILE_IS_FOLDER", "file in it", "it is a folder"},
		{"folder to be", filepath.Join(dir, "new") + "/", "FILE_IS_FOLDER", "file in it", "it is a folder"},
		{"missing folder", filepath.Join(dir, "none", "f"), "FOLDER_NOT_EXIST", "create the folder", filepath.Join(dir, "none")},
		{"file as folder", filepath.Join(dir, "file", "f"), "FILE_NOT_WRITTEN", "", ""},
		{"loop of links", filepath.Join(dir, "loop"), "FILE_NOT_WRITTEN", "", ""},
		{"no name", "", "FILE_NAME_MISSING", "-", ""},
		{"device", os.DevNull, "FILE_NOT_REGULAR", "use -", "device"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := atomicfile.Create(tt.path, 0o644)
			if err == nil {
				f.Abort()
			}
			wantError(t, err, tt.id, tt.hint, tt.says, tt.path)
		})
	}
	wantFiles(t, dir, "file", "loop")
}

func TestLongNames(t *testing.T) {
	dir := t.TempDir()
	name := strings.Repeat("기", 83) + ".csv" // 253 bytes of at most 255
	if err := atomicfile.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, name)
}
