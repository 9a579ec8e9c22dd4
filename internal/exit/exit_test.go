package exit_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
)

func TestCodesAreThePromiseToScripts(t *testing.T) {
	promised := map[exit.Code]int{
		exit.OK: 0, exit.Failed: 1, exit.Usage: 2, exit.SignIn: 3, exit.Partial: 4,
		exit.Refused: 5, exit.Unknown: 6, exit.Interrupted: 130, exit.Terminated: 143,
	}
	for code, want := range promised {
		if int(code) != want {
			t.Errorf("code %d, promised %d", code, want)
		}
	}
	if len(promised) != 9 {
		t.Error("two codes share a value")
	}
}

func TestWorst(t *testing.T) {
	tests := []struct {
		name  string
		codes []exit.Code
		want  exit.Code
	}{
		{"none", nil, exit.OK},
		{"only success", []exit.Code{exit.OK, exit.OK}, exit.OK},
		{"failure beats success", []exit.Code{exit.OK, exit.Failed, exit.OK}, exit.Failed},
		{"first of the plain causes", []exit.Code{exit.OK, exit.SignIn, exit.Refused, exit.Failed}, exit.SignIn},
		{"partly done beats a cause", []exit.Code{exit.Refused, exit.Partial, exit.Failed}, exit.Partial},
		{"interrupted beats partly done", []exit.Code{exit.Partial, exit.Interrupted, exit.Failed}, exit.Interrupted},
		{"terminated beats partly done", []exit.Code{exit.Terminated, exit.Partial}, exit.Terminated},
		{"first signal", []exit.Code{exit.Terminated, exit.Interrupted}, exit.Terminated},
		{"unknown beats all", []exit.Code{exit.Interrupted, exit.Partial, exit.Unknown, exit.Terminated}, exit.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := exit.Worst(tt.codes...); got != tt.want {
				t.Errorf("Worst(%v) = %d, want %d", tt.codes, got, tt.want)
			}
		})
	}
}

func TestCodeOf(t *testing.T) {
	usage := exit.Usagef("X", "", "bad flag")
	tests := []struct {
		name string
		err  error
		want exit.Code
	}{
		{"nil", nil, exit.OK},
		{"plain", io.EOF, exit.Failed},
		{"own", usage, exit.Usage},
		{"wrapped", fmt.Errorf("reading: %w", usage), exit.Usage},
		{"outermost decides", &exit.Error{Exit: exit.Partial, Message: "some failed", Err: usage}, exit.Partial},
		{"joined", errors.Join(io.EOF, &exit.Error{Exit: exit.Unknown, Message: "?"}, usage), exit.Unknown},
		{"joined below a wrap", fmt.Errorf("run: %w", errors.Join(usage, io.EOF)), exit.Usage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := exit.CodeOf(tt.err); got != tt.want {
				t.Errorf("CodeOf = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestConstructorsSetTheirCode(t *testing.T) {
	for want, err := range map[exit.Code]*exit.Error{
		exit.Usage:   exit.Usagef("ID", "hint", "a %d", 1),
		exit.Failed:  exit.Failedf("ID", "hint", "a %d", 1),
		exit.SignIn:  exit.SignInf("ID", "hint", "a %d", 1),
		exit.Refused: exit.Refusedf("ID", "hint", "a %d", 1),
	} {
		if err.Exit != want || err.ID != "ID" || err.Hint != "hint" || err.Error() != "a 1" {
			t.Errorf("%+v, want code %d", err, want)
		}
	}
}

func TestErrorKeepsItsCause(t *testing.T) {
	err := &exit.Error{Exit: exit.Failed, Message: "reading the list", Err: io.ErrUnexpectedEOF}
	if got, want := err.Error(), "reading the list: unexpected EOF"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
	if got := exit.As(fmt.Errorf("above: %w", err)); got != err {
		t.Errorf("As found %v", got)
	}
	if got := exit.As(io.EOF); got != nil {
		t.Errorf("As found %v in a plain error", got)
	}
}
