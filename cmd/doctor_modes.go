package cmd

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// readByOthers says that other users of the machine can read or change a file
// that holds a secret, or nothing. The group may read it: that is how a secret
// is handed to a service.
func readByOthers(path string) string {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || !info.Mode().IsRegular() || info.Mode().Perm()&0o027 == 0 {
		return ""
	}
	return fmt.Sprintf("%s is open to other users (mode %04o)", path, info.Mode().Perm())
}

// openToOthers names what of a state folder other users of the machine could
// read or change: the folder itself, and what is below those with credentials
// and tokens. worksctl makes them with mode 0700 and 0600.
func openToOthers(state string) (warnings []string) {
	if runtime.GOOS == "windows" { // its modes tell nothing of other users
		return nil
	}
	look := func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what isn't there or can't be read is no finding of this check
		}
		if info, err := d.Info(); err == nil && info.Mode().Type()&^fs.ModeDir == 0 && info.Mode().Perm()&0o077 != 0 {
			warnings = append(warnings, fmt.Sprintf("%s is open to other users (mode %04o)", path, info.Mode().Perm()))
		}
		return nil
	}
	if info, err := os.Stat(state); err == nil {
		_ = look(state, fs.FileInfoToDirEntry(info), nil)
	}
	for _, name := range []string{"credentials", "tokens"} {
		_ = filepath.WalkDir(filepath.Join(state, name), look)
	}
	return warnings
}
