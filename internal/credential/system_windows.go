package credential

import (
	"errors"
	"syscall"
)

func reachable() error { return nil }

// noLogonSession is ERROR_NO_SUCH_LOGON_SESSION: a service or a remote shell
// has no Credential Manager.
const noLogonSession = syscall.Errno(1312)

func systemKind(err error) error {
	if errors.Is(err, noLogonSession) {
		return ErrUnavailable
	}
	return nil
}
