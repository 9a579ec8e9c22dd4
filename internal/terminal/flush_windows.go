package terminal

import "golang.org/x/sys/windows"

// flush throws away what was typed at a console and not read yet.
func flush(fd uintptr) error { return windows.FlushConsoleInputBuffer(windows.Handle(fd)) }
