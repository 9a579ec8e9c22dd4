package credential

import (
	"errors"
	"io/fs"
	"os/exec"
)

func reachable() error { return nil }

// systemKind knows the exit codes of security(1), which are the last byte of
// Apple's result codes.
func systemKind(err error) error {
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		switch e.ExitCode() {
		case 36, 51, 128: // interaction not allowed, authorization failed, canceled by the user
			return ErrLocked
		case 37, 50: // no default keychain, no such keychain
			return ErrUnavailable
		}
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, exec.ErrNotFound) {
		return ErrUnavailable
	}
	return nil
}
