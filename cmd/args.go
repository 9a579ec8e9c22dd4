package cmd

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/internal/exit"
)

// noArgs refuses every argument.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return exit.Usagef("TOO_MANY_ARGUMENTS", c.CommandPath()+" --help",
		"%q takes no argument, but was given %q", c.CommandPath(), args[0])
}

// oneArg asks for exactly one non-empty argument, called name.
func oneArg(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return exit.Usagef("MISSING_ARGUMENT", c.UseLine(), "%q needs a %s", c.CommandPath(), name)
		case len(args) > 1:
			return exit.Usagef("TOO_MANY_ARGUMENTS", c.UseLine(), "%q takes one %s, not %d", c.CommandPath(), name, len(args))
		case strings.TrimSpace(args[0]) == "":
			return exit.Usagef("EMPTY_ARGUMENT", c.UseLine(), "the %s is empty", name)
		}
		return nil
	}
}

// refuseEmptyFlags names the first flag that was given an empty text: that is
// a script's unset variable, and leaving the filter out would widen the list.
func refuseEmptyFlags(c *cobra.Command) error {
	var empty error
	c.Flags().Visit(func(f *pflag.Flag) {
		if empty == nil && f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == "" {
			empty = exit.Usagef("EMPTY_FLAG", "leave --"+f.Name+" out if you mean any", "--%s is empty", f.Name)
		}
	})
	return empty
}
