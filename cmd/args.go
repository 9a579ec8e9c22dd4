package cmd

import (
	"strings"

	"github.com/spf13/cobra"

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
			return exit.Usagef("MISSING_ARGUMENT", c.UseLine(), "%q needs %s", c.CommandPath(), article(name))
		case len(args) > 1:
			return exit.Usagef("TOO_MANY_ARGUMENTS", c.UseLine(), "%q takes one %s, not %d", c.CommandPath(), name, len(args))
		case strings.TrimSpace(args[0]) == "":
			return exit.Usagef("EMPTY_ARGUMENT", c.UseLine(), "the %s is empty", name)
		}
		return nil
	}
}

// refuseBeside names the first of the flags that was given beside flag, which
// leaves them nothing to do.
func refuseBeside(c *cobra.Command, flag string, names ...string) error {
	for _, name := range names {
		if c.Flags().Changed(name) {
			return exit.Usagef("CONTRADICTING_FLAGS", "leave one of the two out", "--%s means nothing beside --%s", name, flag)
		}
	}
	return nil
}

// refuseFlags names the first of the flags, which every command has, that was
// given to a command with no use for it. Silence would look like an answer.
func refuseFlags(c *cobra.Command, names ...string) error {
	for _, name := range names {
		if c.Flags().Changed(name) {
			return exit.Usagef("FLAG_NOT_HERE", "leave --"+name+" out", "--%s means nothing to %q", name, c.CommandPath())
		}
	}
	return nil
}

// article puts a or an before the name of an argument.
func article(name string) string {
	if strings.ContainsRune("AEIO", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
