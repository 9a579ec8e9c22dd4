package cmd

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/pkg/output"
)

// errorsAsJSON reports whether errors are printed as JSON: as the output is,
// by flag, environment or profile. It reads the arguments itself, since an
// error in the command line comes before all of its flags are read.
func (app *App) errorsAsJSON(root *cobra.Command, args []string) bool {
	format := output.Format(outputFlag(root, args))
	if format == "" {
		format = app.format
	}
	if format == "" {
		name, _ := app.LookupEnv(config.EnvOutput)
		format = output.Format(name)
	}
	return format == output.JSON || format == output.NDJSON
}

// outputFlag returns the last value of -o in args as the flag parser would
// read them: not behind "--", and not where it is the value of another flag.
// What the parser would refuse is taken for a flag without a value.
func outputFlag(root *cobra.Command, args []string) string {
	c, _, err := root.Find(args)
	if err != nil {
		c = root
	}
	c.InheritedFlags() // merges the parents' flags into c's
	value := ""
	for len(args) > 0 && args[0] != "--" {
		flag, text, attached := flagAt(c.Flags(), args[0])
		args = args[1:]
		if flag == nil || flag.NoOptDefVal != "" {
			continue
		}
		if !attached && len(args) > 0 {
			text, args = args[0], args[1:]
		}
		if flag.Name == "output" {
			value = text
		}
	}
	return value
}

// flagAt returns the flag in arg that takes a value, if there is one, and the
// value where it is part of arg.
func flagAt(flags *pflag.FlagSet, arg string) (flag *pflag.Flag, value string, attached bool) {
	if long, ok := strings.CutPrefix(arg, "--"); ok {
		name, value, attached := strings.Cut(long, "=")
		return flags.Lookup(name), value, attached
	}
	short, ok := strings.CutPrefix(arg, "-")
	if !ok {
		return nil, "", false
	}
	for i := range len(short) {
		f := flags.ShorthandLookup(short[i : i+1])
		if f == nil {
			return nil, "", false
		}
		if f.NoOptDefVal == "" {
			rest := short[i+1:]
			return f, strings.TrimPrefix(rest, "="), rest != ""
		}
	}
	return nil, "", false
}
