package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/suggest"
)

// flagError turns the flag parser's errors into usage errors with a remedy.
func flagError(c *cobra.Command, err error) error {
	// A mistyped verb leaves its flags to the command above, which doesn't know
	// them: the verb is the mistake.
	if args := c.Flags().Args(); c.HasSubCommands() && len(args) > 0 {
		return unknownCommand(c, args[0])
	}
	help := c.CommandPath() + " --help"
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return unknownFlag(c, unknown)
	}
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		flag := bad.GetFlag()
		return exit.Usagef("BAD_FLAG", help, "--%s %q: %s", flag.Name, bad.GetValue(), wanted(flag, bad.Unwrap()))
	}
	if missing, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return exit.Usagef("VALUE_MISSING", help, "%s needs a value", flagName(missing.GetSpecifiedName()))
	}
	return exit.Usagef("BAD_FLAG", help, "%s", strings.TrimSuffix(err.Error(), "."))
}

func unknownFlag(c *cobra.Command, e *pflag.NotExistError) error {
	var known []string
	c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	name, hint := e.GetSpecifiedName(), c.CommandPath()+" --help"
	// "-limit 5" comes as the unknown shorthand l of the group "limit".
	typed, group := name, e.GetSpecifiedShortnames()
	if c.Flags().Lookup(group) != nil {
		typed = group
	}
	if near := suggest.Nearest(typed, known); near != "" && len(typed) > 1 {
		hint = "--" + near
	}
	return exit.Usagef("UNKNOWN_FLAG", hint, "unknown flag %s for %q", flagName(name), c.CommandPath())
}

// wanted says what a flag takes. Our own flag types say it themselves; the
// parser of Go's numbers speaks to programmers.
func wanted(flag *pflag.Flag, err error) string {
	switch flag.Value.Type() {
	case "int":
		return "must be a whole number"
	case "int32":
		return "must be a whole number up to 2147483647"
	case "uint64":
		return "must be a whole number, 0 or more"
	case "bool":
		return "must be true or false"
	}
	return err.Error()
}

func flagName(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}
