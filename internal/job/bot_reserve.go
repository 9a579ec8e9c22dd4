package job

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
)

// take reserves the member of items, and the devices, in one step. What stands
// against any of them, also a notice of the console's kind against one device,
// stands against the member: nobody is told twice.
func (s *botSender) take(ctx context.Context, items []journal.Item) ([]journal.Outcome, error) {
	marks := botMarks(items)
	standing, err := s.r.Notices.Reserve(ctx, s.reservation(), marks)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(marks, func(mark string) bool { _, stands := standing[mark]; return stands })
	if at < 0 {
		return make([]journal.Outcome, len(items)), nil
	}
	doubtful := slices.ContainsFunc(items, func(it journal.Item) bool { return it.Doubtful() })
	if !doubtful { // what was taken is not needed
		if err := s.r.Notices.Release(ctx, s.reservation(), marks); err != nil {
			return nil, err
		}
	}
	return shared(Notified(standing[marks[at]]), items), s.ended()
}

// keep is called once the journal says that items were sent.
func (s *botSender) keep(ctx context.Context, items []journal.Item) error {
	return cmp.Or(s.r.Notices.Confirm(ctx, s.reservation(), botMarks(items)), s.ended())
}

// giveBack is called once the journal says that items were not sent.
func (s *botSender) giveBack(ctx context.Context, items []journal.Item) error {
	return cmp.Or(s.r.Notices.Release(ctx, s.reservation(), botMarks(items)), s.refusedNow(items))
}

// botMarks are what the record of notices holds for items of one member: also
// devices that the message leaves out may be all that names the member later.
func botMarks(items []journal.Item) []string {
	var marks []string
	for _, it := range items {
		marks = append(marks, MemberMarks(it.Device.User)...)
		marks = append(marks, it.Device.DeviceID)
		marks = append(marks, strings.Split(it.Beside, besideEnd)...)
	}
	slices.Sort(marks)
	return slices.DeleteFunc(slices.Compact(marks), func(mark string) bool { return mark == "" })
}

// besideEnd stands between the ids of [journal.Outcome.Beside]: no id has it.
const besideEnd = "\x00"

// SetBeside notes in the planned ones of a member's items which of devices, ids
// of all that the member has, they leave out.
func SetBeside(items []journal.Item, devices []string) {
	planned := func(it journal.Item) bool { return it.Status == journal.Planned }
	beside := slices.DeleteFunc(slices.Clone(devices), func(id string) bool {
		return slices.ContainsFunc(items, func(it journal.Item) bool { return planned(it) && it.Device.DeviceID == id })
	})
	for i := range items {
		if planned(items[i]) {
			items[i].Beside = strings.Join(beside, besideEnd)
		}
	}
}

// Notified is the outcome of an item against which an earlier notice stands.
func Notified(n ledger.Notice) journal.Outcome {
	o := journal.Outcome{Status: journal.Skipped, Code: "RECENTLY_NOTIFIED", Detail: "notified"}
	if !n.Sure {
		o.Code, o.Detail = "MAYBE_NOTIFIED", "perhaps notified"
	}
	o.Detail += fmt.Sprintf(" by job %s at %s", n.Job, n.Time.Format(time.RFC3339))
	return o
}

// proveFromFile says what is known of a notice about a device that stands in a
// file only.
func proveFromFile(it *journal.Item) Evidence {
	e := Evidence{Evidence: Unknown, Time: rfc3339(it.Time), Detail: "sent; the device is known from a file only, so nothing here tells whether it was updated: a new file does"}
	switch it.Status {
	case journal.Sending, journal.Planned:
		e.Detail = "nobody knows whether it was sent; the device is known from a file only, so nothing here tells"
	case journal.Skipped:
		e.Detail = "not sent: " + because(it.Code, it.Detail)
	}
	return e
}
