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
values of flags are completed; nothing is asked of any server for that.`,
		Example: `  # bash, for this session
  source <(worksctl completion bash)

  # zsh, for good
  worksctl completion zsh > "${fpath[1]}/_worksctl"

  # fish
  worksctl completion fish > ~/.config/fish/completions/worksctl.fish`,
		Args:      oneArg("shell"),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(c *cobra.Command, args []string) error {
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
