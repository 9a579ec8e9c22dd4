package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/job"
)

func newMembersSignOut(app *App) *cobra.Command {
	return app.memberCommand(&cobra.Command{
		Use:   "sign-out MEMBER",
		Short: "Sign a member out everywhere",
		Long: `Signs a member out on every device, phones and PCs alike: within 5 minutes each
connection is cut and its token ends. It needs no MDM, deletes nothing, and the
member can sign in again with the password: if that may be known, change it too.

MEMBER is a user id, a login e-mail or externalKey:KEY. Whether it has happened
can't be asked; where the answer is lost, signing out again does no harm.`,
		Example: `  worksctl members sign-out seoyeon.choi255@example.com --profile sandbox --dry-run
  worksctl members sign-out seoyeon.choi255@example.com --profile sandbox --reason "lost phone" --yes`,
	}, job.SignOut)
}
