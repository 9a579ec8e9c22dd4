package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/job"
)

func newMembersSuspend(app *App) *cobra.Command {
	return app.memberCommand(&cobra.Command{
		Use:   "suspend MEMBER",
		Short: "Take all access of a member",
		Long: `Suspends a member: all access is taken until "members unsuspend", and nothing is
deleted. A member who is suspended already is skipped. The service suspends
active members only, and no super administrator.

MEMBER is a user id, a login e-mail or externalKey:KEY.`,
		Example: `  worksctl members suspend seoyeon.choi255@example.com --profile sandbox --dry-run
  worksctl members suspend seoyeon.choi255@example.com --profile sandbox --reason "lost phone" --yes`,
	}, job.Suspend)
}

func newMembersUnsuspend(app *App) *cobra.Command {
	return app.memberCommand(&cobra.Command{
		Use:   "unsuspend MEMBER",
		Short: "Give a suspended member access again",
		Long: `Ends the suspension of a member, who can then sign in as before. A member who is
not suspended is skipped.

MEMBER is a user id, a login e-mail or externalKey:KEY.`,
		Example: `  worksctl members unsuspend seoyeon.choi255@example.com --profile sandbox --dry-run`,
	}, job.Unsuspend)
}
