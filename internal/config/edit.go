package config

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/worksctl/worksctl/internal/atomicfile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/filelock"
)

// lockLimit: an edit takes milliseconds, so who waits longer waits for a process
// that hangs.
const lockLimit = 5 * time.Second

// Edit changes the config file: it reads and checks it as [Load] does, has
// change work on it, and puts the result in place as a whole, readable for its
// owner only. What change doesn't concern stays as it is written: comments,
// order, empty lines, the way of writing. A file that doesn't exist yet is made,
// with its folder. Of two processes one waits for the other.
//
// The file stays untouched if it is damaged (exit code 2), if change fails, and
// if change changes nothing.
func Edit(lookup LookupEnv, change func(*Editor) error) error {
	path, err := Path(lookup)
	if err != nil {
		return err
	}
	// The file that is replaced is the one to lock, whatever link leads there.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	unlock, err := lockConfig(path)
	if err != nil {
		return err
	}
	defer unlock()
	old, _, err := read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return exit.Usagef("BAD_CONFIG", "", "config file %s: %s", path, reason(err))
	}
	if err := check(path, old); err != nil {
		return err
	}
	e := &Editor{path: path, text: string(old)}
	if err := change(e); err != nil {
		return err
	}
	if e.text == string(old) {
		return nil
	}
	return atomicfile.WriteFile(path, []byte(e.text), 0o600)
}

// lockConfig takes the lock file beside the config file. The config file can't
// be the lock itself, because every write replaces it.
func lockConfig(path string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, notLocked(path, err)
	}
	unlock, err = filelock.Take(context.Background(), path+".lock", lockLimit)
	switch {
	case errors.Is(err, filelock.ErrBusy):
		return nil, exit.Failedf("CONFIG_BUSY", "", "config file %s: another process has been changing it for %s: try again when that has ended", path, lockLimit)
	case err != nil:
		return nil, notLocked(path, err)
	}
	return unlock, nil
}

func notLocked(path string, cause error) error {
	return exit.Failedf("FILE_NOT_WRITTEN", "", "config file %s can't be changed: %s", path, reason(cause))
}

// Editor changes the text of a config file.
type Editor struct{ path, text string }

// File returns the file as the changes so far have made it.
func (e *Editor) File() (*File, error) { return parse(e.path, []byte(e.text)) }

// Put writes p: in place of the profile of that name, or as the last one. Where
// and as whom to sign in is replaced as a whole, so an empty field removes its
// key; an empty Output, no Columns, no BotID and a nil MaxWipesPerHour leave what
// stands there, since those are the user's own settings.
func (e *Editor) Put(p Profile) error {
	if err := CheckName(p.Name); err != nil {
		return err
	}
	return e.change(p.Name, func(_ *File, l *layout) {
		if item := l.profile(p.Name); item != nil {
			l.update(item, p.entries())
			return
		}
		l.appendProfile(p.entries())
	}, func(f *File) bool {
		got, ok := f.Profile(p.Name)
		want := p
		if p.Output == "" {
			want.Output = got.Output
		}
		if len(p.Columns) == 0 {
			want.Columns = got.Columns
		}
		if p.BotID == 0 {
			want.BotID = got.BotID
		}
		if p.MaxWipesPerHour == nil {
			want.MaxWipesPerHour = got.MaxWipesPerHour
		}
		if len(p.Scopes) == 0 {
			want.Scopes = nil
		}
		return ok && reflect.DeepEqual(got, want)
	})
}

// Use makes the profile of that name the current one. An unknown one is an
// error with exit code 3, the built-in sandbox one with exit code 2.
func (e *Editor) Use(name string) error {
	if name == SandboxName {
		return exit.Usagef("RESERVED_PROFILE", "worksctl --profile "+SandboxName+" devices list",
			"profile %s is never a default: name it with --profile each time", SandboxName)
	}
	if err := e.known(name); err != nil {
		return err
	}
	return e.change("", func(_ *File, l *layout) { l.setCurrent(name) }, func(f *File) bool { return f.Current == name })
}

// Remove removes the profile of that name, with the comments inside it, and
// reports whether it was the current one: then none is current any more. An
// unknown one is an error with exit code 3.
func (e *Editor) Remove(name string) (wasCurrent bool, err error) {
	if err := e.known(name); err != nil {
		return false, err
	}
	err = e.change(name, func(f *File, l *layout) {
		l.removeProfile(name)
		if wasCurrent = f.Current == name; wasCurrent {
			l.removeCurrent()
		}
	}, func(f *File) bool { return !slices.Contains(f.Names(), name) && f.Current != name })
	return wasCurrent, err
}

func (e *Editor) known(name string) error {
	f, err := e.File()
	if err != nil {
		return err
	}
	if slices.Contains(f.Names(), name) {
		return nil
	}
	known := f.Names()
	if len(known) == 0 {
		return exit.SignInf("UNKNOWN_PROFILE", "worksctl auth login", "no profile %q: there are none in %s yet", name, e.path)
	}
	return exit.SignInf("UNKNOWN_PROFILE", "", "no profile %q%s: known are %s", name, didYouMean(name, known), list(known))
}

// change has edit work on the layout, and takes the result only if the reader
// takes it, done is satisfied and every profile but the one concerned is what it
// was.
func (e *Editor) change(concerned string, edit func(*File, *layout), done func(*File) bool) error {
	before, err := e.File()
	if err != nil {
		return err
	}
	l, err := newLayout(e.path, e.text)
	if err != nil {
		return err
	}
	edit(before, l)
	text := l.String()
	after, err := parse(e.path, []byte(text))
	if err != nil {
		return err
	}
	if !done(after) || !sameOthers(before, after, concerned) {
		return tooIntricate(e.path)
	}
	e.text = text
	return nil
}

func sameOthers(before, after *File, concerned string) bool {
	others := func(f *File) []map[string]any {
		return slices.DeleteFunc(slices.Clone(f.profiles), func(p map[string]any) bool { return nameOf(p) == concerned })
	}
	equal := func(a, b map[string]any) bool { return reflect.DeepEqual(a, b) }
	return slices.EqualFunc(others(before), others(after), equal)
}

func tooIntricate(path string) error {
	return exit.Usagef("CONFIG_NOT_EDITABLE", "", "config file %s is written in a way that worksctl can't change without harm: change it by hand, or write its profiles as lines of `key: value`", path)
}
