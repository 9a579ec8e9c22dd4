package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/spf13/viper"

	"github.com/worksctl/worksctl/internal/exit"
)

// maxFileSize is far above any real config file. It keeps a wrong
// WORKSCTL_CONFIG (a log, a device) from filling the memory.
const maxFileSize = 1 << 20

// File is a config file that was read and checked.
type File struct {
	Path    string // empty where the user's config folder can't be told
	Current string // the profile in force where none is named, or empty

	profiles []map[string]any // as written, keys checked
	noPath   error            // why Path is empty
}

// Load reads the config file. A missing one is an empty one, unless
// WORKSCTL_CONFIG names it. The texts returned are warnings for the user. An
// error has exit code 2 and names file, line and remedy.
func Load(lookup LookupEnv) (*File, []string, error) {
	env := environment{lookup}
	path, err := Path(lookup)
	if err != nil {
		return &File{noPath: err}, nil, nil //nolint:nilerr // only a profile needs it: Resolve says so then
	}
	data, warnings, err := read(path)
	if errors.Is(err, fs.ErrNotExist) && env.get(EnvConfig) == "" {
		return &File{Path: path}, nil, nil
	}
	if err != nil {
		hint := ""
		if env.get(EnvConfig) != "" {
			hint = "correct " + EnvConfig + " or unset it"
		}
		return nil, nil, exit.Usagef("BAD_CONFIG", hint, "config file %s: %s", path, reason(err))
	}
	f, err := parse(path, data)
	return f, warnings, err
}

// Names returns the names of the profiles in the file's order, without the
// built-in sandbox.
func (f *File) Names() []string {
	names := make([]string, 0, len(f.profiles))
	for _, p := range f.profiles {
		names = append(names, nameOf(p))
	}
	return names
}

func nameOf(profile map[string]any) string {
	name, _ := profile["name"].(string)
	return name
}

func (f *File) profile(name string) (map[string]any, bool) {
	for _, p := range f.profiles {
		if nameOf(p) == name {
			return p, true
		}
	}
	return nil, false
}

func parse(path string, data []byte) (*File, error) {
	if err := check(path, data); err != nil {
		return nil, err
	}
	// viper lower-cases the keys of maps, which is why profiles are a list: their
	// names are values, and stay as they are.
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
		return nil, exit.Usagef("BAD_CONFIG", "", "config file %s: %s", path, oneLine(err))
	}
	f := &File{Path: path, Current: v.GetString("current")}
	profiles, _ := v.Get("profiles").([]any)
	for _, p := range profiles {
		if values, ok := p.(map[string]any); ok {
			f.profiles = append(f.profiles, values)
		}
	}
	return f, nil
}

func read(path string) (data []byte, warnings []string, err error) {
	file, err := os.Open(path) //nolint:gosec // the user names it
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		return nil, nil, errors.New("is a folder")
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		warnings = append(warnings, fmt.Sprintf("config file %s is open to other users (mode %04o): chmod 600 %s", path, info.Mode().Perm(), path))
	}
	data, err = io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err == nil && len(data) > maxFileSize {
		err = errors.New("larger than 1 MiB")
	}
	return data, warnings, err
}

// reason leaves out the file's name, which [fs.PathError] repeats.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
