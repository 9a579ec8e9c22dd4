package job_test

import (
	"maps"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestUnsettled(t *testing.T) {
	l := newLab(t)
	p := l.phones(false)
	var ids []string
	for i := range p {
		ids = append(ids, p[i].DeviceID)
	}
	tenant := l.begin(notice(), &p[0]).Job().Tenant // no wipe
	check := func(after time.Duration, want map[string]string) {
		t.Helper()
		got, err := job.Unsettled(t.Context(), l.store, tenant, ids, l.now().Add(after))
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("after %s: unsettled are %v, %v, want %v", after, got, err, want)
		}
	}
	check(0, map[string]string{})

	j := l.begin(wipe(), &p[0], &p[1], &p[2], &p[3])
	if err := j.Sending([]int{0}, api.NewIdempotencyKey(), l.now()); err != nil {
		t.Fatal(err)
	}
	l.notified(j, journal.Accepted, 1)
	l.notified(j, journal.Failed, 2)
	k := l.begin(reset(), &p[4])
	l.begin(journal.Job{Action: fleet.DisableMDM}, &p[5])
	wiping, resetting := j.Job().ID, k.Job().ID
	all := map[string]string{p[0].DeviceID: wiping, p[3].DeviceID: wiping, p[4].DeviceID: resetting}
	check(0, all)
	check(48*time.Hour, all) // held

	for _, held := range []journal.Journal{j, k} {
		if err := held.Close(); err != nil {
			t.Fatal(err)
		}
	}
	check(23*time.Hour, all)
	check(25*time.Hour, map[string]string{p[0].DeviceID: wiping}) // nobody resumes the rest
	ids = ids[1:]
	check(25*time.Hour, map[string]string{})
	ids, tenant.Address = []string{p[0].DeviceID}, "https://other.example.com"
	check(0, map[string]string{})
}
