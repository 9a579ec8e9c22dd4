package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/suggest"
)

// unknownCommand says that c has no command called name. The hint is the
// command probably meant: one spelled alike, or one of that name a level
// deeper ("worksctl list").
func unknownCommand(c *cobra.Command, name string) error {
	var known []string
	deeper := ""
	for _, child := range c.Commands() {
		if !child.IsAvailableCommand() {
			continue
		}
		known = append(known, child.Name())
		for _, grandchild := range child.Commands() {
			if grandchild.Name() == name && deeper == "" {
				deeper = grandchild.CommandPath()
			}
		}
	}
	hint := c.CommandPath() + " --help"
	if near := suggest.Nearest(name, known); deeper != "" {
		hint = deeper
	} else if near != "" {
		hint = c.CommandPath() + " " + near
	}
	return exit.Usagef("UNKNOWN_COMMAND", hint, "unknown command %q for %q", name, c.CommandPath())
}
