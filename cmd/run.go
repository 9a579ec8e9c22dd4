// Package cmd is the command tree of worksctl: one file per verb, each turning
// flags into a use case and its result into output.
package cmd

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
)

// Run executes one command line and returns the exit code. Whatever went
// wrong has then been said on env.Err.
func Run(ctx context.Context, env Env) exit.Code {
	app := newApp(env)
	root := NewRoot(app)
	root.SetArgs(env.Args)

	err := root.ExecuteContext(ctx)
	if closeErr := app.close(); err == nil {
		err = closeErr
	}
	app.Term.ClearProgress()
	if err == nil {
		return exit.OK
	}
	if terminal.IsBrokenPipe(err) {
		// The reader of our output has seen enough (`| head`): no talk, but no
		// success either, since not everything was written.
		return exit.Failed
	}
	if ctx.Err() != nil {
		err = interruption(ctx, err)
	}
	problem := explain(err)
	exit.Report(app.Term.Err, problem, wantsJSONErrors(app, env.Args))
	return problem.Exit
}

// interruption puts the signal's exit code on the error that it caused, and
// keeps what the command had to say about its unfinished work.
func interruption(ctx context.Context, err error) error {
	cause := exit.As(context.Cause(ctx))
	if cause == nil {
		return err
	}
	result := *cause
	if said := exit.As(err); said != nil && !errors.Is(said, cause) && said.ID == incompleteID {
		result.Message += ": " + said.Message
		result.Hint = said.Hint
	}
	return &result
}

// wantsJSONErrors looks at the raw arguments too, since an error in the
// command line comes before its flags are read.
func wantsJSONErrors(app *App, args []string) bool {
	if f := app.flags.output; f == "json" || f == "ndjson" {
		return true
	}
	return slices.ContainsFunc(args, func(a string) bool {
		return a == "-ojson" || a == "--output=json" || a == "-o=json"
	}) || strings.Contains(" "+strings.Join(args, " ")+" ", " -o json ")
}

// group makes a command that only holds others: alone it shows its help, and
// an unknown verb is an error with a suggestion.
func group(use, short, long, example string, children ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use:                        use,
		Short:                      short,
		Long:                       long,
		Example:                    example,
		Args:                       cobra.ArbitraryArgs,
		SuggestionsMinimumDistance: 2,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return c.Help()
		},
	}
	c.AddCommand(children...)
	return c
}

func unknownCommand(c *cobra.Command, name string) error {
	hint := c.CommandPath() + " --help"
	if near := c.SuggestionsFor(name); len(near) > 0 {
		hint = c.CommandPath() + " " + near[0]
	}
	return exit.Usagef("UNKNOWN_COMMAND", hint, "unknown command %q for %q", name, c.CommandPath())
}
