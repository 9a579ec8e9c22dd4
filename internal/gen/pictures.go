package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
)

// picture is a terminal session, drawn from what the commands really print.
type picture struct {
	name     string
	columns  int // of the terminal
	commands [][]string
}

func pictures(folder string, _ *cobra.Command) error {
	for _, p := range []picture{
		{"search", 116, [][]string{
			{"devices", "search", "Galaxy S24", "--profile", "sandbox", "--sort=-last-access", "--limit", "8"},
			{"devices", "search", "田中", "--profile", "sandbox", "--os", "android", "--sort=-last-access", "--limit", "4"},
			{"devices", "list", "--profile", "sandbox", "--outdated", "--count"},
		}},
	} {
		text, err := session(p)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(folder, p.name+".svg"), terminalSVG(text)); err != nil {
			return err
		}
	}
	return nil
}

// session runs the commands of a picture on a new sandbox, at a fixed time.
func session(p picture) (string, error) {
	state, err := os.MkdirTemp("", "worksctl-gen-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(state) }()
	seoul := time.FixedZone("KST", 9*60*60)
	now := time.Date(2026, time.November, 22, 9, 0, 0, 0, seoul)
	var text strings.Builder
	for _, args := range p.commands {
		var out, talk bytes.Buffer
		code := cmd.Run(context.Background(), cmd.Env{
			Args: append(args, "--color", "always"), In: strings.NewReader(""), Out: &out, Err: &talk,
			LookupEnv: func(name string) (string, bool) {
				if name == "HOME" {
					return state, true
				}
				return "", false
			},
			Now: func() time.Time { return now }, Location: seoul, Width: p.columns,
		})
		if code != exit.OK {
			return "", fmt.Errorf("worksctl %s: exit code %d: %s", strings.Join(args, " "), code, talk.String())
		}
		fmt.Fprintf(&text, "\x1b[32m$\x1b[0m \x1b[1mworksctl %s\x1b[0m\n%s%s\n", shell(args), out.String(), talk.String())
	}
	return text.String(), nil
}

// shell writes arguments as one would type them.
func shell(args []string) string {
	typed := make([]string, len(args))
	for i, a := range args {
		typed[i] = a
		if strings.Contains(a, " ") {
			typed[i] = `"` + a + `"`
		}
	}
	return strings.Join(typed, " ")
}
