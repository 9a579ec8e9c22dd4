package cmd

import "github.com/spf13/cobra"

func newAuth(app *App) *cobra.Command {
	return group("auth",
		"Sign in and out, and see as whom you are signed in",
		`Signs in with a service account, or as yourself with a browser, and keeps what
that takes in the keyring of the operating system or in an encrypted file. A
profile says where and as whom; its secrets are never in the configuration
file.`,
		`  worksctl auth status --profile sandbox
  worksctl auth login --help`,
		newAuthLogin(app),
		newAuthStatus(app),
		newAuthLogout(app),
	)
}
