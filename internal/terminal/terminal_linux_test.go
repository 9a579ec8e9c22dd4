package terminal_test

import (
	"os"
	"testing"

	"github.com/worksctl/worksctl/internal/terminal"
)

// On Linux the controlling side of a pseudo terminal is a terminal too, one
// without a size.
func TestStreamsThatAreATerminal(t *testing.T) {
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Logf("left out: this machine gives no pseudo terminal: %v", err)
		return
	}
	defer func() { _ = tty.Close() }()
	term := terminal.New(tty, tty, tty, vars{"COLUMNS": "72"}.lookup)
	if !term.InTTY || !term.OutTTY || !term.ErrTTY || !term.Interactive() {
		t.Errorf("not taken for a terminal: in %v out %v err %v", term.InTTY, term.OutTTY, term.ErrTTY)
	}
	if term.Width != 72 || term.ErrWidth != 72 {
		t.Errorf("width %d and %d, want those of COLUMNS", term.Width, term.ErrWidth)
	}
	if term := terminal.New(tty, tty, tty, vars{"COLUMNS": "-1"}.lookup); term.Width != 0 {
		t.Errorf("width %d of a senseless COLUMNS", term.Width)
	}
}
