package terminal

import "golang.org/x/sys/unix"

// flush throws away what was typed at a terminal and not read yet, lines
// without their end too: tcflush(3).
func flush(fd uintptr) error { return unix.IoctlSetInt(int(fd), unix.TCFLSH, unix.TCIFLUSH) }
