package job

import (
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
)

// senderFor returns what makes the requests of a job.
func (r *Runner) senderFor(j journal.Job) (sender, error) {
	if j.Bot != nil {
		return newBotSender(r, j)
	}
	switch j.Action {
	case fleet.Notify:
		return newNotifySender(r, j)
	case fleet.Wipe, fleet.Reset:
		return newCommandSender(r, j), nil
	case fleet.EnableMDM, fleet.DisableMDM:
		return newMDMSender(r, j), nil
	case SignOut, Suspend, Unsuspend:
		return newMemberSender(r, j), nil
	}
	return nil, exit.Failedf("UNKNOWN_ACTION", "", "job %s is of a kind that this version doesn't know: %q", j.ID, j.Action)
}
