package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/output"
)

// completeFlag says how a flag's value is completed.
func completeFlag(c *cobra.Command, flag string, complete cobra.CompletionFunc) {
	// The error says that the flag doesn't exist or was completed twice: a
	// mistake in this package that every test of the tree would meet.
	if err := c.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err)
	}
}

// fixedValues completes a flag with its allowed or usual values.
func fixedValues(c *cobra.Command, flag string, values ...string) {
	completeFlag(c, flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// freeText completes flags with nothing: their values are no file names, which
// a shell would offer otherwise.
func freeText(c *cobra.Command, flags ...string) {
	for _, flag := range flags {
		completeFlag(c, flag, cobra.NoFileCompletions)
	}
}

// fileName completes a flag with file names.
func fileName(c *cobra.Command, flag string) {
	completeFlag(c, flag, cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault))
}

// completeColumns completes the last of several keys joined by commas.
func completeColumns(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndex(typed, ",")+1]
	var values []string
	for _, key := range output.Keys(fleet.Columns(fleet.View{})) {
		if !slices.Contains(strings.Split(before, ","), key) {
			values = append(values, before+key)
		}
	}
	return values, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeProfiles names the profiles of the config file. One that can't be
// read has none. The sandbox's needs no sign-in, so none is offered.
func (app *App) completeProfiles(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if c.CommandPath() != "worksctl auth login" {
		names = append(names, config.SandboxName)
	}
	if file, _, err := config.Load(app.LookupEnv); err == nil {
		names = append(names, file.Names()...)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
