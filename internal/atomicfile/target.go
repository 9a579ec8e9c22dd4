package atomicfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/worksctl/worksctl/internal/exit"
)

// resolve follows symbolic links from path to the file to be replaced. info is
// nil if there is no such file yet.
func resolve(path string) (target string, info fs.FileInfo, err error) {
	if path == "" {
		return "", nil, exit.Usagef("FILE_NAME_MISSING", "name a file, or - for standard output", "writing a file: its name is empty")
	}
	info, err = os.Stat(path)
	switch {
	case err == nil && info.IsDir(), errors.Is(err, fs.ErrNotExist) && os.IsPathSeparator(path[len(path)-1]):
		return "", nil, exit.Failedf("FILE_IS_FOLDER", "name a file in it", "writing %s: it is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		return "", nil, exit.Failedf("FILE_NOT_REGULAR", "use - to write to standard output",
			"writing %s: it is a device, pipe or socket and can't be replaced as a whole", path)
	case err == nil:
		target, err = filepath.EvalSymlinks(path)
		if err != nil {
			return "", nil, failed(path, err)
		}
		return target, info, nil
	case errors.Is(err, fs.ErrNotExist):
		return danglingTarget(path), nil, nil
	default:
		return "", nil, failed(path, err)
	}
}

// danglingTarget follows a link to a file that doesn't exist yet. The links
// end: otherwise os.Stat would have reported a loop.
func danglingTarget(path string) string {
	for {
		next, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
}

// checkWritable refuses a file that is write-protected. A rename would get
// around the protection, since it asks only for rights on the folder.
func checkWritable(target string) error {
	f, err := os.OpenFile(target, os.O_WRONLY, 0) //nolint:gosec // the user names the file
	if errors.Is(err, fs.ErrPermission) {
		return &exit.Error{Exit: exit.Failed, ID: "FILE_NOT_WRITABLE", Hint: "name another file, or allow writing to it",
			Message: "writing " + target, Err: reason(err)}
	}
	if err != nil {
		return failed(target, err)
	}
	return f.Close()
}

// createTemp makes the temporary file beside target. Its name doesn't hold the
// target's, which may be as long as the system allows already.
func createTemp(target string, perm fs.FileMode) (*os.File, error) {
	folder := filepath.Dir(target)
	name := filepath.Join(folder, ".worksctl-"+rand.Text()+".tmp")
	temp, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm) //nolint:gosec // the user names the file
	switch {
	case err == nil:
		return temp, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, exit.Failedf("FOLDER_NOT_EXIST", "create the folder first", "writing %s: the folder %s does not exist", target, folder)
	default:
		return nil, &exit.Error{Exit: exit.Failed, ID: "FOLDER_NOT_WRITABLE", Hint: "name a file in another folder",
			Message: "writing " + target + ": no file can be made in the folder " + folder, Err: reason(err)}
	}
}
