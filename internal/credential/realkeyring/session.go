// Package realkeyring starts D-Bus sessions of their own for tests, with a real
// GNOME Keyring, with one that hangs, or with none. Nothing of the user's own
// session or files is touched.
package realkeyring

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Kind says what answers in a session.
type Kind string

// The kinds of sessions.
const (
	Unlocked Kind = "an unlocked keyring"
	Locked   Kind = "a locked keyring" // with nobody to show a dialog to
	Hanging  Kind = "a keyring that never answers"
	Without  Kind = "a bus without a keyring"
	NoBus    Kind = "no bus at all"
)

// AddressVariable is the variable of the environment by which go-keyring finds
// a session.
const AddressVariable = "DBUS_SESSION_BUS_ADDRESS"

const (
	busDaemon     = "dbus-daemon"
	keyringDaemon = "gnome-keyring-daemon"
	secretService = "org.freedesktop.secrets"

	startLimit = 20 * time.Second
)

// Wanted is a variable of the environment. When it is "required", a machine
// without the programs fails the tests, as .ci/run has it.
const Wanted = "WORKSCTL_TEST_KEYRING"

// Missing says, in one line, which of the programs that the sessions need are
// not here; nil if none is missing.
func Missing() error {
	var missing []string
	for _, name := range []string{busDaemon, keyringDaemon} {
		if _, err := exec.LookPath(name); err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("there is no %s here (Debian: apt-get install dbus gnome-keyring)", strings.Join(missing, " and no "))
}

// Start starts a session, which ends with the test, and returns its address.
func Start(t *testing.T, kind Kind) (address string) {
	t.Helper()
	// Sockets have short names: t.TempDir has the name of the test in it.
	home, err := os.MkdirTemp("", "keyring")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	if kind == NoBus {
		return "unix:path=" + filepath.Join(home, "none")
	}
	address = startBus(t, home)
	switch kind {
	case Unlocked:
		startKeyring(t, home, address, true)
	case Locked:
		stop := startKeyring(t, home, address, true) // it makes the keyring
		stop()
		startKeyring(t, home, address, false)
	case Hanging:
		hang(t, address)
	}
	return address
}

// busConfig starts no services by itself: one of those that are installed is
// the keyring.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
`

func startBus(t *testing.T, home string) (address string) {
	t.Helper()
	config := filepath.Join(home, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, filepath.Join(home, "bus")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := start(t, nil, busDaemon, "--nofork", "--nopidfile", "--print-address", "--config-file="+config)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s tells no address: %v", busDaemon, err)
	}
	return strings.TrimSpace(line)
}

// untilEnd runs a program with the keyring's password as its input, until its
// own input ends: that is so even when the test is killed.
const untilEnd = `printf 'x\n' | "$@" & read -r end; kill $!; wait`

// start starts a program that ends with the test, or by stop.
func start(t *testing.T, env []string, program ...string) (out io.Reader, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	daemon := exec.CommandContext(ctx, "sh", append([]string{"-c", untilEnd, "sh"}, program...)...) //nolint:gosec // the daemons above
	daemon.Env = env
	in, err := daemon.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	daemon.Cancel = in.Close
	if out, err = daemon.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func() {
		cancel()
		_ = daemon.Wait()
	}
	t.Cleanup(stop)
	return out, stop
}

// startKeyring returns when the keyring answers on the bus.
func startKeyring(t *testing.T, home, address string, unlock bool) (stop func()) {
	t.Helper()
	program, err := exec.LookPath(keyringDaemon)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{program, "--foreground", "--components=secrets", "--control-directory=" + filepath.Join(home, "control")}
	if unlock {
		args = append(args, "--unlock")
	}
	_, stop = start(t, []string{
		AddressVariable + "=" + address,
		"HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home, "XDG_RUNTIME_DIR=" + home,
	}, args...)
	waitForService(t, address)
	return stop
}

func waitForService(t *testing.T, address string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startLimit)
	defer cancel()
	conn := connect(t, address)
	defer conn.Close()
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	err := conn.AddMatchSignalContext(ctx, dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretService))
	if err != nil {
		t.Fatal(err)
	}
	for {
		var there bool
		if err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secretService).Store(&there); err != nil {
			t.Fatal(err)
		}
		if there {
			return
		}
		select {
		case <-signals:
		case <-ctx.Done():
			t.Fatalf("%s is not on the bus after %s", keyringDaemon, startLimit)
		}
	}
}

// hang takes the place of a keyring and answers nothing.
func hang(t *testing.T, address string) {
	t.Helper()
	conn := connect(t, address)
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := conn.RequestName(secretService, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	conn.Eavesdrop(make(chan *dbus.Message)) // instead of the library, which answers by itself
}

func connect(t *testing.T, address string) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(address, dbus.WithContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}
