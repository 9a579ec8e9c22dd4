package cmd_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/pkg/output"
)

// walk visits every command of the tree, help included.
func walk(t *testing.T, visit func(t *testing.T, c *cobra.Command)) {
	t.Helper()
	root := cmd.Tree()
	root.InitDefaultHelpCmd()
	var down func(*cobra.Command)
	down = func(c *cobra.Command) {
		t.Run(strings.ReplaceAll(c.CommandPath(), " ", "_"), func(t *testing.T) { visit(t, c) })
		for _, child := range c.Commands() {
			down(child)
		}
	}
	down(root)
}

func TestEveryCommandIsDescribed(t *testing.T) {
	walk(t, func(t *testing.T, c *cobra.Command) {
		for what, text := range map[string]string{"Short": c.Short, "Long": c.Long, "Example": c.Example} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("no %s", what)
			}
		}
		if strings.HasSuffix(c.Short, ".") || strings.Contains(c.Short, "\n") {
			t.Errorf("Short is one line without a full stop: %q", c.Short)
		}
		for line := range strings.Lines(c.Example) {
			if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "  ") {
				t.Errorf("the example line %q isn't indented", line)
			}
		}
		if !c.Runnable() {
			t.Error("does nothing")
		}
		if c.Args == nil && c.Name() != "help" {
			t.Error("takes any arguments without a check")
		}
	})
}

func TestEveryFlagIsDescribed(t *testing.T) {
	walk(t, func(t *testing.T, c *cobra.Command) {
		c.InitDefaultHelpFlag()
		shorthands := map[string]string{}
		check := func(f *pflag.Flag) {
			if strings.TrimSpace(f.Usage) == "" {
				t.Errorf("--%s has no usage text", f.Name)
			}
			if f.Shorthand == "" {
				return
			}
			if other, taken := shorthands[f.Shorthand]; taken && other != f.Name {
				t.Errorf("-%s is --%s and --%s", f.Shorthand, other, f.Name)
			}
			shorthands[f.Shorthand] = f.Name
		}
		c.LocalFlags().VisitAll(check)
		c.InheritedFlags().VisitAll(check)
	})
}

// TestEveryValueIsCompleted finds values that a shell would complete with file
// names for want of something better.
func TestEveryValueIsCompleted(t *testing.T) {
	walk(t, func(t *testing.T, c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if _, ok := c.GetFlagCompletionFunc(f.Name); !ok && f.NoOptDefVal == "" {
				t.Errorf("nothing says how the value of --%s is completed", f.Name)
			}
		})
		if !c.HasSubCommands() && c.ValidArgsFunction == nil && len(c.ValidArgs) == 0 {
			t.Error("nothing says how arguments are completed")
		}
	})
}

func TestHelpFitsEightyColumns(t *testing.T) {
	walk(t, func(t *testing.T, c *cobra.Command) {
		var help bytes.Buffer
		c.SetOut(&help)
		c.InitDefaultHelpFlag()
		if err := c.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(help.String()) {
			line = strings.TrimSuffix(line, "\n")
			// An example is one line to copy, however long its ids are.
			if output.DisplayWidth(line) > 80 && !strings.HasPrefix(line, "  worksctl ") {
				t.Errorf("%d columns: %s", output.DisplayWidth(line), line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("spaces at the end of %q", line)
			}
		}
	})
}

// TestDefaultsAreDocumented asks help to name what a flag is when it is left
// out, wherever that isn't simply "no".
func TestDefaultsAreDocumented(t *testing.T) {
	walk(t, func(t *testing.T, c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			switch f.Name {
			case "output", "limit", "format", "last-access":
				if !strings.Contains(f.Usage, "(default ") {
					t.Errorf("the help of --%s doesn't name its default: %s", f.Name, f.Usage)
				}
			}
		})
	})
}
