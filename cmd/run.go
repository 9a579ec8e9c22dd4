// Package cmd is the command tree of worksctl: one file per verb, each turning
// flags into a use case and its result into output.
package cmd

import (
	"context"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/terminal"
)

// Run executes one command line and returns the exit code. Whatever went
// wrong has then been said on env.Err.
func Run(ctx context.Context, env Env) exit.Code {
	app := newApp(env)
	root := NewRoot(app)
	noteRepeatedFlags(root)
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
	problem := *explain(err)
	problem.Exit = exit.Worst(problem.Exit, exit.CodeOf(err)) // of several joined errors
	problem.Hint = app.typed(problem.Hint)
	exit.Report(app.Term.Talk(), &problem, app.errorsAsJSON(root, env.Args), app.Term.ErrStyle().Red)
	return problem.Exit
}

// typed makes the commands in a hint those that can be typed as they stand:
// against the profile that was named here.
func (app *App) typed(hint string) string {
	if app.flags.profile == "" || strings.Contains(hint, "--profile") {
		return hint
	}
	named := strings.ReplaceAll(hint, "worksctl ", "worksctl --profile "+fleet.ShellQuote(app.flags.profile)+" ")
	return regexp.MustCompile(`--profile \S+ (sandbox|version|completion|help)\b`).ReplaceAllString(named, "$1") // know no profile
}

// interruption puts the signal's exit code on the error that it caused. What
// knows how far it came has done so already (see unfinished), and an unknown
// outcome weighs more than a signal.
func interruption(ctx context.Context, err error) error {
	cause := exit.As(context.Cause(ctx))
	if said := exit.As(err); cause == nil || said != nil && exit.Worst(cause.Exit, said.Exit) == said.Exit {
		return err
	}
	return cause
}

// group makes a command that only holds others: alone it shows its help, and
// an unknown verb is an error with a suggestion.
func group(use, short, long, example string, children ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use:     use,
		Short:   short,
		Long:    long,
		Example: example,
		Args:    cobra.ArbitraryArgs,
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
