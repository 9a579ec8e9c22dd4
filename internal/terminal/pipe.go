package terminal

import (
	"errors"
	"io/fs"
	"runtime"
	"syscall"
)

// IsBrokenPipe reports whether err says that the reader of stdout has gone
// (`worksctl devices list | head`). The run then ends at once and in silence.
// A broken connection of the network or a broken --out pipe is not meant.
//
// On Unix it is seldom needed: a write to a broken stdout ends a Go program by
// SIGPIPE (141 in a shell) unless it handles that signal, which worksctl does
// not. The error is seen where the parent process left SIGPIPE ignored, as
// systemd does for its services, and on Windows.
func IsBrokenPipe(err error) bool {
	write, ok := errors.AsType[*fs.PathError](err)
	if !ok || write.Path != stdoutName {
		return false
	}
	errno, ok := errors.AsType[syscall.Errno](write.Err)
	if runtime.GOOS == "windows" {
		return ok && (errno == windowsBrokenPipe || errno == windowsNoData)
	}
	return ok && errno == syscall.EPIPE
}

// stdoutName is what package os calls the process's stdout, on every system.
const stdoutName = "/dev/stdout"

// The two errors of WriteFile to a pipe without a reader; the numbers mean
// something else on other systems.
const (
	windowsBrokenPipe syscall.Errno = 109 // ERROR_BROKEN_PIPE
	windowsNoData     syscall.Errno = 232 // ERROR_NO_DATA
)
