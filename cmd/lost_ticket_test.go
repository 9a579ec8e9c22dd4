package cmd

import (
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
)

// What a ticket says of a step fits its state: a member whom somebody else has
// suspended meanwhile has no access.
func TestMemberMeaning(t *testing.T) {
	for _, tt := range []struct {
		action fleet.Action
		status journal.Status
		want   string
	}{
		{job.Suspend, journal.Skipped, "suspended already, not by this step: no access"},
		{job.Suspend, journal.Done, "no access until unsuspended"},
		{job.Suspend, journal.Failed, "it was NOT done"},
		{job.Suspend, journal.Refused, "it was NOT done"},
		{job.Suspend, journal.Unknown, "members show tells"},
		{job.SignOut, journal.Accepted, "within 5 minutes"},
		{job.SignOut, journal.Unknown, "does no harm"},
		{job.SignOut, journal.Failed, "it was NOT done"},
	} {
		if got := memberMeaning(tt.action, tt.status); !strings.Contains(got, tt.want) {
			t.Errorf("%s %s: %q, want %q", tt.action, tt.status, got, tt.want)
		}
	}
}
