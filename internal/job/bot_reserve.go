package job

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
)

// take reserves the member of items, and the devices, in one step. What stands
// against the member stands against all of them; what stands against a device,
// such as a notice of the console's kind, against that one.
func (s *botSender) take(ctx context.Context, items []journal.Item) ([]journal.Outcome, error) {
	var member []string
	for _, it := range items {
		member = append(member, MemberMarks(it.Device.User)...)
	}
	marks := botMarks(items)
	standing, err := s.r.Notices.Reserve(ctx, s.reservation(), marks)
	if err != nil {
		return nil, err
	}
	outcomes := make([]journal.Outcome, len(items))
	free := len(items)
	for i, it := range items {
		for _, mark := range append(slices.Clone(member), it.Device.DeviceID) {
			if n, stands := standing[mark]; stands {
				outcomes[i] = Notified(n)
				free--
				break
			}
		}
	}
	doubtful := slices.ContainsFunc(items, func(it journal.Item) bool { return it.Doubtful() })
	if free == 0 && !doubtful { // what was taken is not needed
		err = s.r.Notices.Release(ctx, s.reservation(), marks)
	}
	return outcomes, err
}

func (s *botSender) keep(ctx context.Context, items []journal.Item) error {
	return s.r.Notices.Confirm(ctx, s.reservation(), botMarks(items))
}

func (s *botSender) giveBack(ctx context.Context, items []journal.Item) error {
	return s.r.Notices.Release(ctx, s.reservation(), botMarks(items))
}

// botMarks are what the record of notices holds for items of one member.
func botMarks(items []journal.Item) []string {
	var marks []string
	for _, it := range items {
		marks = append(marks, MemberMarks(it.Device.User)...)
		if it.Device.DeviceID != "" {
			marks = append(marks, it.Device.DeviceID)
		}
	}
	slices.Sort(marks)
	return slices.Compact(marks)
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
