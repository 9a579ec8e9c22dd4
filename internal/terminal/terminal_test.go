package terminal_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
)

type vars map[string]string

func (v vars) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

func TestStreamsThatAreNoTerminal(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = null.Close() }()
	var out, talk bytes.Buffer
	for _, term := range []*terminal.Term{
		terminal.New(strings.NewReader(""), &out, &talk, vars{"COLUMNS": "80"}.lookup),
		terminal.New(null, null, null, vars{"COLUMNS": "80"}.lookup),
		terminal.New((*os.File)(nil), (*os.File)(nil), (*os.File)(nil), vars{}.lookup),
	} {
		if term.InTTY || term.OutTTY || term.ErrTTY || term.Width != 0 || term.ErrWidth != 0 || term.Interactive() {
			t.Errorf("taken for a terminal: in %v out %v err %v width %d", term.InTTY, term.OutTTY, term.ErrTTY, term.Width)
		}
	}
}

// Questions are asked on stderr and answered on stdin: where stdout goes does
// not matter.
func TestInteractive(t *testing.T) {
	for bits := range 16 {
		in, out, talk, noInput := bits&1 != 0, bits&2 != 0, bits&4 != 0, bits&8 != 0
		term := &terminal.Term{InTTY: in, OutTTY: out, ErrTTY: talk, NoInput: noInput}
		if got, want := term.Interactive(), in && talk && !noInput; got != want {
			t.Errorf("in %v out %v err %v --no-input %v: %v, want %v", in, out, talk, noInput, got, want)
		}
	}
}

func TestColor(t *testing.T) {
	tests := []struct {
		name string
		mode terminal.ColorMode
		env  vars
		// on a terminal, and off it
		on, off bool
	}{
		{"auto", terminal.ColorAuto, vars{}, true, false},
		{"always", terminal.ColorAlways, vars{"NO_COLOR": "1", "TERM": "dumb"}, true, true},
		{"never", terminal.ColorNever, vars{"CLICOLOR_FORCE": "1"}, false, false},
		{"NO_COLOR", terminal.ColorAuto, vars{"NO_COLOR": "1"}, false, false},
		{"empty NO_COLOR", terminal.ColorAuto, vars{"NO_COLOR": ""}, true, false},
		{"NO_COLOR before force", terminal.ColorAuto, vars{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, false, false},
		{"force", terminal.ColorAuto, vars{"CLICOLOR_FORCE": "1"}, true, true},
		{"force over dumb", terminal.ColorAuto, vars{"CLICOLOR_FORCE": "1", "TERM": "dumb"}, true, true},
		{"force 0", terminal.ColorAuto, vars{"CLICOLOR_FORCE": "0"}, true, false},
		{"dumb", terminal.ColorAuto, vars{"TERM": "dumb"}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// Each stream goes by itself: stdout is a terminal here, stderr is not.
			term := terminal.New(nil, nil, nil, tt.env.lookup)
			term.Color, term.OutTTY = tt.mode, true
			if got := (term.OutStyle().Dim("x") != "x"); got != tt.on {
				t.Errorf("on a terminal: %v", got)
			}
			if got := (term.ErrStyle().Dim("x") != "x"); got != tt.off {
				t.Errorf("off a terminal: %v", got)
			}
			term.OutTTY, term.ErrTTY = false, true
			if (term.OutStyle().Dim("x") != "x") != tt.off || (term.ErrStyle().Dim("x") != "x") != tt.on {
				t.Error("the streams depend on each other")
			}
		})
	}
}

func TestStyle(t *testing.T) {
	on := (&terminal.Term{Color: terminal.ColorAlways}).OutStyle()
	for want, got := range map[string]string{
		"\x1b[2mx\x1b[0m": on.Dim("x"), "\x1b[31mx\x1b[0m": on.Red("x"), "\x1b[33mx\x1b[0m": on.Yellow("x"),
		"": on.Dim(""), "plain": terminal.Style{}.Red("plain"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParseColor(t *testing.T) {
	for _, s := range []string{"auto", "always", "never"} {
		if got, err := terminal.ParseColor(s); err != nil || string(got) != s {
			t.Errorf("%s: %q, %v", s, got, err)
		}
	}
	if _, err := terminal.ParseColor("sometimes"); exit.CodeOf(err) != exit.Usage || !strings.Contains(err.Error(), "auto, always or never") {
		t.Errorf("error %v", err)
	}
}
