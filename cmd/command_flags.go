package cmd

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/output"
)

// commandOptions are the flags of wipe and reset, the two commands that a back
// end passes on to a phone.
type commandOptions struct {
	action      fleet.Action
	from        string
	file        fileFlags
	fileOptions devicefile.Options // what file says
	reason      string
	max         int
	wait        bool
	waitTimeout duration
	dryRun      bool
}

// newCommand gives c the flags and the work of wipe and reset.
func (app *App) newCommand(action fleet.Action, c *cobra.Command) *cobra.Command {
	o := &commandOptions{action: action}
	c.Args = cobra.ArbitraryArgs
	c.ValidArgsFunction = cobra.NoFileCompletions
	c.RunE = func(c *cobra.Command, args []string) error { return app.command(c, o, args) }
	f := c.Flags()
	f.StringVar(&o.from, "from", "", "the devices of this file, by their ids; - is standard input")
	o.file.add(c)
	f.StringVar(&o.reason, "reason", "", "why, for the record of the back end")
	f.IntVar(&o.max, "max", 1, "allow so many devices at once")
	addWait(c, &o.wait, &o.waitTimeout)
	addDryRun(c, &o.dryRun)
	fileName(c, "from")
	freeText(c, "reason", "max")
	return c
}

// addWait gives c the flags of a command that can follow what it asked for.
func addWait(c *cobra.Command, wait *bool, limit *duration) {
	*limit = duration(10 * time.Minute)
	c.Flags().BoolVar(wait, "wait", false, "wait until the phone has carried it out")
	c.Flags().Var(limit, "wait-timeout", "stop waiting after this time")
	fixedValues(c, "wait-timeout", "10m", "1h", "1d")
}

// checkWait refuses a limit of a wait that isn't asked for.
func checkWait(c *cobra.Command, wait bool) error {
	if c.Flags().Changed("wait-timeout") && !wait {
		return exit.Usagef("CONTRADICTING_FLAGS", "add --wait", "--wait-timeout means nothing without --wait")
	}
	return nil
}

// check judges the flags before anything is read.
func (o *commandOptions) check(app *App, c *cobra.Command, args []string) error {
	switch {
	case len(args) == 0 && o.from == "":
		return exit.Usagef("MISSING_ARGUMENT", c.UseLine(), "%q needs a DEVICE or --from FILE", c.CommandPath())
	case len(args) > 0 && o.from != "":
		return exit.Usagef("CONTRADICTING_FLAGS", "leave one of the two out", "--from means nothing beside a DEVICE")
	case slices.Contains(args, stdinName):
		return exit.Usagef("STDIN_AS_DEVICE", "read ids from standard input with --from -", "- is no DEVICE of %q", c.CommandPath())
	case slices.ContainsFunc(args, blank):
		return exit.Usagef("EMPTY_DEVICE", "name a device by its id", "a DEVICE is empty")
	case o.max < 1:
		return exit.Usagef("BAD_MAX", "leave --max out for one device", "--max %d: must be 1 or more", o.max)
	case c.Flags().Changed("reason") && blank(o.reason):
		return exit.Usagef("EMPTY_REASON", `for example --reason "lost, ticket 4711"`, "--reason is empty")
	case o.reason == "" && !o.dryRun && !app.Term.Interactive():
		return exit.Usagef("MISSING_REASON", `for example --reason "lost, ticket 4711"`, "%q needs a --reason", c.CommandPath())
	}
	var err error
	if o.fileOptions, err = o.file.options(app, c, o.from, ""); err != nil {
		return err
	}
	if err := checkText("reason", o.reason); err != nil {
		return err
	}
	if err := checkWait(c, o.wait); err != nil {
		return err
	}
	return o.checkMax(len(args))
}

// checkText refuses a text for the record that its readers couldn't read.
func checkText(flag, text string) error {
	if output.Clean(text) == text {
		return nil
	}
	return exit.Usagef("BAD_TEXT", "write it in one line of UTF-8, without control characters", "--%s %q: has control characters, or is not UTF-8", flag, text)
}

// checkMax holds the number of devices against --max.
func (o *commandOptions) checkMax(n int) error {
	if n <= o.max {
		return nil
	}
	return exit.Refusedf("OVER_MAX", fmt.Sprintf("--max %d allows it", n),
		"%s named, and --max allows %d: nothing was sent", countOf(n), o.max)
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// distinct leaves out what was named before.
func distinct(names []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		again := seen[name]
		seen[name] = true
		return again
	})
}
