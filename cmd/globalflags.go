package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/output"
)

// composed is a name of a profile as the config file has it: a keyboard or a
// file manager may give the letters of the same name decomposed.
func composed(name string) string { return norm.NFC.String(name) }

// applyFlags checks the flags that every command has and hands them to the
// terminal. It opens nothing, since it also runs before help and completion.
func (app *App) applyFlags(c *cobra.Command) error {
	f := &app.flags
	if err := refuseEmptyFlags(c); err != nil {
		return err
	}
	if err := refuseRepeatedFlags(c); err != nil {
		return err
	}
	f.profile = composed(f.profile)
	mode, err := terminal.ParseColor(f.color)
	if err != nil {
		return err
	}
	if f.output != "" {
		if _, err := output.ParseFormat(f.output, output.Formats()); err != nil {
			return explainFormat("-o", err)
		}
	}
	app.Term.Color = mode
	app.Term.Quiet = f.quiet
	app.Term.NoInput = f.noInput
	return nil
}

// refuseEmptyFlags names the first flag that was given an empty text: that is
// a script's unset variable, and leaving a filter out would widen the list.
func refuseEmptyFlags(c *cobra.Command) error {
	var empty error
	c.Flags().Visit(func(f *pflag.Flag) {
		blank := f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == ""
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values := list.GetSlice()
			blank = len(values) == 0 || slices.ContainsFunc(values, func(v string) bool { return strings.TrimSpace(v) == "" })
		}
		if empty == nil && blank {
			empty = exit.Usagef("EMPTY_FLAG", "give --"+f.Name+" a value or leave it out", "--%s is empty", f.Name)
		}
	})
	return empty
}
