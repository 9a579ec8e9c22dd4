//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package terminal

import "golang.org/x/sys/unix"

// fread is FREAD of sys/fcntl.h: what was typed, not what is to be shown.
const fread = 1

// flush throws away what was typed at a terminal and not read yet, lines
// without their end too: tcflush(3).
func flush(fd uintptr) error { return unix.IoctlSetPointerInt(int(fd), unix.TIOCFLUSH, fread) }
