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
	help := c.CommandPath() + " --help"
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var known []string
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		if near := suggest.Nearest(unknown.GetSpecifiedName(), known); near != "" && len(unknown.GetSpecifiedName()) > 1 {
			help = "--" + near
		}
		return exit.Usagef("UNKNOWN_FLAG", help, "unknown flag %s for %q", flagName(unknown.GetSpecifiedName()), c.CommandPath())
	}
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return exit.Usagef("BAD_FLAG", help, "--%s %q: %v", bad.GetFlag().Name, bad.GetValue(), bad.Unwrap())
	}
	return exit.Usagef("BAD_FLAG", help, "%s", strings.TrimSuffix(err.Error(), "."))
}

func flagName(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}
