package job

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/pkg/api"
)

// notifySender sends update notices, one list of one domain a request (R10, R11).
type notifySender struct {
	r        *Runner
	job      journal.Job
	cooldown time.Duration
}

// newNotifySender takes a job without cooldown as one against which nothing
// stands.
func newNotifySender(r *Runner, job journal.Job) (*notifySender, error) {
	s := &notifySender{r: r, job: job}
	if job.Cooldown == "" {
		return s, nil
	}
	var err error
	if s.cooldown, err = time.ParseDuration(job.Cooldown); err != nil {
		return nil, fmt.Errorf("job %s: its cooldown can't be read: %w", job.ID, err)
	}
	return s, nil
}

func (s *notifySender) shape() (batch, parallel int) { return api.MaxNotify, 4 }

func (s *notifySender) group(d *api.Device) string { return fmt.Sprintf("%d %s", d.DomainID, d.Type) }

func (s *notifySender) operation() (method, template string) {
	return http.MethodPost, "/security/devices/update-notifications"
}

func (s *notifySender) send(ctx context.Context, items []journal.Item, key string) ([]journal.Outcome, error) {
	results, err := s.r.Client.Notifications.Send(ctx, api.Notification{
		DomainID: items[0].Device.DomainID, Type: items[0].Device.Type, DeviceIDs: idsOf(items),
	}, key)
	if e, ok := errors.AsType[*api.Error](err); ok && errors.Is(e, api.ErrInvalidParameter) {
		return nil, &refusedError{e}
	}
	if err != nil {
		return nil, err
	}
	said := make(map[string][]api.NotificationResult, len(results))
	for _, res := range results {
		said[res.DeviceID] = append(said[res.DeviceID], res)
	}
	outcomes, known := make([]journal.Outcome, len(items)), false
	for i, it := range items {
		outcomes[i] = noticeOutcome(said[it.Device.DeviceID])
		known = known || outcomes[i].Status != journal.Sending
	}
	if !known {
		return nil, &api.UnknownOutcomeError{
			Op: "send update notification", Key: key, Err: errors.New("the answer tells of none of the devices what became of them"),
		}
	}
	return outcomes, nil
}

// noticeOutcome is what the results that an answer names for a device mean.
func noticeOutcome(results []api.NotificationResult) journal.Outcome {
	if len(results) != 1 {
		return unknownOutcome(fmt.Sprintf("the answer names %d results for it", len(results)))
	}
	switch res := results[0]; res.Status {
	case api.NotificationSent:
		return journal.Outcome{Status: journal.Sent}
	case api.NotificationFailed:
		return journal.Outcome{Status: journal.Failed, Code: res.Code, Detail: res.Description}
	default:
		return unknownOutcome(fmt.Sprintf("the back end says %q", res.Status))
	}
}

func (s *notifySender) reservation() ledger.Reservation {
	return ledger.Reservation{Address: s.job.Tenant.Address, Job: s.job.ID, Now: s.r.Now(), Cooldown: s.cooldown}
}

// take reserves devices. A message of a bot to the member of one stands against
// it, and the other way round; a notice to another of the member's devices doesn't.
func (s *notifySender) take(ctx context.Context, items []journal.Item) ([]journal.Outcome, error) {
	r := s.reservation()
	r.Members = MembersOf(items)
	standing, err := s.r.Notices.Reserve(ctx, r, idsOf(items))
	if err != nil {
		return nil, err
	}
	outcomes := make([]journal.Outcome, len(items))
	for i, it := range items {
		if n, stands := standing[it.Device.DeviceID]; stands {
			outcomes[i] = Notified(n)
		}
	}
	return outcomes, nil
}

// MembersOf are the names under which the record of notices knows the members of
// devices, by device id.
func MembersOf(items []journal.Item) map[string][]string {
	members := map[string][]string{}
	for _, it := range items {
		if MemberFault(it.Device.User) == "" {
			members[it.Device.DeviceID] = MemberMarks(it.Device.User)
		}
	}
	return members
}

func (s *notifySender) keep(ctx context.Context, items []journal.Item) error {
	return s.r.Notices.Confirm(ctx, s.reservation(), idsOf(items))
}

func (s *notifySender) giveBack(ctx context.Context, items []journal.Item) error {
	return s.r.Notices.Release(ctx, s.reservation(), idsOf(items))
}

func idsOf(items []journal.Item) []string {
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.Device.DeviceID
	}
	return ids
}
