package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
)

func newCompletion() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a completion script for your shell",
		Long: `Prints the completion script of worksctl for a shell. Commands, flags and the
values of flags are completed; nothing is asked of any server for that.
The one for bash needs the package bash-completion.`,
		Example: `  # bash: then put ". ~/.worksctl.bash" into ~/.bashrc
  worksctl completion bash > ~/.worksctl.bash

  # zsh: then move the file into a folder of your $fpath
  worksctl completion zsh > _worksctl

  # fish
  mkdir -p ~/.config/fish/completions
  worksctl completion fish > ~/.config/fish/completions/worksctl.fish`,
		Args:      oneArg("shell"),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(c *cobra.Command, args []string) error {
			if err := refuseFlags(c, "output", "columns", "no-headers", "jq"); err != nil {
				return err
			}
			root, out := c.Root(), c.OutOrStdout()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(out)
			}
			return exit.Usagef("UNKNOWN_SHELL", "worksctl completion bash",
				"unknown shell %q: bash, zsh, fish and powershell are known", args[0])
		},
	}
}
