// Package atomicfile writes a file whole or not at all: into a temporary file
// in the same folder, flushed to disk, then renamed over the target. Whoever
// reads the target sees the old content or the new one, never a part, even
// after a crash or a power cut.
package atomicfile

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/worksctl/worksctl/internal/exit"
)

// bufferSize is what is gathered before a write reaches the system.
const bufferSize = 64 << 10

// File is a file being written. It is not for use from several goroutines.
type File struct {
	target string
	temp   *os.File
	buf    *bufio.Writer
	info   fs.FileInfo // of the temporary file, once it is prepared
	done   bool        // committed or aborted
}

// Create begins a new content for the file at path. Nothing is seen at path
// until [File.Commit]; call [File.Abort] when done, on every way out. A process
// that is killed leaves a temporary file named .worksctl-….tmp behind, and the
// target untouched.
//
// If path is a symbolic link, the file it points to is replaced and the link
// stays, also when that file doesn't exist yet. A new file gets perm, less the
// umask. A file that exists keeps its permissions as far as perm allows them
// too, so that neither a private file nor private content becomes readable for
// others. Owner and hard links of a replaced file are not kept.
//
// A folder, a device, a pipe, a file or folder that may not be written, and a
// folder that doesn't exist are errors of type [exit.Error] with code
// [exit.Failed].
func Create(path string, perm fs.FileMode) (*File, error) {
	target, info, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if info != nil {
		if err := checkWritable(target); err != nil {
			return nil, err
		}
		perm &= info.Mode().Perm()
	}
	temp, err := createTemp(target, perm)
	if err != nil {
		return nil, err
	}
	if info != nil { // the umask is for new files only
		if err := temp.Chmod(perm); err != nil {
			return nil, errors.Join(failed(path, err), temp.Close(), os.Remove(temp.Name()))
		}
	}
	return &File{target: target, temp: temp, buf: bufio.NewWriterSize(temp, bufferSize)}, nil
}

// WriteFile replaces the content of the file at path by data, as a whole. See
// [Create] for links, perm and errors.
func WriteFile(path string, data []byte, perm fs.FileMode) error {
	f, err := Create(path, perm)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// Path returns the file that Commit replaces: the path given to [Create] with
// symbolic links followed.
func (f *File) Path() string { return f.target }

// Write adds p to the new content. It is buffered: a full disk may be reported
// by a later Write or by Commit.
func (f *File) Write(p []byte) (int, error) {
	if f.done {
		return 0, failed(f.target, os.ErrClosed)
	}
	n, err := f.buf.Write(p)
	if err != nil {
		return n, failed(f.target, err)
	}
	return n, nil
}

// Prepare flushes the new content to disk, so that little can fail after it.
// When it fails, Commit fails too. It takes no more content.
func (f *File) Prepare() error {
	if f.done {
		return failed(f.target, os.ErrClosed)
	}
	if f.info != nil {
		return nil
	}
	err := f.buf.Flush()
	if err == nil {
		err = f.temp.Sync()
	}
	var info fs.FileInfo
	if err == nil {
		info, err = f.temp.Stat()
	}
	if err == nil {
		err = f.temp.Close()
	}
	if err != nil {
		f.Abort()
		return failed(f.target, err)
	}
	f.info = info
	return nil
}

// Current reports, after Commit, whether the target is still what was put in
// place, and not what somebody else wrote since.
func (f *File) Current() bool {
	now, err := os.Stat(f.target)
	return err == nil && f.info != nil && os.SameFile(f.info, now)
}

// Commit puts the new content in place. When it fails before that, the old
// file is untouched and the temporary file is removed. The one later failure
// is that of flushing the folder: then the new content is in place, whole, but
// may be lost in a power cut.
func (f *File) Commit() error {
	if err := f.Prepare(); err != nil {
		return err
	}
	defer f.Abort()
	if err := os.Rename(f.temp.Name(), f.target); err != nil {
		return failed(f.target, err)
	}
	f.done = true
	if err := SyncFolder(filepath.Dir(f.target)); err != nil {
		return failed(f.target, err)
	}
	return nil
}

// Abort drops the new content and leaves the old file as it was. It does
// nothing after Commit or a first Abort.
func (f *File) Abort() {
	if f.done {
		return
	}
	f.done = true
	_ = f.temp.Close() // closed already when Commit failed after it
	_ = os.Remove(f.temp.Name())
}

// SyncFolder makes a rename in a folder survive a power cut, where the system
// offers that: Windows doesn't, some network file systems refuse, and a folder
// may be writable but not readable.
func SyncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder) //nolint:gosec // the user names the file
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// failed words a failure of the file system. The path within cause is that of
// the temporary file, which means nothing to the user: only the reason stays.
func failed(path string, cause error) error {
	return &exit.Error{Exit: exit.Failed, ID: "FILE_NOT_WRITTEN", Message: "writing " + path, Err: reason(cause)}
}

func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
