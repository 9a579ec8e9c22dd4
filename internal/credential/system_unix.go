//go:build linux || freebsd || netbsd || openbsd || dragonfly

package credential

import (
	"errors"
	"strings"

	"github.com/godbus/dbus/v5"
)

// noBus is that there is no session bus to ask for a Secret Service.
type noBus struct{ cause error }

func (e *noBus) Error() string { return "no D-Bus session: " + e.cause.Error() }
func (e *noBus) Unwrap() error { return e.cause }

// reachable keeps go-keyring from starting a session bus where there is none:
// under cron each run would leave one behind.
func reachable() error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return &noBus{err}
	}
	_ = conn.Close()
	return nil
}

// systemKind tells the failures of a Secret Service apart.
func systemKind(err error) error {
	if _, ok := errors.AsType[*noBus](err); ok {
		return ErrUnavailable
	}
	if e, ok := errors.AsType[dbus.Error](err); ok {
		switch name := e.Name; {
		case name == "org.freedesktop.DBus.Error.ServiceUnknown", name == "org.freedesktop.DBus.Error.NameHasNoOwner",
			name == "org.freedesktop.Secret.Error.NoSuchObject", // no keyring was ever made
			strings.HasPrefix(name, "org.freedesktop.DBus.Error.Spawn."):
			return ErrUnavailable
		case name == "org.freedesktop.Secret.Error.IsLocked":
			return ErrLocked
		case name == "org.freedesktop.DBus.Error.NoReply", name == "org.freedesktop.DBus.Error.Timeout":
			return ErrNoAnswer
		}
		return nil
	}
	// go-keyring's own words when a dialog was dismissed, or could not be shown.
	if strings.HasPrefix(err.Error(), "failed to unlock correct collection") {
		return ErrLocked
	}
	return nil
}
