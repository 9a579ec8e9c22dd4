package credential

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
)

// longest is the longest name of a file, without its ending, that no file
// system refuses.
const longest = 120

// fileName returns a name of its own for each profile on every file system:
// some don't tell upper from lower case or two ways of writing a letter apart,
// and Windows keeps some names for devices. All but small ASCII letters, digits,
// '-', '_' and '.' is written as %xx for each byte; a long name ends in a hash.
func fileName(profile string) string {
	var b strings.Builder
	for i := range len(profile) {
		c := profile[i]
		plain := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' && i > 0
		if plain && (i > 0 || !isDevice(profile)) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	name := b.String()
	if len(name) > longest {
		sum := sha256.Sum256([]byte(profile))
		name = name[:longest/2] + "%-" + hex.EncodeToString(sum[:16]) // %- is in no short name
	}
	return name
}

// isDevice reports whether a name stands for a device on Windows, with any
// ending.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	if slices.Contains([]string{"con", "prn", "aux", "nul"}, base) {
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "com") || strings.HasPrefix(base, "lpt")) && base[3] >= '0' && base[3] <= '9'
}

// makeFolder makes a folder that is the user's only, also where others could
// enter an older one.
func makeFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return notWritten(folder, err)
	}
	info, err := os.Stat(folder)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = os.Chmod(folder, 0o700) //nolint:gosec // a folder has to be entered
	}
	if err != nil {
		return notWritten(folder, err)
	}
	return nil
}

func read(path string) (data []byte, err error) {
	f, err := os.Open(path) //nolint:gosec // the name is made by fileName
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err == nil && len(data) > maxFileSize {
		err = errors.New("larger than 1 MiB")
	}
	return data, err
}

func notWritten(path string, cause error) error {
	return exit.Failedf("FILE_NOT_WRITTEN", "", "writing %s: %s", path, reason(cause))
}

// reason leaves out the file's name, which [fs.PathError] repeats.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
