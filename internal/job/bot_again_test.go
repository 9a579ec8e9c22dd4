package job_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// A member is known by each name that the first file had, whichever of them a
// later one has.
func TestEitherNameHolds(t *testing.T) {
	m := newMailroom(t, 2, true)
	first := m.send([]api.Device{m.phone(0, 0), m.phone(1, 0)})
	byID, byMail := m.phone(0, 1), m.phone(1, 1)
	byID.User.Email, byMail.User.UserID = "", ""
	j := m.send([]api.Device{byID, byMail})
	for i := range 2 {
		wantStatus(t, j, i, journal.Skipped, "RECENTLY_NOTIFIED", first.Job().ID)
	}
	m.eachOnce(0, 1)
}

// A device that the message left out is all that tells of its member later. A
// resumed run knows it, too.
func TestADeviceLeftOutHoldsForItsMember(t *testing.T) {
	m := newMailroom(t, 3, true)
	byID, later := m.phone(0, 0), m.phone(0, 1)
	byID.User.Email, later.User.UserID, m.beside = "", "", later.DeviceID
	j := m.plan([]api.Device{byID})
	if err := m.runner("user.read").Run(t.Context(), j); err == nil {
		t.Fatal("sent without the scope")
	}
	j = m.again(j)
	if err := m.runner().Run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	m.beside = ""
	wantStatus(t, m.send([]api.Device{later}), 0, journal.Skipped, "RECENTLY_NOTIFIED", j.Job().ID)
	m.eachOnce(0)
}

// A resume settles those whom the service doesn't know, however many.
func TestManyUnknownMembers(t *testing.T) {
	m := newMailroom(t, 1, true)
	var unknown []api.Device
	for i := range 11 {
		unknown = append(unknown, api.Device{DeviceID: fmt.Sprint("d", i), User: api.User{Email: fmt.Sprintf("gone%d@example.com", i)}})
	}
	j := m.plan(unknown)
	e := exit.As(m.runner().Run(t.Context(), j))
	if e == nil || e.ID != "BOT_REFUSED" || !strings.Contains(e.Hint, "worksctl jobs resume "+j.Job().ID+" goes on past") {
		t.Errorf("%+v", e)
	}
	wantCounts(t, j, journal.Counts{journal.Planned: 11})
	j = m.again(j)
	if err := m.runner().Run(t.Context(), j); err != nil {
		t.Error(err)
	}
	wantCounts(t, j, journal.Counts{journal.Failed: 11})
}
